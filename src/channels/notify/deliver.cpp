#include "channels/notify/deliver.h"

#include "base/i18n.h"
#include "base/json.h"
#include "base/number.h"
#include "channels/mail/queue.h"
#include "channels/mail/thread.h"
#include "domain/escalation/page_commands.h"
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
    const auto value = document_ ? document_->Root().Find(name) : std::nullopt;
    return value && value->AsString() ? std::string(*value->AsString()) : std::string();
  }
  [[nodiscard]] bool Flag(std::string_view name) const {
    const auto value = document_ ? document_->Root().Find(name) : std::nullopt;
    return value && value->AsBool().value_or(false);
  }

 private:
  Result<json::Document> document_;
};

std::string Say(const mail::Letter& letter, std::string_view id, const std::vector<Arg>& args = {}) {
  return i18n::Translate(letter.language, id, args);
}

void AddParagraph(mail::Letter& letter, const std::string& text) {
  letter.body += (letter.body.empty() ? "" : "\n\n") + text;
}

// Why she is called, what was said of it, and the link by which she answers.
Status DescribePage(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery, mail::Letter& letter) {
  const auto page = TRY(escalation::GetPage(tx, auth::SystemActor(), *delivery.page, tx.Now()));
  letter.headline = Say(letter, "notice.page.headline", {{"priority", std::string(NameOf(page.ticket.priority))}});
  AddParagraph(letter, Say(letter, "notice.page.cause." + std::string(NameOf(page.cause)),
                           {{"name", page.lines.empty() ? "" : page.lines.front().by}}));
  if (!page.note.empty()) {
    AddParagraph(letter, page.note);
  }
  for (const auto& line : page.lines) {
    if (line.act == escalation::PageAct::kHandedBack) {
      AddParagraph(letter, Say(letter, "notice.page.handed_back", {{"name", line.by}, {"note", line.note}}));
    }
  }
  letter.answer_url = desk.base_url + "/page/" + escalation::TokenFor(tx, *delivery.page, delivery.staff);
  return {};
}

void DescribeClock(const Delivery& delivery, mail::Letter& letter) {
  const Data data(delivery.data);
  const std::string clock = Say(letter, "notice.clock." + data.Text("clock"));
  letter.headline =
      Say(letter, data.Flag("warning") ? "notice.clock.warning" : "notice.clock.missed", {{"clock", clock}});
  if (data.Flag("late")) {
    AddParagraph(letter, Say(letter, "notice.clock.late"));
  }
}

// nullopt: she has left.
std::optional<mail::Letter> LetterTo(store::ReadTx& tx, StaffId staff) {
  return tx.One(
      kStaff,
      [](const store::Row& row) {
        mail::Letter letter;
        letter.kind = mail::LetterKind::kNotice;
        letter.to = {row.String(0), row.String(1)};
        letter.language = row.Enum<Language>(2);
        letter.zone = row.String(3);
        return letter;
      },
      staff);
}

// Letters and digits alone, as a Message-ID wants them.
std::string EntryOf(const Delivery& delivery) {
  std::string text = "g" + delivery.notice.ToString();
  std::erase(text, '-');
  return text;
}

}  // namespace

Status DeliverByMail(store::WriteTx& tx, const mail::Desk& desk, const Delivery& delivery) {
  auto letter = LetterTo(tx, delivery.staff);
  const auto ticket = ticket::Load(tx, delivery.ticket);
  if (!letter || !ticket) {
    Settle(tx, delivery.id, {.outcome = DeliveryState::kDropped, .detail = letter ? "no ticket" : "not active"});
    return {};
  }
  letter->now = tx.Now();
  letter->number = ticket->number;
  letter->subject = ticket->subject;
  letter->ticket_url = desk.base_url + "/t/" + ticket::FormatNumber(ticket->number);
  letter->message_id = mail::MakeMessageId(desk.key, desk.domain, ticket->number, EntryOf(delivery));
  if (delivery.kind == NoticeKind::kPage) {
    TRY(DescribePage(tx, desk, delivery, *letter));
  } else {
    DescribeClock(delivery, *letter);
  }
  TRY(mail::Queue(tx, desk, *letter, 0));
  Settle(tx, delivery.id, {.outcome = DeliveryState::kSent, .message_id = letter->message_id});
  return {};
}

std::unique_ptr<jobs::Worker> MakeCaller(store::Store& store, mail::Desk desk, std::shared_ptr<const Clock> clock) {
  jobs::WorkerOptions options;
  options.clock = std::move(clock);
  options.retry = {.attempts = 12, .first = Seconds{2}, .longest = Seconds{300}};
  auto worker = std::make_unique<jobs::Worker>(store, std::move(options));
  worker->Handle(std::string(escalation::kStepJob), [&store](const jobs::Job& job) -> Status {
    const auto page = PageId::Parse(job.key);
    return page ? store.Write([&](store::WriteTx& tx) { return escalation::TakeStep(tx, *page); }) : Status{};
  });
  worker->Handle(std::string(kDeliveryJob), [&store, desk = std::move(desk)](const jobs::Job& job) -> Status {
    const auto id = text::ParseNumber<std::int64_t>(job.key).value_or(0);
    return store.Write([&](store::WriteTx& tx) -> Status {
      const auto delivery = TakeDelivery(tx, id);
      return delivery ? DeliverByMail(tx, desk, *delivery) : Status{};
    });
  });
  return worker;
}

}  // namespace propolis::notify
