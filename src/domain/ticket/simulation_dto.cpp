// How a simulation is asked for and answered over the API.
#include "domain/ticket/simulation.h"

namespace propolis::ticket {

const dto::Type& Simulate::Dto() {
  using T = Simulate;
  static const dto::Type type =
      dto::Object<T>("Simulate", "Try a policy, a calendar or both on past tickets.")
          .Required("from", &T::from, "Tickets that were opened from here.")
          .Required("to", &T::to, "To here, without it; a year at most.")
          .Optional("policy_id", &T::policy_id, "Only those that have this policy, and only in its place.")
          .Optional("calendar_id", &T::calendar_id, "The calendar is put only in the place of this one.")
          .Optional("organisation_id", &T::organisation_id, "Only those of this organisation.")
          .Optional("policy", &T::policy, "The policy to try; it is not stored.")
          .Optional("calendar", &T::calendar, "The calendar to try; it is not stored.")
          .Done();
  return type;
}

const dto::Type& SimulatedSum::Dto() {
  using T = SimulatedSum;
  static const dto::Type type = dto::Object<T>("SimulatedSum", "Clocks of one priority and kind that came to an end.")
                                    .Required("priority", &T::priority, "Of the ticket, as it is now.")
                                    .Required("clock", &T::clock, "Which clock.")
                                    .Required("kept_before", &T::kept_before, "Kept as it was.")
                                    .Required("breached_before", &T::breached_before, "Breached as it was.")
                                    .Required("kept_after", &T::kept_after, "That would have been kept.")
                                    .Required("breached_after", &T::breached_after, "That would have been breached.")
                                    .Done();
  return type;
}

const dto::Type& SimulatedClock::Dto() {
  using T = SimulatedClock;
  static const dto::Type type = dto::Object<T>("SimulatedClock", "A clock that would come out otherwise.")
                                    .Required("id", &T::id, "The ticket.")
                                    .Required("number", &T::number, "Its number.")
                                    .Required("subject", &T::subject, "What it is about.")
                                    .Required("priority", &T::priority, "Its priority now.")
                                    .Required("clock", &T::clock, "Which clock.")
                                    .Required("before", &T::before, "As it was.")
                                    .Required("after", &T::after, "As it would have been.")
                                    .Optional("due_before", &T::due_before, "When it was due.")
                                    .Optional("due_after", &T::due_after, "When it would have been due.")
                                    .Done();
  return type;
}

const dto::Type& Simulation::Dto() {
  using T = Simulation;
  static const dto::Type type =
      dto::Object<T>("Simulation", "What would have become of past tickets.")
          .Required("tickets", &T::tickets, "How many were replayed.")
          .Required("complete", &T::complete, "Whether the whole period was; else the first of it.")
          .Required("sums", &T::sums, "By priority and clock.")
          .Required("flips", &T::flips, "Clocks kept instead of breached, or the other way.")
          .Required("flipped", &T::flipped, "The first of them.")
          .Required("moves", &T::moves, "Clocks still open that would be due at another time.")
          .Required("moved", &T::moved, "The first of them.")
          .Done();
  return type;
}

}  // namespace propolis::ticket
