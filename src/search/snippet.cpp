#include "search/snippet.h"

#include "base/text.h"
#include "search/forms.h"

namespace propolis::search {
namespace {

constexpr std::size_t kMostRead = 32 * 1024;  // bytes of a text that are looked at
constexpr std::size_t kLead = 6;              // words before the first hit

void Append(std::string& out, std::string_view text) {
  bool blank = false;
  for (const char c : text) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (is_blank) {
      out += blank ? "" : " ";
    } else {
      out += EscapeHtml({&c, 1});
    }
    blank = is_blank;
  }
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Marker::Marker(const Query& query) {
  for (const AnyOf& any : query.all) {
    for (const Term& term : any.terms) {
      for (std::size_t i = 0; i < term.words.size(); ++i) {
        if (term.prefix && i + 1 == term.words.size()) {
          prefixes_.push_back(FoldedForm(term.words[i]));
        } else {
          std::ranges::move(QueryForms(term.words[i]), std::back_inserter(forms_));
        }
      }
    }
  }
  std::ranges::sort(forms_);
}

// Stemming costs more than all the rest, and texts repeat their words: each is looked at once a search.
bool Marker::Hits(std::string_view word) {
  const auto [known, fresh] = known_.try_emplace(std::string(word), false);
  if (fresh) {
    known->second = IsWanted(word);
  }
  return known->second;
}

bool Marker::IsWanted(std::string_view word) const {
  const auto forms = QueryForms(word);
  return std::ranges::any_of(forms,
                             [&](const std::string& form) { return std::ranges::binary_search(forms_, form); }) ||
         std::ranges::any_of(prefixes_, [&](const std::string& prefix) { return forms.front().starts_with(prefix); });
}

std::string Marker::Snippet(std::string_view text, std::size_t words) {
  const std::string_view read = text.substr(0, kMostRead);
  const auto all = text::Words(read);
  std::vector<bool> hit(all.size(), false);
  std::size_t in_window = 0;
  std::size_t best = 0;
  std::size_t best_hits = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    hit[i] = Hits(read.substr(all[i].begin, all[i].end - all[i].begin));
    in_window += hit[i] ? 1U : 0U;
    if (i >= words && hit[i - words]) {
      --in_window;
    }
    if (in_window > best_hits) {
      best_hits = in_window;
      best = i + 1 >= words ? i + 1 - words : 0;
    }
  }
  std::size_t first = best;
  while (best_hits > 0 && first < all.size() && !hit[first]) {
    ++first;
  }
  first = first > kLead ? first - kLead : 0;
  const std::size_t end = std::min(all.size(), first + words);
  std::string out = first > 0 ? "… " : "";
  std::size_t at = first > 0 ? all[first].begin : 0;
  for (std::size_t i = first; i < end; ++i) {
    Append(out, read.substr(at, all[i].begin - at));
    const std::string word = EscapeHtml(read.substr(all[i].begin, all[i].end - all[i].begin));
    out += hit[i] ? "<mark>" + word + "</mark>" : word;
    at = all[i].end;
  }
  out += end < all.size() || text.size() > read.size() ? " …" : EscapeHtml(text::Trim(read.substr(at)));
  return out;
}

}  // namespace propolis::search
