// mail.thread: to which ticket a mail belongs.
#include "channels/mail/thread.h"

#include "app/try/rules.h"
#include "base/text.h"
#include "channels/mail/transfer.h"

namespace propolis::app {
namespace {

struct TicketInput {
  std::int64_t number = 0;
  std::vector<std::string> participants;
  std::vector<std::string> domains;
  std::vector<std::string> message_ids;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<TicketInput>("MailThreadTicket", "What the desk knows of a ticket.")
            .Required("number", &TicketInput::number, "Its number.", dto::Range(1, INT64_MAX))
            .Optional("participants", &TicketInput::participants, "Addresses that take part.")
            .Optional("domains", &TicketInput::domains, "Verified domains of its organisation.")
            .Optional("message_ids", &TicketInput::message_ids, "Message-IDs of its mails, without brackets.")
            .Done();
    return type;
  }
};
struct ThreadInput {
  std::optional<Verbatim> raw;
  std::optional<Verbatim> base64;
  std::vector<std::string> envelope_to;
  std::string key;
  std::string domain;
  std::vector<TicketInput> tickets;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ThreadInput>("MailThreadInput", "A mail; one of raw and base64.")
            .Optional("raw", &ThreadInput::raw, "The whole mail, when it is valid UTF-8.")
            .Optional("base64", &ThreadInput::base64, "The whole mail in base64.")
            .Optional("envelope_to", &ThreadInput::envelope_to, "SMTP recipients.")
            .Optional("key", &ThreadInput::key, "The desk's signing key.", dto::Text(0, 200))
            .Optional("domain", &ThreadInput::domain, "The desk's mail domain.", dto::Text(0, 253))
            .Optional("tickets", &ThreadInput::tickets, "Tickets there are.")
            .Done();
    return type;
  }
};
struct ThreadOutput {
  mail::ThreadAction action = mail::ThreadAction::kNew;
  std::optional<std::int64_t> number;
  std::string reason;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ThreadOutput>("MailThreadOutput", "")
            .Required("action", &ThreadOutput::action, "What becomes of the mail.")
            .Optional("number", &ThreadOutput::number, "The ticket it goes to, or is linked with.")
            .Required("reason", &ThreadOutput::reason, "The clue that decided.")
            .Done();
    return type;
  }
};

Result<ThreadOutput> Thread(const ThreadInput& input) {
  if (input.raw.has_value() == input.base64.has_value()) {
    return FailField("raw", "field.required");
  }
  const auto parsed = mail::ParseMail(input.raw ? input.raw->text : mail::DecodeBase64(input.base64->text).bytes);
  const auto find_message = [&](std::string_view id) -> std::optional<std::int64_t> {
    for (const TicketInput& ticket : input.tickets) {
      if (std::ranges::find(ticket.message_ids, id) != ticket.message_ids.end()) {
        return ticket.number;
      }
    }
    return std::nullopt;
  };
  const auto find_ticket = [&](std::int64_t number) -> std::optional<mail::TicketSide> {
    const auto found = std::ranges::find(input.tickets, number, &TicketInput::number);
    return found == input.tickets.end() ? std::nullopt
                                        : std::optional(mail::TicketSide{found->participants, found->domains});
  };
  const auto clues = mail::FindClues(parsed, input.envelope_to, input.key, input.domain, find_message);
  const auto decision = mail::DecideThread(clues, parsed.from.empty() ? "" : parsed.from.front().email, find_ticket);
  ThreadOutput output{decision.action, std::nullopt, decision.reason};
  if (decision.action != mail::ThreadAction::kNew) {
    output.number = decision.number;
  }
  return output;
}

}  // namespace

std::vector<Rule> ThreadRules() {
  return {MakeRule("mail.thread", "To which ticket a mail belongs, and why.",
                   R"({"raw":"From: ana@example.org\r\nIn-Reply-To: <a@example.org>\r\n\r\nStill down.\r\n",)"
                   R"("tickets":[{"number":12,"participants":["ana@example.org"],"message_ids":["a@example.org"]}]})",
                   Thread)};
}

}  // namespace propolis::app
