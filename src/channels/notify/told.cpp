#include "channels/notify/told.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "domain/escalation/page_link.h"
#include "domain/escalation/page_queries.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket.h"

namespace propolis::notify {
namespace {

constexpr std::string_view kStaff = "SELECT name, email, language, zone FROM staff WHERE id = $1 AND active = 1";

// Members of a notice's data.
class Data {
 public:
  explicit Data(std::string_view text) : document_(json::Document::Parse(text)) {}
  [[nodiscard]] std::string Text(std::string_view name) const {
    return document_ ? json::TextOf(document_->Root(), name) : std::string();
  }
  [[nodiscard]] bool Flag(std::string_view name) const {
    const auto value = Find(name);
    return value && value->AsBool().value_or(false);
  }

 private:
  [[nodiscard]] std::optional<json::View> Find(std::string_view name) const {
    return document_ ? document_->Root().Find(name) : std::nullopt;
  }
  Result<json::Document> document_;
};

std::string Say(const Told& told, std::string_view id, const std::vector<Arg>& args = {}) {
  return i18n::Translate(told.language, id, args);
}

void AddParagraph(Told& told, const std::string& text) { told.body += (told.body.empty() ? "" : "\n\n") + text; }

// Why somebody is called, what was said of it, and the link by which she answers.
Status DescribePage(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery, Told& told) {
  const auto page = TRY(escalation::GetPage(tx, auth::SystemActor(), *delivery.page, tx.Now()));
  told.headline = Say(told, delivery.staff ? "notice.page.headline" : "notice.page.headline_of_step",
                      {{"priority", told.priority}});
  AddParagraph(told, Say(told, "notice.page.cause." + std::string(NameOf(page.cause)),
                         {{"name", page.lines.empty() ? "" : page.lines.front().by}}));
  if (!page.note.empty()) {
    AddParagraph(told, page.note);
  }
  for (const auto& line : page.lines) {
    if (line.act == escalation::PageAct::kHandedBack) {
      AddParagraph(told, Say(told, "notice.page.handed_back", {{"name", line.by}, {"note", line.note}}));
    }
  }
  if (delivery.staff) {
    told.answer_url = desk.base_url + "/page/" + TRY(escalation::TokenFor(tx, *delivery.page, *delivery.staff));
  }
  return {};
}

void DescribeClock(const Delivery& delivery, Told& told) {
  const Data data(delivery.data);
  const std::string clock = Say(told, "notice.clock." + data.Text("clock"));
  told.headline = Say(told, data.Flag("warning") ? "notice.clock.warning" : "notice.clock.missed", {{"clock", clock}});
  if (data.Flag("late")) {
    AddParagraph(told, Say(told, "notice.clock.late"));
  }
}

bool FindPerson(store::ReadTx& tx, const Delivery& delivery, Told& told) {
  return !delivery.staff || tx.One(
                                  kStaff,
                                  [&](const store::Row& row) {
                                    told.name = row.String(0);
                                    told.email = row.String(1);
                                    told.language = row.Enum<Language>(2);
                                    told.zone = row.String(3);
                                    return true;
                                  },
                                  *delivery.staff)
                                .has_value();
}

bool FindTicket(store::ReadTx& tx, const mail::Desk& desk, const Delivery& delivery, Told& told) {
  told.ticket_url = desk.base_url + "/on-call";
  if (delivery.ticket == 0) {
    return true;
  }
  const auto ticket = ticket::Load(tx, delivery.ticket);
  if (!ticket) {
    return false;
  }
  told.number = ticket->number;
  told.subject = ticket->subject;
  told.priority = NameOf(ticket->priority);
  told.ticket_url = desk.base_url + "/t/" + ticket::FormatNumber(ticket->number);
  return true;
}

}  // namespace

std::string Told::Ticket() const { return number > 0 ? ticket::FormatNumber(number) : std::string(); }

std::string Told::InShort() const {
  constexpr std::size_t kLongest = 140;  // code points: what one SMS takes in most alphabets, with a link to follow
  const std::string all = number > 0 ? headline + ". " + Ticket() + " " + subject : headline;
  return std::string(text::Prefix(text::Clean(all), kLongest));
}

Result<std::optional<Told>> Describe(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery) {
  Told told;
  if (!FindPerson(tx, delivery, told) || !FindTicket(tx, desk, delivery, told)) {
    return std::nullopt;
  }
  switch (delivery.kind) {
    case NoticeKind::kPage:
      TRY(DescribePage(tx, desk, delivery, told));
      break;
    case NoticeKind::kClock:
      DescribeClock(delivery, told);
      break;
    case NoticeKind::kTest:
      told.headline = Say(told, "notice.test.headline");
      told.subject = told.headline;
      AddParagraph(told, Say(told, "notice.test.body"));
      break;
  }
  return told;
}

}  // namespace propolis::notify
