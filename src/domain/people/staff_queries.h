#pragma once

#include "auth/actor.h"
#include "domain/people/skill.h"
#include "domain/people/staff.h"
#include "store/store.h"

namespace propolis::people {

// All, the active ones first, by name.
Result<std::vector<Staff>> AllStaff(store::ReadTx& tx, const auth::Actor& actor, Time now);
Result<Staff> GetStaff(store::ReadTx& tx, const auth::Actor& actor, StaffId id, Time now);
// The active ones.
Result<std::vector<StaffName>> StaffNames(store::ReadTx& tx, const auth::Actor& actor, Time now);

// By technology. `valid` is told for the day that it is in the person's zone at `now`.
Result<std::vector<Skill>> Skills(store::ReadTx& tx, const auth::Actor& actor, StaffId staff, Time now);

// The interface's own object of a signed-in person; "{}" for customers.
std::string Preferences(store::ReadTx& tx, const auth::Actor& actor);

}  // namespace propolis::people
