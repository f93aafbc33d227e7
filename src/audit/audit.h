// The audit log: who did what to what, written in the transaction that did it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "store/store.h"

namespace propolis::audit {

enum class Outcome { kDone, kDenied };

struct Leaf {
  std::string actor_kind;
  Uuid actor;  // nil for the system
  std::string actor_name;
  std::string act;  // noun.verb
  Outcome outcome = Outcome::kDone;
  std::int64_t ticket = 0;     // number, 0 for none
  std::string subject;         // what it was done to, for people: "PR-12-K", "ana@example.org"
  std::string details = "{}";  // JSON; never secrets or message bodies
};

void Record(store::WriteTx& tx, const Leaf& leaf);

}  // namespace propolis::audit

template <>
struct propolis::Names<propolis::audit::Outcome> {
  static constexpr std::array kTable = {std::pair{propolis::audit::Outcome::kDone, std::string_view("done")},
                                        std::pair{propolis::audit::Outcome::kDenied, std::string_view("denied")}};
};
