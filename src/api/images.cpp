// The images inside mails, as the console and the portal show them with the message.
#include "api/evidence.h"
#include "api/resource.h"
#include "api/resources.h"
#include "base/number.h"
#include "blob/blob_store.h"
#include "channels/mail/inline_image.h"
#include "domain/evidence/evidence.h"
#include "domain/portal/portal.h"
#include "domain/ticket/queries.h"
#include "domain/ticket/ticket.h"

namespace propolis::api {
namespace {

using auth::Permission;

constexpr std::int64_t kLargestMail = 64LL << 20;

Error NotFound() { return {Code::kNotFound, "error.not_found", {}, {}}; }

// The blob of the raw mail that a message came as. Error: kNotFound also for what the actor may not see.
Result<std::string> RawMailOf(Call& call) {
  return call.Read([&](store::ReadTx& tx) -> Result<std::string> {
    const bool customer = call.actor.Is(auth::ActorKind::kCustomer);
    const std::int64_t number =
        TRY(customer ? portal::Find(tx, call.actor, call.Path("id")) : ticket::Resolve(tx, call.Path("id")));
    const auto seq = text::ParseNumber<std::int64_t>(call.Path("seq"));
    if (!seq || *seq < 1) {
      return std::unexpected(NotFound());
    }
    const auto entries = ticket::Entries(tx, number, {.after = *seq - 1, .before = {}, .limit = 1});
    if (entries.empty() || entries[0].seq != *seq || (customer && entries[0].visibility != Visibility::kPublic)) {
      return std::unexpected(NotFound());
    }
    const auto data = json::Document::Parse(entries[0].data);
    const auto raw = data ? data->Root().Find("raw_sha256") : std::nullopt;
    return raw && raw->AsString() ? Result<std::string>(std::string(*raw->AsString())) : std::unexpected(NotFound());
  });
}

}  // namespace

void AddImages(Api& api) {
  api.Add({.method = net::Method::kGet,
           .path = "/tickets/{id}/entries/{seq}/images/{image}",
           .id = "getInlineImage",
           .tag = "tickets",
           .summary = "An image inside a mail's HTML",
           .access = Permission::kTicketRead,
           .doc = "As `body_html` of the entry names it.",
           .customers = true,
           .media_type = "*/*",
           .pool = net::Pool::kSlow},
          [](Call& call) -> Result<net::Response> {
            const std::string blob = TRY(RawMailOf(call));
            const std::string raw = TRY(call.desk.blobs.Read(blob, kLargestMail));
            auto image = mail::FindInlineImage(raw, call.Path("image"));
            const std::string type = image ? evidence::SniffMediaType(image->substr(0, 4096)) : "";
            if (!type.starts_with("image/")) {
              return std::unexpected(NotFound());
            }
            net::Response response;
            response.body = *std::move(image);
            Sandbox(response);
            response.With("Content-Type", type)
                .With("Content-Disposition", "inline")
                .With("Cache-Control", "private, max-age=86400, immutable");
            return response;
          });
}

}  // namespace propolis::api
