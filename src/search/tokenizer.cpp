#include "search/tokenizer.h"

#include <sqlite3.h>

#include "search/forms.h"
#include "store/sqlite/connect_hook.h"
#include "store/store.h"

namespace propolis::search {
namespace {

using Emit = int (*)(void* context, int flags, const char* token, int size, int begin, int end);

int Create(void*, const char**, int, Fts5Tokenizer** out) {
  static int nothing = 0;  // the tokenizer has no state
  *out = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}

void Delete(Fts5Tokenizer*) {}

int Tokenize(Fts5Tokenizer*, void* context, int flags, const char* bytes, int size, Emit emit) {
  const std::string_view all(bytes, static_cast<std::size_t>(size));
  const MarkedText marked = ReadMarker(all);
  const std::size_t offset = all.size() - marked.text.size();
  for (const text::Word& word : text::Words(marked.text)) {
    const std::string_view surface = marked.text.substr(word.begin, word.end - word.begin);
    const bool prefix = (flags & FTS5_TOKENIZE_PREFIX) != 0;
    const bool query = (flags & FTS5_TOKENIZE_QUERY) != 0;
    const auto forms = prefix  ? std::vector<std::string>{FoldedForm(surface)}
                       : query ? QueryForms(surface)
                               : DocumentForms(surface, marked.language);
    int colocated = 0;
    for (const std::string& form : forms) {
      const int rc = emit(context, colocated, form.data(), static_cast<int>(form.size()),
                          static_cast<int>(word.begin + offset), static_cast<int>(word.end + offset));
      if (rc != SQLITE_OK) {
        return rc;
      }
      colocated = FTS5_TOKEN_COLOCATED;
    }
  }
  return SQLITE_OK;
}

// BM25 without the rarity of words, which would visit every match of the desk: how often and in how short a text the
// words stand, a title counting three times. The window of newest matches is bounded by the caller.
void Rank(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* context, int, sqlite3_value**) {
  constexpr double kSaturation = 1.2;
  constexpr double kLengthShare = 0.75;
  constexpr double kUsualLength = 80;
  constexpr double kTitleWeight = 3;
  int hits = 0;
  int words = 0;
  std::vector<double> frequency(static_cast<std::size_t>(api->xPhraseCount(fts)), 0.0);
  if (api->xInstCount(fts, &hits) != SQLITE_OK || api->xColumnSize(fts, -1, &words) != SQLITE_OK) {
    sqlite3_result_double(context, 0);
    return;
  }
  for (int i = 0; i < hits; ++i) {
    int phrase = 0;
    int column = 0;
    int position = 0;
    if (api->xInst(fts, i, &phrase, &column, &position) == SQLITE_OK) {
      frequency[static_cast<std::size_t>(phrase)] += column == 0 ? kTitleWeight : 1.0;
    }
  }
  double score = 0;
  const double length = 1.0 - kLengthShare + kLengthShare * static_cast<double>(words) / kUsualLength;
  for (const double f : frequency) {
    score += f * (kSaturation + 1) / (f + kSaturation * length);
  }
  sqlite3_result_double(context, score);
}

fts5_api* ApiOf(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

void Register(sqlite3* database) {
  fts5_api* api = ApiOf(database);
  fts5_tokenizer tokenizer = {Create, Delete, Tokenize};
  if (api == nullptr || api->xCreateTokenizer(api, "propolis", nullptr, &tokenizer, nullptr) != SQLITE_OK ||
      api->xCreateFunction(api, "propolis_rank", nullptr, Rank, nullptr) != SQLITE_OK) {
    throw store::EngineFailure("the full-text tokenizer cannot be registered");
  }
}

const bool kRegistered = [] {
  store::sqlite::OnConnect(Register);
  return true;
}();

}  // namespace

void LinkTokenizer() { static_cast<void>(kRegistered); }

}  // namespace propolis::search
