// /models: the trained classifiers of triage.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/triage/accuracy.h"
#include "domain/triage/model_commands.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddModels(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/models",
           .id = "listModels",
           .tag = "triage",
           .summary = "Trained classifiers, by target, the newest first",
           .access = Permission::kTriageRead},
          [](Call& call) -> Result<std::vector<triage::ModelView>> {
            return call.Read([&](store::ReadTx& tx) { return triage::ListModels(tx, call.actor); });
          });
  api.Add({.method = Method::kGet,
           .path = "/models/accuracy",
           .id = "getClassificationAccuracy",
           .tag = "triage",
           .summary = "How good the classification was, week by week and label by label",
           .access = Permission::kTriageRead,
           .pool = net::Pool::kSlow},
          [](Call& call, const triage::AccuracyFilter& filter) -> Result<triage::Accuracy> {
            return call.Read(
                [&](store::ReadTx& tx) { return triage::ComputeAccuracy(tx, call.actor, filter, call.Now()); });
          });
  api.Add(
      {.method = Method::kPost,
       .path = "/models",
       .id = "trainModel",
       .tag = "triage",
       .summary = "Train a classifier from the tickets that people classified",
       .access = Permission::kTriageWrite,
       .status = 201,
       .doc = "Takes seconds. The new version is in force when there was none, or when it is not worse than the one "
              "in force on the rows that are kept apart from every training.",
       .replayable = false,
       .pool = net::Pool::kSlow,
       .example = R"({"target":"kind"})"},
      [](Call& call, const triage::TrainModel& body) -> Result<triage::ModelView> {
        return triage::TrainFromTickets(call.desk.store, call.actor, body.target);
      });
  api.Add({.method = Method::kPost,
           .path = "/models/{id}/activation",
           .id = "activateModel",
           .tag = "triage",
           .summary = "Put a version in force",
           .access = Permission::kTriageWrite,
           .replayable = false,
           .example = R"({"threshold":0.6})"},
          [](Call& call, const triage::ActivateModel& body) -> Result<triage::ModelView> {
            const auto id = TRY(call.PathId<triage::ModelId>("id"));
            return call.Write([&](store::WriteTx& tx) { return triage::Activate(tx, call.actor, id, body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/models/{id}",
           .id = "dropModel",
           .tag = "triage",
           .summary = "Forget a version; without the one in force the rules decide alone",
           .access = Permission::kTriageWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<triage::ModelId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(triage::DropModel(tx, call.actor, id));
              return NoContent{};
            });
          });
}

}  // namespace propolis::api
