#pragma once

#include "auth/actor.h"
#include "domain/knowledge/snippet.h"
#include "store/store.h"

namespace propolis::knowledge {

// Errors: field errors on key (form, taken).
Result<Snippet> AddSnippet(store::WriteTx& tx, const auth::Actor& actor, const NewSnippet& request);
Result<Snippet> ChangeSnippet(store::WriteTx& tx, const auth::Actor& actor, SnippetId id, const SnippetChange& change,
                              std::optional<std::int64_t> if_version);
Status DeleteSnippet(store::WriteTx& tx, const auth::Actor& actor, SnippetId id);

// All, by key.
Result<std::vector<Snippet>> Snippets(store::ReadTx& tx, const auth::Actor& actor);

}  // namespace propolis::knowledge
