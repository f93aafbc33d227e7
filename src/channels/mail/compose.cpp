#include "channels/mail/compose.h"

#include "base/i18n.h"
#include "channels/mail/thread.h"
#include "channels/mail/when.h"
#include "domain/ticket/number.h"

namespace propolis::mail {
namespace {

std::string Say(const Letter& letter, std::string_view id, const std::vector<Arg>& args = {}) {
  return i18n::Translate(letter.language, id, args);
}

std::string NumberOf(const Letter& letter) {
  return letter.number > 0 ? ticket::FormatNumber(letter.number) : std::string();
}

std::string Headline(const Letter& letter) {
  if (!letter.headline.empty()) {
    return letter.headline;
  }
  switch (letter.kind) {
    case LetterKind::kReceipt:
      return Say(letter, "mail.headline.receipt");
    case LetterKind::kReply:
      return letter.waits_for_reader ? Say(letter, "mail.headline.waiting")
                                     : Say(letter, "mail.headline.reply", {{"author", letter.author}});
    case LetterKind::kPromise:
      return Say(letter, "mail.headline.promise");
    case LetterKind::kResolution:
      return Say(letter, "mail.headline.resolution");
    case LetterKind::kSignIn:
      return Say(letter, "mail.headline.sign_in");
    case LetterKind::kNotice:
      return Say(letter, "mail.headline.notice");
  }
  return "";
}

// The first name only, as a letter begins; a name that is an address is no name.
std::string Greeting(const Letter& letter) {
  const std::string_view name = text::Trim(letter.to.name);
  if (name.empty() || name.contains('@')) {
    return Say(letter, "mail.greeting.nameless");
  }
  return Say(letter, "mail.greeting.named", {{"name", std::string(name.substr(0, name.find(' ')))}});
}

std::vector<std::string> Paragraphs(const Letter& letter) {
  std::vector<std::string> paragraphs;
  if (letter.body.empty()) {
    if (letter.kind == LetterKind::kReceipt) {
      paragraphs.push_back(Say(letter, "mail.body.receipt"));
    } else if (letter.kind == LetterKind::kSignIn) {
      paragraphs.push_back(Say(letter, "mail.body.sign_in"));
    }
    return paragraphs;
  }
  std::string paragraph;
  for (const auto line : text::Split(letter.body, '\n')) {
    const std::string_view bare = line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    if (text::Trim(bare).empty()) {
      if (!paragraph.empty()) {
        paragraphs.push_back(std::move(paragraph));
        paragraph.clear();
      }
    } else {
      paragraph += (paragraph.empty() ? "" : "\n") + std::string(bare);
    }
  }
  if (!paragraph.empty()) {
    paragraphs.push_back(std::move(paragraph));
  }
  return paragraphs;
}

void AddBoxes(const Letter& letter, LetterWords& words) {
  if (letter.step >= 1 && letter.step <= 5) {
    const std::string status = letter.waits_for_reader && letter.step < 4 ? "waiting" : std::to_string(letter.step);
    words.boxes.push_back(
        {Say(letter, "mail.box.step", {{"step", std::to_string(letter.step)}}), Say(letter, "mail.step." + status)});
  }
  if (letter.eta) {
    words.boxes.push_back({Say(letter, "mail.box.eta"),
                           SayWhen(letter.eta->at, letter.eta->until, letter.now, letter.language, letter.zone)});
  }
  if (letter.next_update) {
    words.boxes.push_back(
        {Say(letter, "mail.box.next_update"),
         SayWhen(letter.next_update->at, letter.next_update->until, letter.now, letter.language, letter.zone)});
  }
}

void AddButtons(const Letter& letter, LetterWords& words) {
  if (letter.kind == LetterKind::kSignIn) {
    words.buttons.push_back({Say(letter, "mail.button.sign_in"), letter.sign_in_url, true});
    words.hint = Say(letter, "mail.hint.sign_in");
    return;
  }
  if (letter.ticket_url.empty()) {
    return;
  }
  if (letter.kind == LetterKind::kResolution) {
    words.buttons.push_back({Say(letter, "mail.button.confirm"), letter.ticket_url, true});
    words.buttons.push_back({Say(letter, "mail.button.still_failing"), letter.ticket_url, false});
    words.hint = letter.closes_at ? Say(letter, "mail.hint.closes",
                                        {{"day", SayDay(*letter.closes_at, letter.language, letter.zone)}})
                                  : Say(letter, "mail.hint.reply");
    return;
  }
  const bool staff = letter.kind == LetterKind::kNotice;
  const bool asks = staff && !letter.answer_url.empty();
  if (asks) {
    words.buttons.push_back({Say(letter, "mail.button.answer_page"), letter.answer_url, true});
  }
  words.buttons.push_back(
      {Say(letter, staff ? "mail.button.console" : "mail.button.portal"), letter.ticket_url, !asks});
  words.hint = !staff ? Say(letter, "mail.hint.reply") : asks ? Say(letter, "mail.hint.answer_page") : std::string();
}

void AddSurvey(const Letter& letter, LetterWords& words) {
  if (letter.kind != LetterKind::kResolution || letter.survey_url.empty()) {
    return;
  }
  words.survey_question = Say(letter, "mail.survey.question");
  for (int score = 1; score <= 5; ++score) {
    const std::string digit = std::to_string(score);
    words.scores.push_back({Say(letter, "mail.survey.score_" + digit), letter.survey_url + "?score=" + digit, false});
  }
}

std::string HostOf(const std::string& url) {
  const auto begin = url.find("://");
  const std::string rest = begin == std::string::npos ? url : url.substr(begin + 3);
  return rest.substr(0, rest.find('/'));
}

void AddEnd(const Desk& desk, const Letter& letter, LetterWords& words) {
  words.small_print.push_back(Say(letter, "mail.small.password"));
  if (const std::string host = HostOf(desk.base_url); !host.empty()) {
    words.small_print.push_back(Say(letter, "mail.small.links", {{"host", host}}));
  }
  const std::string who = letter.to.name.empty() ? letter.to.email : letter.to.name;
  std::string copies;
  for (const auto& email : letter.cc) {
    copies += (copies.empty() ? "" : ", ") + email;
  }
  words.sent_to = copies.empty() ? Say(letter, "mail.sent_to", {{"name", who}})
                                 : Say(letter, "mail.sent_to_with_copies", {{"name", who}, {"copies", copies}});
}

// Only a person's answer is not automatic (RFC 3834 section 5).
std::string_view AutoSubmitted(LetterKind kind) {
  switch (kind) {
    case LetterKind::kReceipt:
      return "auto-replied";
    case LetterKind::kPromise:
    case LetterKind::kSignIn:
    case LetterKind::kNotice:
      return "auto-generated";
    case LetterKind::kReply:
    case LetterKind::kResolution:
      return "";
  }
  return "";
}

std::string SubjectLine(const Letter& letter) {
  if (letter.kind == LetterKind::kSignIn) {
    return Say(letter, "mail.subject.sign_in");
  }
  return letter.number > 0 ? SubjectTag(letter.number) + " " + letter.subject : letter.subject;
}

}  // namespace

LetterWords Words(const Desk& desk, const Letter& letter) {
  LetterWords words;
  const std::string number = NumberOf(letter);
  const bool takes_replies =
      letter.number > 0 && letter.kind != LetterKind::kNotice && letter.kind != LetterKind::kSignIn;
  if (takes_replies) {
    words.marker = std::string(kMarkerSign) + " " + Say(letter, "mail.marker", {{"number", number}}) + " " +
                   std::string(kMarkerSign);
  }
  words.topic = number.empty() ? desk.name : number + " · " + letter.subject;
  words.headline = Headline(letter);
  words.greeting = Greeting(letter);
  words.paragraphs = Paragraphs(letter);
  words.signature = letter.kind == LetterKind::kNotice ? std::string() : letter.author;
  AddBoxes(letter, words);
  if (!letter.done.empty()) {
    words.done_title = Say(letter, "mail.done.title");
    for (const auto& done : letter.done) {
      words.done.emplace_back(SayClock(done.at, letter.language, letter.zone), done.what);
    }
  }
  AddButtons(letter, words);
  AddSurvey(letter, words);
  AddEnd(desk, letter, words);
  for (const auto& box : words.boxes) {
    words.preview += (words.preview.empty() ? "" : ". ") + box.label + ": " + box.value;
  }
  return words;
}

Mail Compose(const Desk& desk, const Letter& letter) {
  const LetterWords words = Words(desk, letter);
  Mail mail;
  mail.subject = SubjectLine(letter);
  mail.text = RenderText(words);
  mail.html = RenderHtml(words, letter.language);

  HeaderWriter header;
  header.Date("Date", letter.now);
  const bool person = !letter.author.empty() && AutoSubmitted(letter.kind).empty();
  header.Addresses("From", {{person ? letter.author + " (" + desk.name + ")" : desk.name, desk.address}});
  header.Addresses("To", {letter.to});
  std::vector<Address> copies;
  for (const auto& email : letter.cc) {
    copies.push_back({"", email});
  }
  header.Addresses("Cc", copies);
  if (letter.number > 0 && letter.kind != LetterKind::kNotice) {
    header.Addresses("Reply-To", {{desk.name, ReplyAddress(desk.key, desk.domain, letter.number)}});
  }
  header.Text("Subject", mail.subject);
  header.Ids("Message-ID", {letter.message_id});
  header.Ids("In-Reply-To", {letter.in_reply_to});
  header.Ids("References", letter.references);
  if (const auto automatic = AutoSubmitted(letter.kind); !automatic.empty()) {
    header.Plain("Auto-Submitted", automatic);
  }
  header.Plain("X-Auto-Response-Suppress", "OOF, AutoReply");
  header.Text("X-Propolis-Desk", desk.domain);
  header.Plain("Content-Language", NameOf(letter.language));
  header.Plain("MIME-Version", "1.0");
  mail.header = header.Take();
  mail.raw = mail.header + WriteBody(mail.text, mail.html, letter.files, letter.message_id);
  return mail;
}

}  // namespace propolis::mail
