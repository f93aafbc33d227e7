// The desk about itself.
#include "api/resource.h"
#include "api/resources.h"

namespace propolis::api {
namespace {

struct About {
  std::string name = "Propolis";
  std::string version;
  std::string desk_name;
  std::string mail_address;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<About>("About", "The desk about itself.")
                                      .Required("name", &About::name, "The program.")
                                      .Required("version", &About::version, "Its version.")
                                      .Required("desk_name", &About::desk_name, "The desk's name, for people.")
                                      .Required("mail_address", &About::mail_address, "Where customers write to.")
                                      .Done();
    return type;
  }
};

}  // namespace

void AddAbout(Api& api) {
  api.Add({.method = net::Method::kGet,
           .path = "/about",
           .id = "about",
           .tag = "desk",
           .summary = "Name, version and address of the desk",
           .access = Open::kAnyone},
          [](Call& call) -> Result<About> {
            return About{"Propolis", PROPOLIS_VERSION, call.desk.desk_name, call.desk.mail_address};
          });
  api.Add({.method = net::Method::kGet,
           .path = "/openapi.json",
           .id = "openapi",
           .tag = "desk",
           .summary = "This document",
           .access = Open::kAnyone,
           .media_type = "application/json"},
          [](Call&) -> Result<net::Response> {
            static const auto document = std::make_shared<const std::string>(OpenApiOfProgram());
            net::Response response = net::Response::Json(200, "");
            response.shared_body = document;
            return response;
          });
}

}  // namespace propolis::api
