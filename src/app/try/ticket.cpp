// ticket.*: numbers and states.
#include "app/try/rules.h"
#include "domain/ticket/number.h"
#include "domain/ticket/transition.h"

namespace propolis::app {
namespace {

struct NumberInput {
  std::optional<std::int64_t> number;
  std::optional<std::string> text;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<NumberInput>("TicketNumberInput", "One of the two.")
            .Optional("number", &NumberInput::number, "To be written.", dto::Range(1, INT64_MAX))
            .Optional("text", &NumberInput::text, "To be read.", dto::Text(0, 100))
            .Done();
    return type;
  }
};
struct NumberOutput {
  bool valid = false;
  std::optional<std::int64_t> number;
  std::optional<std::string> text;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<NumberOutput>("TicketNumberOutput", "")
                                      .Required("valid", &NumberOutput::valid, "Whether it is a ticket number.")
                                      .Optional("number", &NumberOutput::number, "As a number.")
                                      .Optional("text", &NumberOutput::text, "As people write it.")
                                      .Done();
    return type;
  }
};
Result<NumberOutput> Number(const NumberInput& input) {
  if (input.number.has_value() == input.text.has_value()) {
    return FailField(input.text ? "number" : "text", input.text ? "field.unknown" : "field.required");
  }
  NumberOutput output;
  output.number = input.text ? ticket::ParseNumber(*input.text) : input.number;
  output.valid = output.number.has_value();
  if (output.number) {
    output.text = ticket::FormatNumber(*output.number);
  }
  return output;
}

struct TransitionInput {
  TicketState from = TicketState::kNew;
  std::optional<TicketState> to;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TransitionInput>("TicketTransitionInput", "")
                                      .Required("from", &TransitionInput::from, "Where the ticket is.")
                                      .Optional("to", &TransitionInput::to, "Where it shall go.")
                                      .Done();
    return type;
  }
};
struct TransitionOutput {
  std::optional<bool> legal;
  std::vector<TicketState> moves;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TransitionOutput>("TicketTransitionOutput", "")
                                      .Optional("legal", &TransitionOutput::legal, "Whether it may.")
                                      .Required("moves", &TransitionOutput::moves, "Where it may go.")
                                      .Done();
    return type;
  }
};
Result<TransitionOutput> Transition(const TransitionInput& input) {
  TransitionOutput output;
  output.moves = ticket::LegalMoves(input.from);
  if (input.to) {
    output.legal = ticket::IsLegal(input.from, *input.to);
  }
  return output;
}

}  // namespace

std::vector<Rule> TicketRules() {
  return {MakeRule("ticket.number", "Ticket numbers with their check character.", R"({"number":12345})", Number),
          MakeRule("ticket.transition", "Where a ticket may go from a state.", R"({"from":"open","to":"closed"})",
                   Transition)};
}

}  // namespace propolis::app
