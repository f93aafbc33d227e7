// route: who is best qualified for a ticket.
#include "app/try/rules.h"
#include "domain/routing/ranking.h"

namespace propolis::app {
namespace {

struct HoldingInput {
  TechnologyId technology;
  int level = 1;
  std::string certification;
  std::string until;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<HoldingInput>("RouteHolding", "A skill with its certification.")
            .Required("technology", &HoldingInput::technology, "Which technology.")
            .Required("level", &HoldingInput::level, "1 to 3.", dto::Range(1, 3))
            .Optional("certification", &HoldingInput::certification, "Its name; without one it does not count.",
                      dto::Text(0, 200))
            .Optional("until", &HoldingInput::until, "Last day it counts, YYYY-MM-DD.", dto::Text(0, 10))
            .Done();
    return type;
  }
};
struct CandidateInput {
  StaffId id;
  std::string name;
  std::vector<HoldingInput> skills;
  bool on_shift = false;
  std::vector<Language> languages;
  std::int64_t open_tickets = 0;
  std::int64_t capacity = 0;
  std::int64_t handled = 0;
  std::optional<Time> last_assigned;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<CandidateInput>("RouteCandidate", "Somebody of the desk.")
            .Required("id", &CandidateInput::id, "Id.")
            .Required("name", &CandidateInput::name, "Name.", dto::Text(1, 200))
            .Optional("skills", &CandidateInput::skills, "What she is certified for.")
            .Optional("on_shift", &CandidateInput::on_shift, "Whether she works now.")
            .Optional("languages", &CandidateInput::languages, "What she speaks.")
            .Optional("open_tickets", &CandidateInput::open_tickets, "What she has now.", dto::Range(0, 100000))
            .Optional("capacity", &CandidateInput::capacity, "What she can have.", dto::Range(0, 100000))
            .Optional("handled", &CandidateInput::handled, "Recent tickets of the organisation.", dto::Range(0, 100000))
            .Optional("last_assigned", &CandidateInput::last_assigned, "When she last got a ticket.")
            .Done();
    return type;
  }
};
struct RouteInput {
  std::vector<TechnologyId> lineage;
  std::string technology;
  Priority priority = Priority::kP4;
  std::optional<Language> language;
  std::string today;
  Time now;
  std::vector<CandidateInput> candidates;
  Language tell = Language::kEn;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<RouteInput>("RouteInput", "A ticket's need and the candidates.")
            .Required("lineage", &RouteInput::lineage, "The technology, then what is above it.")
            .Optional("technology", &RouteInput::technology, "Its name, for the reasons.", dto::Text(0, 200))
            .Required("priority", &RouteInput::priority, "P1 asks for level 2.")
            .Optional("language", &RouteInput::language, "Language of the customer.")
            .Required("today", &RouteInput::today, "YYYY-MM-DD, for expired certifications.", dto::Text(10, 10))
            .Required("now", &RouteInput::now, "The moment, for who has waited longest.")
            .Required("candidates", &RouteInput::candidates, "Who could take it.")
            .Optional("tell", &RouteInput::tell, "Language of the reasons; en when left out.")
            .Done();
    return type;
  }
};

Result<routing::Routing> Route(const RouteInput& input) {
  std::vector<routing::Candidate> candidates;
  for (const CandidateInput& given : input.candidates) {
    routing::Candidate candidate{.id = given.id,
                                 .name = given.name,
                                 .skills = {},
                                 .on_shift = given.on_shift,
                                 .languages = given.languages,
                                 .open_tickets = given.open_tickets,
                                 .capacity = given.capacity,
                                 .handled = given.handled,
                                 .last_assigned = given.last_assigned.value_or(Time{})};
    for (const HoldingInput& skill : given.skills) {
      candidate.skills.push_back({skill.technology, skill.level, skill.certification, skill.until});
    }
    candidates.push_back(std::move(candidate));
  }
  const routing::Need need{input.lineage, input.technology, input.priority, input.language, input.today, input.now};
  return routing::Tell(routing::Rank(need, candidates), input.tell);
}

}  // namespace

std::vector<Rule> RouteRules() {
  return {MakeRule(
      "route", "Who is best qualified for a ticket, with the reasons.",
      R"({"lineage":["018f0000-0000-7000-8000-000000000001"],"technology":"FortiGate","priority":"P2",)"
      R"("today":"2026-03-02","now":"2026-03-02T10:00:00Z","candidates":[{"id":"018f0000-0000-7000-8000-0000000000aa",)"
      R"("name":"Ana","skills":[{"technology":"018f0000-0000-7000-8000-000000000001","level":2,)"
      R"("certification":"NSE 4"}],"on_shift":true,"languages":["es"],"capacity":8}]})",
      Route)};
}

}  // namespace propolis::app
