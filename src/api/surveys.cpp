// Surveys: public, by a signed link.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/survey/survey.h"

namespace propolis::api {

using net::Method;

void AddSurveys(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/surveys/{token}",
           .id = "getSurvey",
           .tag = "surveys",
           .summary = "Read a survey",
           .access = Open::kAnyone},
          [](Call& call) -> Result<survey::View> {
            return call.Read([&](store::ReadTx& tx) { return survey::Look(tx, call.Path("token")); });
          });
  api.Add(
      {.method = Method::kPost,
       .path = "/surveys/{token}",
       .id = "answerSurvey",
       .tag = "surveys",
       .summary = "Answer a survey, or change the answer",
       .access = Open::kAnyone},
      [](Call& call, const survey::Answer& answer) -> Result<survey::View> {
        return call.desk.store.Write([&](store::WriteTx& tx) { return survey::Take(tx, call.Path("token"), answer); });
      });
}

}  // namespace propolis::api
