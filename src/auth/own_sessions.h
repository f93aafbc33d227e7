// Where somebody is signed in: so that she sees what is not hers, and ends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth {

struct OwnSession {
  std::string id;  // names it; says nothing of its token
  Time started_at;
  Time seen_at;  // to the minute
  Time ends_at;  // at the latest
  std::string address;
  std::string agent;
  bool current = false;
  static const dto::Type& Dto();
};

// Keeps by which network address and browser a session was begun.
void NoteClient(store::WriteTx& tx, std::string_view token, std::string_view address, std::string_view agent);

// Those that are not over, the newest first. `token` is that of the session that asks.
std::vector<OwnSession> SessionsOf(store::ReadTx& tx, const Actor& actor, std::string_view token, Time now);

// Error: kNotFound, also for somebody else's.
Status EndOwnSession(store::WriteTx& tx, const Actor& actor, std::string_view id);
// All but the one that asks. Answers how many.
std::int64_t EndOtherSessions(store::WriteTx& tx, const Actor& actor, std::string_view token);

}  // namespace propolis::auth
