// Mail: parsing, robustness, addresses, and who wrote it.
#include <map>
#include <set>

#include "base/json.h"
#include "channels/mail/auto.h"
#include "channels/mail/header.h"
#include "channels/mail/mime_corpus_test_support.h"
#include "channels/mail/parse.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;

// Facts of each mail: headers, texts, bytes, names, structure.
std::vector<Set> ScoreMime(const fs::path& folder) {
  std::map<std::string, Set> sets;
  for (const fs::path& file : Files(folder, ".eml")) {
    const std::string kind = file.parent_path().filename().string();
    Set& set = sets.try_emplace(kind, Set{kind, 0, {}}).first->second;
    const auto expected = json::Document::Parse(ReadFile(fs::path(file).replace_extension(".json")));
    if (!expected) {
      set.Check(file.filename().string(), "an expectation that can be read", "");
      continue;
    }
    mail::Comparison facts;
    mail::CompareMessage(expected->Root(), mail::ParseMail(ReadFile(file)), file.filename().string(), facts);
    set.total += facts.total;
    for (const std::string& miss : facts.misses) {
      set.misses.push_back({miss, "", ""});
    }
  }
  std::vector<Set> list;
  for (auto& [kind, set] : sets) {
    list.push_back(std::move(set));
  }
  return list;
}

// What a mail may not suffer: text lost, or text that is none.
std::string Damage(const std::string& raw) {
  const mail::ParsedMail parsed = mail::ParseMail(raw);
  if (!text::IsUtf8(parsed.text) || !text::IsUtf8(parsed.subject)) {
    return "not UTF-8";
  }
  if (parsed.parts.empty() && raw.contains("\n\n")) {
    return "no part";
  }
  for (const mail::Part& part : parsed.parts) {
    if (part.type == "text/plain" && !part.disposition_attachment && part.name.empty() &&
        !text::Trim(part.content).empty() && text::Trim(parsed.text).empty()) {
      return "text lost";
    }
  }
  return "";
}

std::vector<Set> ScoreRobustness(const fs::path& folder) {
  std::map<std::string, Set> sets;
  for (const fs::path& file : Files(folder, "")) {
    const std::string kind = file.parent_path().filename().string();
    sets.try_emplace(kind, Set{kind, 0, {}}).first->second.Check(file.filename().string(), "", Damage(ReadFile(file)));
  }
  std::vector<Set> list;
  for (auto& [kind, set] : sets) {
    list.push_back(std::move(set));
  }
  return list;
}

// Addresses that any mail server takes must be taken, and what is no address refused. The odd ones between are allowed
// by some standard and used by nobody: the desk may do as it likes.
std::vector<Set> ScoreAddresses(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".jsonl")) {
    Set set{file.stem().string(), 0, {}};
    for (const std::string& line : Lines(file)) {
      const auto document = json::Document::Parse(line);
      if (!document) {
        continue;
      }
      const auto member = [&](std::string_view name) {
        const auto value = document->Root().Find(name);
        return std::string(value ? value->AsString().value_or("") : "");
      };
      const std::string category = member("category");
      const bool good = category == "ISEMAIL_VALID_CATEGORY" || category == "ISEMAIL_DNSWARN";
      if (good || category == "ISEMAIL_ERR") {
        set.Check(member("id") + " " + member("address"), good ? "taken" : "refused",
                  mail::IsDeliverable(member("address")) ? "taken" : "refused");
      }
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

// Bounces, automatic replies and complaints told apart.
std::vector<Set> ScoreDsn(const fs::path& folder) {
  Set kinds{"kind", 0, {}};
  std::set<std::string> seen;
  for (const std::string& line : Lines(folder / "expected.tsv")) {
    const auto columns = Columns(line);
    if (columns.size() < 5 || columns[0] == "file" || !seen.insert(columns[0]).second) {
      continue;
    }
    const std::string_view expected = columns[4] == "vacation"   ? "auto_reply"
                                      : columns[4] == "feedback" ? "feedback"
                                                                 : "bounce";
    const auto parsed = mail::ParseMail(ReadFile(folder / "mails" / columns[0]));
    kinds.Check(columns[0], expected, NameOf(mail::JudgeAuto(parsed, "", mail::Desk{}).kind));
  }
  return {kinds};
}

}  // namespace

std::vector<Scorer> MailScorers() {
  return {{"email_mime", ScoreMime},
          {"email_robustness", ScoreRobustness},
          {"email_address", ScoreAddresses},
          {"dsn", ScoreDsn}};
}

}  // namespace propolis::score
