// Mail: parsing, robustness, addresses, who wrote it, and what of it is new.
#include <cstdlib>
#include <map>

#include "base/json.h"
#include "channels/html/sanitise.h"
#include "channels/mail/dsn.h"
#include "channels/mail/header.h"
#include "channels/mail/mime_corpus_test_support.h"
#include "channels/mail/parse.h"
#include "channels/mail/trim.h"
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

// Bounces, automatic replies and complaints: found, and read.
std::vector<Set> ScoreDsn(const fs::path& folder) {
  Set kind{"kind", 0, {}};
  Set status{"status", 0, {}};
  Set reply_code{"reply_code", 0, {}};
  Set reason{"reason", 0, {}};
  Set hard{"hard", 0, {}};
  for (const std::string& line : Lines(folder / "expected.tsv")) {
    const auto columns = Columns(line);
    if (columns.size() != 6 || columns[0] == "file") {
      continue;
    }
    const mail::Report report = mail::ReadReport(mail::ParseMail(ReadFile(folder / "mails" / columns[0])));
    const std::string id = columns[0] + " " + columns[1];
    if (columns[1] == "1") {
      const bool other = columns[4] == "vacation" || columns[4] == "feedback";
      kind.Check(columns[0], other ? columns[4] : "bounce", NameOf(report.kind));
    }
    const auto index = static_cast<std::size_t>(std::strtoull(columns[1].c_str(), nullptr, 10)) - 1;
    const auto got = index < report.recipients.size() ? report.recipients[index] : mail::ReportedRecipient{};
    status.Check(id, columns[2], got.status);
    reply_code.Check(id, columns[3], got.reply_code);
    reason.Check(id, columns[4], got.reason);
    hard.Check(id, columns[5], got.hard ? "true" : "false");
  }
  return {kind, status, reply_code, reason, hard};
}

// emails/X with trimmed/X: what stays of each.
Set ScoreTrimmedPairs(const fs::path& folder) {
  Set set{folder.filename().string(), 0, {}};
  for (const fs::path& file : Files(folder / "trimmed", "")) {
    const auto got = mail::TrimReply(ReadFile(folder / "emails" / file.filename()));
    set.Check(file.filename().string(), text::Trim(ReadFile(file)), text::Trim(got.visible));
  }
  return set;
}

// The same reply from many mail programs: X.eml with X_reply_text, or "Hello" without one.
Set ScoreSameReply(const fs::path& folder) {
  Set set{"talon_standard", 0, {}};
  for (const fs::path& file : Files(folder, ".eml")) {
    const fs::path wanted = fs::path(file).replace_filename(file.stem().string() + "_reply_text");
    const std::string expected = fs::exists(wanted) ? ReadFile(wanted) : "Hello";
    const auto parsed = mail::ParseMail(ReadFile(file));
    set.Check(file.filename().string(), mail::Essence(expected), mail::Essence(mail::TrimReply(parsed.text).visible));
  }
  return set;
}

// One reply as HTML of many programs: "Hi. I am fine." with or without the greeting that follows.
Set ScoreHtmlReplies(const fs::path& folder) {
  Set set{"talon_html", 0, {}};
  for (const fs::path& file : Files(folder, ".html")) {
    html::Options options;
    options.drop_quotes = true;
    std::string visible = mail::Essence(mail::TrimReply(html::Sanitise(ReadFile(file), options).text).visible);
    // No-break spaces are blanks too.
    for (auto at = visible.find("\u00a0"); at != std::string::npos; at = visible.find("\u00a0")) {
      visible.erase(at, 2);
    }
    const bool right = visible == "Hi.Iamfine." || visible == "Hi.Iamfine.Thanks,Alex";
    set.Check(file.filename().string(), "Hi.Iamfine.", right ? "Hi.Iamfine." : visible);
  }
  return set;
}

// X_body ends with X_signature: what stands before it stays.
Set ScoreSignatures(const fs::path& folder) {
  Set set{"talon_signature", 0, {}};
  for (const fs::path& file : Files(folder, "")) {
    const std::string name = file.filename().string();
    if (!name.ends_with("_body")) {
      continue;
    }
    const fs::path signature_file = fs::path(file).replace_filename(name.substr(0, name.size() - 5) + "_signature");
    const std::string body = mail::Essence(ReadFile(file));
    const std::string signature = mail::Essence(ReadFile(signature_file));
    if (body.ends_with(signature)) {
      set.Check(name, body.substr(0, body.size() - signature.size()),
                mail::Essence(mail::TrimReply(ReadFile(file)).visible));
    }
  }
  return set;
}

std::vector<Set> ScoreTrimming(const fs::path& folder) {
  std::vector<Set> sets;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (fs::is_directory(entry.path() / "trimmed")) {
      sets.push_back(ScoreTrimmedPairs(entry.path()));
    }
  }
  sets.push_back(ScoreSameReply(folder / "talon/standard_replies"));
  sets.push_back(ScoreHtmlReplies(folder / "talon/html_replies"));
  sets.push_back(ScoreSignatures(folder / "talon/signature/emails/stripped"));
  return sets;
}

}  // namespace

std::vector<Scorer> MailScorers() {
  return {{"email_mime", ScoreMime},
          {"email_robustness", ScoreRobustness},
          {"email_address", ScoreAddresses},
          {"dsn", ScoreDsn},
          {"reply_trimming", ScoreTrimming}};
}

}  // namespace propolis::score
