#include "domain/knowledge/snippet_commands.h"

#include <algorithm>

#include "auth/record.h"
#include "domain/stored.h"

namespace propolis::knowledge {
namespace {

using auth::Permission;

constexpr std::string_view kSnippets = "SELECT id, version, key, body FROM snippet ORDER BY key";
constexpr std::string_view kSnippet = "SELECT id, version, key, body FROM snippet WHERE id = $1";
constexpr std::string_view kSnippetByKey = "SELECT id FROM snippet WHERE key = $1";
constexpr std::string_view kInsert = "INSERT INTO snippet (id, version, key, body) VALUES ($1, 1, $2, $3)";
constexpr std::string_view kUpdate = "UPDATE snippet SET version = $2, key = $3, body = $4 WHERE id = $1";
constexpr std::string_view kDelete = "DELETE FROM snippet WHERE id = $1";

// What the body column holds.
struct Body {
  SnippetText title;
  SnippetText body;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Body>("SnippetBody", "")
                                      .Required("title", &Body::title, "")
                                      .Required("body", &Body::body, "")
                                      .Done();
    return type;
  }
};

Snippet ToSnippet(const store::Row& row) {
  auto body = stored::FromJson<Body>(row.Text(3));
  return {.id = row.Id<SnippetId>(0),
          .key = row.String(2),
          .title = std::move(body.title),
          .body = std::move(body.body),
          .version = row.Int(1)};
}

Status CheckKey(store::ReadTx& tx, const std::string& key, std::optional<SnippetId> self) {
  const bool plain =
      std::ranges::all_of(key, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!plain) {
    return FailField("key", "snippet.key_form");
  }
  const auto taken = tx.One(kSnippetByKey, [](const store::Row& row) { return row.Id<SnippetId>(0); }, key);
  if (taken && taken != self) {
    return FailField("key", "field.taken");
  }
  return {};
}

}  // namespace

Result<Snippet> AddSnippet(store::WriteTx& tx, const auth::Actor& actor, const NewSnippet& request) {
  TRY(auth::Require(actor, Permission::kSnippetWrite));
  TRY(CheckKey(tx, request.key, std::nullopt));
  const auto id = SnippetId::New(tx.Now());
  tx.Exec(kInsert, id, request.key, stored::ToJson(Body{request.title, request.body}));
  auth::Record(tx, actor, "snippet.create", request.key);
  tx.Emit({.kind = "snippet.changed", .organisation = std::nullopt});
  return Snippet{.id = id, .key = request.key, .title = request.title, .body = request.body, .version = 1};
}

Result<Snippet> ChangeSnippet(store::WriteTx& tx, const auth::Actor& actor, SnippetId id, const SnippetChange& change,
                              std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kSnippetWrite));
  auto snippet = tx.One(kSnippet, ToSnippet, id);
  if (!snippet) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  snippet->version = TRY(stored::NextVersion(snippet->version, if_version));
  snippet->key = change.key.value_or(snippet->key);
  snippet->title = change.title.value_or(snippet->title);
  snippet->body = change.body.value_or(snippet->body);
  TRY(CheckKey(tx, snippet->key, id));
  tx.Exec(kUpdate, id, snippet->version, snippet->key, stored::ToJson(Body{snippet->title, snippet->body}));
  auth::Record(tx, actor, "snippet.update", snippet->key);
  tx.Emit({.kind = "snippet.changed", .organisation = std::nullopt});
  return *std::move(snippet);
}

Status DeleteSnippet(store::WriteTx& tx, const auth::Actor& actor, SnippetId id) {
  TRY(auth::Require(actor, Permission::kSnippetWrite));
  const auto snippet = tx.One(kSnippet, ToSnippet, id);
  if (!snippet) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  tx.Exec(kDelete, id);
  auth::Record(tx, actor, "snippet.delete", snippet->key);
  tx.Emit({.kind = "snippet.changed", .organisation = std::nullopt});
  return {};
}

Result<std::vector<Snippet>> Snippets(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kSnippetRead));
  return tx.All(kSnippets, ToSnippet);
}

}  // namespace propolis::knowledge
