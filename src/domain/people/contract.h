// Contracts: which SLA policy, calendar, channels and languages an organisation has, from which day to which.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::people {

struct Contract {
  ContractId id;
  std::string name;
  Ref policy;
  Ref calendar;
  std::vector<Channel> channels;       // empty: all
  std::vector<Language> languages;     // empty: all
  std::string starts_on;               // YYYY-MM-DD in the organisation's zone
  std::optional<std::string> ends_on;  // the last day
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewContract {
  std::string name;
  PolicyId policy_id;
  CalendarId calendar_id;
  std::vector<Channel> channels;
  std::vector<Language> languages;
  std::string starts_on;
  std::optional<std::string> ends_on;
  static const dto::Type& Dto();
};

struct ContractChange {
  std::optional<std::string> name;
  std::optional<PolicyId> policy_id;
  std::optional<CalendarId> calendar_id;
  std::optional<std::vector<Channel>> channels;
  std::optional<std::vector<Language>> languages;
  std::optional<std::string> starts_on;
  dto::Patch<std::string> ends_on;
  static const dto::Type& Dto();
};

// What a contract gives a ticket's clocks to run by.
struct Terms {
  std::optional<ContractId> contract;  // nullopt: the desk's defaults
  std::string contract_name;
  PolicyId policy;
  std::int64_t policy_version = 0;
  CalendarId calendar;
};

}  // namespace propolis::people
