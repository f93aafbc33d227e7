// /technologies: the tree that tickets, skills and organisations point into; /portal/technologies for customers.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/people/technology_commands.h"
#include "domain/people/technology_queries.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddTechnologies(Api& api) {
  const auto list = [](Call& call) -> Result<std::vector<people::Technology>> {
    return call.Read([&](store::ReadTx& tx) { return people::Technologies(tx, call.actor); });
  };
  api.Add({.method = Method::kGet,
           .path = "/technologies",
           .id = "listTechnologies",
           .tag = "technologies",
           .summary = "The whole tree, by path",
           .access = Permission::kTechnologyRead},
          list);
  api.Add({.method = Method::kGet,
           .path = "/portal/technologies",
           .id = "listPortalTechnologies",
           .tag = "portal",
           .summary = "The technologies that a request can be about",
           .access = Permission::kPortalUse},
          list);
  api.Add({.method = Method::kPost,
           .path = "/technologies",
           .id = "addTechnology",
           .tag = "technologies",
           .summary = "Add a domain, vendor or product",
           .access = Permission::kTechnologyWrite,
           .status = 201},
          [](Call& call, const people::NewTechnology& body) -> Result<people::Technology> {
            return call.Write([&](store::WriteTx& tx) { return people::AddTechnology(tx, call.actor, body); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/technologies/{id}",
           .id = "changeTechnology",
           .tag = "technologies",
           .summary = "Rename a technology or change its keywords",
           .access = Permission::kTechnologyWrite,
           .versioned = true},
          [](Call& call, const people::TechnologyChange& body) -> Result<people::Technology> {
            const auto id = TRY(call.PathId<TechnologyId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return people::ChangeTechnology(tx, call.actor, id, body, version); });
          });
}

}  // namespace propolis::api
