// What the desk writes: one letter, in the reader's language, as text and HTML with the same words in the same order as
// the portal: what it is, what to do, when the next word comes. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "base/text.h"
#include "base/time.h"
#include "channels/mail/header.h"
#include "channels/mail/mime_write.h"
#include "channels/mail/settings.h"

namespace propolis::mail {

enum class LetterKind {
  kReceipt,     // "we have it": once, never to automatic mail
  kReply,       // an agent's message
  kPromise,     // an ETA or next update was given or moved
  kResolution,  // solved, please confirm; with one-click survey links
  kSignIn,      // a link into the portal
  kNotice,      // to staff: something on a ticket of theirs
};

struct Promised {
  Time at;
  std::optional<Time> until;
};
struct Done {  // one line of "what we have done"
  Time at;
  std::string what;
};

struct Letter {
  LetterKind kind = LetterKind::kReply;
  Language language = Language::kEn;
  std::string zone = "UTC";
  Time now;

  Address to;
  std::vector<std::string> cc;
  std::string message_id;  // without brackets; see MakeMessageId
  std::string in_reply_to;
  std::vector<std::string> references;  // oldest first

  std::int64_t number = 0;  // 0: about no ticket
  std::string subject;      // the ticket's
  std::string body;         // plain text, by a person or empty
  std::string author;       // who wrote the body
  std::string headline;     // empty: the kind's own

  int step = 0;  // 1-5 of the portal's steps, 0 for none
  bool waits_for_reader = false;
  std::optional<Promised> eta;
  std::optional<Promised> next_update;
  std::vector<Done> done;
  std::optional<Time> closes_at;  // a resolution closes by itself

  std::string ticket_url;  // portal, or console for staff
  std::string answer_url;  // of a notice that asks to be answered: its main button
  std::string sign_in_url;
  std::string survey_url;  // "?score=N" is added; empty: no survey
  std::vector<OutgoingFile> files;
};

struct Mail {
  std::string subject;
  std::string text;
  std::string html;
  std::string header;  // lines with CRLF, without those of the body's type
  std::string raw;     // the whole message, CRLF
};

Mail Compose(const Desk& desk, const Letter& letter);

// Parts of it, for tests and for the HTML writer.
struct LetterWords {
  std::string marker;  // "## Reply above this line ... ##"; empty when replies go nowhere
  std::string topic;   // "PR-12345-K · subject"
  std::string headline;
  std::string greeting;
  std::vector<std::string> paragraphs;
  std::string signature;
  struct Box {
    std::string label;
    std::string value;
  };
  std::vector<Box> boxes;
  std::string done_title;
  std::vector<std::pair<std::string, std::string>> done;  // clock, what
  struct Button {
    std::string label;
    std::string url;
    bool main = false;
  };
  std::vector<Button> buttons;
  std::string hint;
  std::string survey_question;
  std::vector<Button> scores;
  std::vector<std::string> small_print;
  std::string sent_to;
  std::string preview;  // what mail programs show beside the subject
};
LetterWords Words(const Desk& desk, const Letter& letter);
std::string RenderText(const LetterWords& words);
std::string RenderHtml(const LetterWords& words, Language language);

// The start and end of the marker line, by which a reply to our mail is cut whatever the language.
inline constexpr std::string_view kMarkerSign = "##";

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::LetterKind> {
  using K = mail::LetterKind;
  using S = std::string_view;
  static constexpr std::array kTable = {
      std::pair{K::kReceipt, S("receipt")}, std::pair{K::kReply, S("reply")},
      std::pair{K::kPromise, S("promise")}, std::pair{K::kResolution, S("resolution")},
      std::pair{K::kSignIn, S("sign_in")},  std::pair{K::kNotice, S("notice")}};
};
}  // namespace propolis
