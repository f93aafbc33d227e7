#include "domain/routing/ranking.h"

namespace propolis::routing {

const dto::Type& Fact::Dto() {
  static const dto::Type type = dto::Object<Fact>("RoutingFact", "One reason for or against somebody.")
                                    .Required("criterion", &Fact::criterion, "What was looked at.")
                                    .Required("ok", &Fact::ok, "Speaks for her.")
                                    .Required("text", &Fact::text, "In words.")
                                    .Optional("values", &Fact::values, "What the words are made of; empty once told.")
                                    .Done();
  return type;
}

const dto::Type& Ranked::Dto() {
  static const dto::Type type = dto::Object<Ranked>("RoutingCandidate", "One person's place in the ranking.")
                                    .Required("staff", &Ranked::staff, "Who.")
                                    .Required("score", &Ranked::score, "Higher is better; compares within one ranking.")
                                    .Required("chosen", &Ranked::chosen, "The ticket went to her.")
                                    .Required("eligible", &Ranked::eligible, "Passes every criterion that must hold.")
                                    .Required("facts", &Ranked::facts, "The reasons.")
                                    .Done();
  return type;
}

const dto::Type& Routing::Dto() {
  static const dto::Type type = dto::Object<Routing>("Routing", "Why a ticket went to somebody, or to nobody.")
                                    .Optional("chosen", &Routing::chosen, "Who got it.")
                                    .Optional("gap", &Routing::gap, "The first criterion that nobody passed.")
                                    .Required("at", &Routing::at, "When it was decided.")
                                    .Required("ranking", &Routing::ranking, "Who was looked at, best first.")
                                    .Done();
  return type;
}

}  // namespace propolis::routing
