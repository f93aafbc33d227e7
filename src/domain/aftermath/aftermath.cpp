#include "domain/aftermath/aftermath.h"

#include <set>

#include "domain/promise/promise.h"
#include "domain/report/fact.h"
#include "domain/survey/survey.h"

namespace propolis::aftermath {

Status Follow(store::WriteTx& tx, jobs::EventBatch events) {
  std::set<std::int64_t> tickets;
  for (const store::StoredEvent& stored : events) {
    if (stored.event.ticket != 0 && !stored.event.kind.starts_with("presence")) {
      tickets.insert(stored.event.ticket);
    }
  }
  for (const std::int64_t number : tickets) {
    TRY(promise::SettleTicket(tx, number));
    TRY(survey::AskFor(tx, number));
    report::KeepFact(tx, number);
  }
  return {};
}

}  // namespace propolis::aftermath
