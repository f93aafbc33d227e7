#include "auth/own_sessions.h"

#include "auth/digest.h"
#include "auth/record.h"
#include "auth/session.h"
#include "base/text.h"

namespace propolis::auth {
namespace {

constexpr std::size_t kIdBytes = 8;         // of the SHA-256 of the token
constexpr std::size_t kLongestAgent = 300;  // code points

constexpr std::string_view kNote = "UPDATE session SET address = $2, agent = $3 WHERE token = $1";
constexpr std::string_view kOf =
    "SELECT token, created_at, seen_at, expires_at, address, agent FROM session "
    "WHERE person = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY created_at DESC";
constexpr std::string_view kTokens = "SELECT token FROM session WHERE person = $1";
constexpr std::string_view kEnd = "DELETE FROM session WHERE token = $1";
constexpr std::string_view kEndOthers = "DELETE FROM session WHERE person = $1 AND token <> $2";

std::string IdOf(std::string_view digest) { return text::HexEncode(digest.substr(0, kIdBytes)); }

}  // namespace

void NoteClient(store::WriteTx& tx, std::string_view token, std::string_view address, std::string_view agent) {
  tx.Exec(kNote, Bytes(crypto::Sha256(token)), address, text::Prefix(text::Clean(agent), kLongestAgent));
}

std::vector<OwnSession> SessionsOf(store::ReadTx& tx, const Actor& actor, std::string_view token, Time now) {
  const auto digest = crypto::Sha256(token);
  const std::string own = IdOf(Bytes(digest).bytes);
  return tx.All(
      kOf,
      [&](const store::Row& row) {
        OwnSession session{.id = IdOf(row.Bytes(0)),
                           .started_at = row.Time(1),
                           .seen_at = row.Time(2),
                           .ends_at = std::min(row.Time(3), row.Time(2) + kSessionIdle),
                           .address = row.String(4),
                           .agent = row.String(5)};
        session.current = session.id == own;
        return session;
      },
      actor.person, now, now - kSessionIdle);
}

Status EndOwnSession(store::WriteTx& tx, const Actor& actor, std::string_view id) {
  const auto digests = tx.All(kTokens, [](const store::Row& row) { return std::string(row.Bytes(0)); }, actor.person);
  const auto found = std::ranges::find(digests, id, [](const std::string& digest) { return IdOf(digest); });
  if (found == digests.end()) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TellEnded(tx, tx.Exec(kEnd, store::Blob{*found}));
  Record(tx, actor, "session.end", actor.email);
  return {};
}

std::int64_t EndOtherSessions(store::WriteTx& tx, const Actor& actor, std::string_view token) {
  const std::int64_t ended = tx.Exec(kEndOthers, actor.person, Bytes(crypto::Sha256(token)));
  TellEnded(tx, ended);
  if (ended > 0) {
    Record(tx, actor, "session.end_others", actor.email);
  }
  return ended;
}

const dto::Type& OwnSession::Dto() {
  using T = OwnSession;
  static const dto::Type type =
      dto::Object<T>("OwnSession", "A place where somebody is signed in.")
          .Required("id", &T::id, "")
          .Required("started_at", &T::started_at, "")
          .Required("seen_at", &T::seen_at, "The last request, to the minute.")
          .Required("ends_at", &T::ends_at, "When nothing more is asked; never later than a week after its start.")
          .Required("address", &T::address, "The network address it was begun from.")
          .Required("agent", &T::agent, "What the browser called itself (User-Agent).")
          .Required("current", &T::current, "It is the session that asks.")
          .Done();
  return type;
}

}  // namespace propolis::auth
