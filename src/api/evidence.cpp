#include "api/evidence.h"

#include <fstream>

#include "api/resources.h"
#include "blob/blob_store.h"
#include "domain/ticket/ticket.h"
#include "net/multipart.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

constexpr std::size_t kSample = 4096;     // bytes by which a file's type is told
constexpr std::size_t kLongestName = 60;  // of a form's field, as a problem names it

std::string FirstBytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kSample, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// The form's fields beside the file. Error: kInvalid naming the field.
Status ReadFields(const net::Form& form, evidence::NewEvidence& fresh) {
  for (const auto& [name, value] : form.fields.items()) {
    if (name == "source" || name == "note") {
      const bool source = name == "source";
      const std::size_t most = source ? evidence::kMostSource : evidence::kMostNote;
      std::string text = text::Clean(value);
      if (text::Length(text) > most) {
        return FailField(name, "field.too_long", {{"max", std::to_string(most)}});
      }
      (source ? fresh.source : fresh.note) = std::move(text);
    } else if (name == "public") {
      if (value != "true" && value != "false") {
        return FailField(name, "field.not_boolean");
      }
      fresh.visibility = value == "true" ? Visibility::kPublic : Visibility::kInternal;
    } else {
      return FailField(std::string(text::Prefix(name, kLongestName)),
                       name == "file" ? "field.required" : "field.unknown");
    }
  }
  return {};
}

// Before anything is read from disk: may she add evidence to this ticket at all?
Status CheckMayAdd(Call& call, std::int64_t number) {
  const auto checked = call.Read([&](store::ReadTx& tx) -> Result<bool> {
    const auto ticket = ticket::Load(tx, number);
    TRY(auth::Require(call.actor, Permission::kEvidenceAdd,
                      {.organisation = ticket ? ticket->organisation : call.actor.organisation}));
    return ticket ? Result<bool>(true) : Fail(Code::kNotFound, "error.not_found");
  });
  return checked ? Status() : std::unexpected(checked.error());
}

}  // namespace

Result<evidence::Evidence> TakeEvidence(Call& call, std::int64_t number) {
  TRY(CheckMayAdd(call, number));
  net::FormLimits limits;
  limits.multipart.part_bytes = kLargestEvidence;
  limits.multipart.total_bytes = kLargestEvidenceForm;
  const std::filesystem::path folder = std::filesystem::path(call.desk.data_folder) / "tmp";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  net::Form form = TRY(net::ReadForm(call.request, limits, folder));
  if (form.files.size() != 1 || form.files[0].head.name != "file") {
    return FailField("file", "field.required");
  }
  net::SpooledFile& file = *form.files[0].file;
  evidence::NewEvidence fresh;
  TRY(ReadFields(form, fresh));
  fresh.filename = form.files[0].head.filename.value_or("");
  fresh.media_type = evidence::SniffMediaType(FirstBytes(file.path()));
  const blob::Stored stored = TRY(call.desk.blobs.TakeFile(file.path().string()));
  fresh.sha256 = stored.sha256;
  fresh.size = static_cast<std::int64_t>(stored.size);
  return call.Write([&](store::WriteTx& tx) { return evidence::Add(tx, call.actor, number, fresh); });
}

Result<net::Response> SendEvidence(Call& call, EvidenceId id) {
  const auto found = TRY(call.Read([&](store::ReadTx& tx) { return evidence::Get(tx, call.actor, id); }));
  const auto path = call.desk.blobs.CheckedPath(found.sha256);
  TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Result<bool> {
    TRY(evidence::NoteExport(tx, call.actor, id, path.has_value()));
    return true;
  }));
  if (!path) {
    return std::unexpected(path.error());
  }
  auto response = TRY(net::Response::File(*path, found.media_type));
  Sandbox(response);
  response.With("Content-Disposition", evidence::Disposition(found.filename))
      .With("Cache-Control", "private, no-store")
      .With("Digest", "sha-256=" + found.sha256);
  return response;
}

void Sandbox(net::Response& response) {
  response.With("X-Content-Type-Options", "nosniff")
      .With("Content-Security-Policy", "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
}

void AddEvidence(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/evidence",
           .id = "addEvidence",
           .tag = "evidence",
           .summary = "Add a file",
           .access = Permission::kEvidenceAdd,
           .status = 201,
           .doc = "multipart/form-data with the parts file, source, note and public (true or false).",
           .multipart = true,
           .pool = net::Pool::kSlow,
           .max_body = kLargestEvidenceForm},
          [](Call& call) -> Result<evidence::Evidence> {
            const auto number = TRY(call.Read([&](store::ReadTx& tx) { return ticket::Resolve(tx, call.Path("id")); }));
            return TakeEvidence(call, number);
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/evidence",
           .id = "listEvidence",
           .tag = "evidence",
           .summary = "Files of a ticket",
           .access = Permission::kEvidenceRead},
          [](Call& call) -> Result<std::vector<evidence::Evidence>> {
            return call.Read([&](store::ReadTx& tx) -> Result<std::vector<evidence::Evidence>> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              const auto ticket = ticket::Load(tx, number);
              TRY(auth::Require(call.actor, Permission::kEvidenceRead,
                                {.organisation = ticket ? ticket->organisation : std::nullopt}));
              return evidence::Of(tx, call.actor, number);
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/evidence/{id}",
           .id = "getEvidence",
           .tag = "evidence",
           .summary = "A file's fingerprint and history",
           .access = Permission::kEvidenceRead,
           .customers = true},
          [](Call& call) -> Result<evidence::Evidence> {
            const auto id = TRY(call.PathId<EvidenceId>("id"));
            auto found = TRY(call.Read([&](store::ReadTx& tx) { return evidence::Get(tx, call.actor, id); }));
            found.intact = call.desk.blobs.CheckedPath(found.sha256).has_value();
            return found;
          });
  api.Add({.method = Method::kGet,
           .path = "/evidence/{id}/content",
           .id = "downloadEvidence",
           .tag = "evidence",
           .summary = "The file itself, verified on the way out",
           .access = Permission::kEvidenceRead,
           .customers = true,
           .media_type = "*/*",
           .pool = net::Pool::kSlow},
          [](Call& call) -> Result<net::Response> {
            const auto id = TRY(call.PathId<EvidenceId>("id"));
            return SendEvidence(call, id);
          });
}

}  // namespace propolis::api
