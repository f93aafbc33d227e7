// Who plays in the demo: the desk's people, teams, calendars and policies, and four customers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/demo/stories.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/people/contract.h"
#include "store/store.h"

namespace propolis::demo {

struct Customer {
  OrganisationId id;
  Language language = Language::kEn;
  std::vector<ContactId> contacts;
  std::vector<std::string> sites;
  std::vector<std::string> hosts;
  std::vector<std::string> users;
};

struct Cast {
  std::map<std::string, TechnologyId> technologies;  // by path
  std::vector<Customer> customers;
  std::vector<StaffId> staff;
};

// The person that `propolis init --demo` tells to sign in with.
inline constexpr std::string_view kLeadEmail = "marta.lindqvist@desk.example";

// Makes all of it, by the same commands that people use. `password_hash` becomes everybody's. `ends` is the day on
// which the demo's three months end: certifications expire around it.
Result<Cast> MakeCast(store::WriteTx& tx, const std::string& password_hash, Time ends);

}  // namespace propolis::demo
