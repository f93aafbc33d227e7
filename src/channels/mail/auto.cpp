#include "channels/mail/auto.h"

#include <algorithm>

#include "base/text.h"
#include "channels/mail/thread.h"

namespace propolis::mail {
namespace {

using S = std::string_view;

// More hops than any real way has; mail servers give up at 50 to 100 (RFC 5321 section 6.3).
constexpr std::size_t kMostHops = 50;

std::string LocalOf(S email) { return text::AsciiLower(email.substr(0, email.find('@'))); }

bool IsDaemon(S email) {
  const std::string local = LocalOf(email);
  return local == "mailer-daemon" || local == "postmaster" || local == "mail-daemon" || local == "maildaemon" ||
         local == "mdaemon" || local.starts_with("bounce") || local.ends_with("-bounces");
}

bool IsNoReply(S email) {
  std::string local = LocalOf(email);
  std::erase_if(local, [](char c) { return c == '-' || c == '_' || c == '.'; });
  return local.starts_with("noreply") || local.starts_with("donotreply") || local.starts_with("noresponder") ||
         local.starts_with("naoresponda") || local.starts_with("naoresponder") || local.ends_with("noreply");
}

// What mail programs put before the subject of an answer that they write by themselves.
bool IsAutoReplySubject(S subject) {
  const std::string folded = text::Fold(subject);
  constexpr S kStarts[] = {"automatic reply:",
                           "auto reply",
                           "autoreply",
                           "auto-reply",
                           "auto response",
                           "autoresponse",
                           "auto:",
                           "out of office",
                           "out of the office",
                           "away from my",
                           "on vacation",
                           "vacation reply",
                           "respuesta automatica",
                           "fuera de la oficina",
                           "fuera de oficina",
                           "contestacion automatica",
                           "ausente:",
                           "ausencia",
                           "resposta automatica",
                           "fora do escritorio",
                           "ausencia temporaria",
                           "reponse automatique",
                           "absence du bureau",
                           "automatische antwort",
                           "abwesenheit",
                           "abwesend",
                           "risposta automatica",
                           "fuori sede",
                           "automatisch antwoord",
                           "afwezig",
                           "autosvar",
                           "automatisk svar",
                           "poissa",
                           "automaattinen vastaus",
                           "odpowiedz automatyczna",
                           "automaticka odpoved",
                           "автоответ",
                           "автоматический ответ",
                           "自動応答",
                           "自动回复",
                           "자동 회신"};
  return std::ranges::any_of(kStarts, [&](S start) { return folded.starts_with(start); });
}

std::optional<AutoVerdict> JudgeLoop(const ParsedMail& mail, const Desk& desk) {
  if (text::AsciiLower(mail.Header("X-Propolis-Desk")) == text::AsciiLower(desk.domain) && !desk.domain.empty()) {
    return AutoVerdict{AutoKind::kLoop, "X-Propolis-Desk", false};
  }
  if (const auto hops = mail.Headers("Received").size(); hops > kMostHops) {
    return AutoVerdict{AutoKind::kLoop, "Received: " + std::to_string(hops), false};
  }
  if (OwnMessage(desk.key, desk.domain, mail.message_id)) {
    return AutoVerdict{AutoKind::kLoop, "Message-ID", false};
  }
  if (!mail.from.empty() && desk.IsOwn(mail.from[0].email)) {
    return AutoVerdict{AutoKind::kLoop, "From", false};
  }
  return std::nullopt;
}

AutoVerdict KindOf(const ParsedMail& mail, std::string reason) {
  AutoVerdict verdict{AutoKind::kMachine, std::move(reason), false};
  if (IsAutoReplySubject(mail.subject)) {
    verdict.kind = AutoKind::kAutoReply;
  }
  return verdict;
}

std::optional<AutoVerdict> JudgeReport(const ParsedMail& mail) {
  const std::string type = text::AsciiLower(mail.Header("Content-Type"));
  if (type.contains("multipart/report")) {
    if (type.contains("feedback-report")) {
      return AutoVerdict{AutoKind::kFeedback, "Content-Type: multipart/report", false};
    }
    return AutoVerdict{type.contains("disposition-notification") ? AutoKind::kAutoReply : AutoKind::kBounce,
                       "Content-Type: multipart/report", false};
  }
  if (mail.HasHeader("X-Failed-Recipients")) {
    return AutoVerdict{AutoKind::kBounce, "X-Failed-Recipients", false};
  }
  if (!mail.from.empty() && IsDaemon(mail.from[0].email)) {
    return AutoVerdict{IsAutoReplySubject(mail.subject) ? AutoKind::kAutoReply : AutoKind::kBounce,
                       "From: " + mail.from[0].email, false};
  }
  return std::nullopt;
}

std::optional<AutoVerdict> JudgeHeaders(const ParsedMail& mail) {
  const std::string submitted = text::AsciiLower(text::Trim(mail.Header("Auto-Submitted")));
  if (!submitted.empty() && submitted != "no" && !submitted.starts_with("no;") && !submitted.starts_with("no ")) {
    const bool reply = submitted.starts_with("auto-replied") || IsAutoReplySubject(mail.subject);
    return AutoVerdict{reply ? AutoKind::kAutoReply : AutoKind::kMachine, "Auto-Submitted: " + submitted, false};
  }
  for (const S name : {S("X-Autoreply"), S("X-Autorespond"), S("X-Autoresponder"), S("X-Auto-Reply"),
                       S("X-Autoreply-From"), S("X-Mail-Autoreply"), S("X-Auto-Response-From")}) {
    if (mail.HasHeader(name) && text::AsciiLower(mail.Header(name)) != "no") {
      return AutoVerdict{AutoKind::kAutoReply, std::string(name), false};
    }
  }
  const std::string precedence = text::AsciiLower(text::Trim(mail.Header("Precedence")));
  if (precedence == "auto_reply" || precedence == "auto-reply") {
    return AutoVerdict{AutoKind::kAutoReply, "Precedence: " + precedence, false};
  }
  for (const S name :
       {S("List-Id"), S("List-Post"), S("List-Unsubscribe"), S("List-Help"), S("List-Owner"), S("X-Mailing-List")}) {
    if (mail.HasHeader(name)) {
      return AutoVerdict{IsAutoReplySubject(mail.subject) ? AutoKind::kAutoReply : AutoKind::kList, std::string(name),
                         false};
    }
  }
  if (precedence == "bulk" || precedence == "junk" || precedence == "list") {
    auto verdict = KindOf(mail, "Precedence: " + precedence);
    verdict.kind = verdict.kind == AutoKind::kMachine && precedence == "list" ? AutoKind::kList : verdict.kind;
    return verdict;
  }
  const std::string suppress = text::AsciiLower(text::Trim(mail.Header("X-Auto-Response-Suppress")));
  if (!suppress.empty() && suppress != "none") {
    return KindOf(mail, "X-Auto-Response-Suppress: " + suppress);
  }
  for (const S name :
       {S("X-Loop"), S("X-FC-MachineGenerated"), S("X-RT-Loop-Prevention"), S("X-Libredesk-Loop-Prevention"),
        S("X-OTRS-Loop"), S("X-Zammad-Send-Auto-Response"), S("X-AutoGenerated"), S("X-Auto-Generated"),
        S("X-MS-Exchange-Inbox-Rules-Loop"), S("X-Vacation")}) {
    if (mail.HasHeader(name) &&
        !(name == S("X-Zammad-Send-Auto-Response") && text::AsciiLower(mail.Header(name)) == "true")) {
      return KindOf(mail, std::string(name));
    }
  }
  return std::nullopt;
}

}  // namespace

bool Desk::IsOwn(const std::string& email) const {
  const std::string lower = text::ToLower(email);
  if (lower.empty()) {
    return false;
  }
  const auto same = [&](const std::string& own) {
    const std::string mine = text::ToLower(own);
    const auto at = mine.rfind('@');
    return lower == mine ||
           // "support+anything@desk.example" is ours too.
           (at != std::string::npos && lower.starts_with(mine.substr(0, at) + "+") && lower.ends_with(mine.substr(at)));
  };
  return (!address.empty() && same(address)) || std::ranges::any_of(aliases, same) ||
         (!domain.empty() && lower.starts_with("reply+") && lower.ends_with("@" + text::ToLower(domain)));
}

AutoVerdict JudgeAuto(const ParsedMail& mail, std::string_view envelope_from, const Desk& desk) {
  if (auto loop = JudgeLoop(mail, desk)) {
    return *loop;
  }
  if (auto report = JudgeReport(mail)) {
    return *report;
  }
  if (auto verdict = JudgeHeaders(mail)) {
    return *verdict;
  }
  if (envelope_from == "<>" || (envelope_from.empty() && mail.return_path == "<>")) {
    return KindOf(mail, "Return-Path: <>");
  }
  if (!envelope_from.empty() && IsDaemon(envelope_from)) {
    return KindOf(mail, "MAIL FROM: " + std::string(envelope_from));
  }
  if (mail.from.empty() || mail.from[0].email.empty()) {
    return KindOf(mail, "From");
  }
  if (IsAutoReplySubject(mail.subject)) {
    return {AutoKind::kAutoReply, "Subject", false};
  }
  return {AutoKind::kPerson, "", IsNoReply(mail.from[0].email)};
}

}  // namespace propolis::mail
