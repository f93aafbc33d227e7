// A ticket as far as it can teach: what was proposed when it came, and what it is now. For this room.
#pragma once

#include <set>
#include <string>

#include "domain/triage/classify.h"
#include "domain/triage/models.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::triage {

struct Taught {
  std::int64_t number = 0;
  std::string subject;
  bool ended = false;
  TicketKind kind = TicketKind::kRequest;
  int impact = 0;
  int urgency = 0;
  std::optional<TechnologyId> technology;
  Classification proposed;
};
// Of a row of PROPOLIS_TAUGHT_COLUMNS (model_sql.h).
Taught ToTaught(const store::Row& row);

// What it is, as a label of models; empty: no technology is known.
std::string LabelOf(const Taught& taught, Target target);

// The answer that was applied when it came, as a label, and who gave it. Empty: none was.
struct Answer {
  std::string label;
  Method method = Method::kRules;
};
Answer AppliedAnswer(const Classification& proposed, Target target);

// The fields that a person of the desk set: names of targets, and others.
std::set<std::string, std::less<>> CorrectedFields(store::ReadTx& tx, std::int64_t ticket);

}  // namespace propolis::triage
