#include "auth/password.h"

#include <algorithm>
#include <semaphore>

#include "base/crypto.h"
#include "base/text.h"

namespace propolis::auth {
namespace {

// 64 MiB each: the bound keeps a burst of sign-ins from exhausting memory.
constexpr std::ptrdiff_t kHashesAtOnce = 4;

std::counting_semaphore<kHashesAtOnce>& HashSlots() {
  static std::counting_semaphore<kHashesAtOnce> slots(kHashesAtOnce);
  return slots;
}

class HashSlot {
 public:
  HashSlot() { HashSlots().acquire(); }
  ~HashSlot() { HashSlots().release(); }
  HashSlot(const HashSlot&) = delete;
  HashSlot& operator=(const HashSlot&) = delete;
};

const std::string& DummyHash() {
  static const std::string hash = crypto::HashPassword(crypto::RandomToken()).value_or("");
  return hash;
}

bool AllTheSame(std::string_view folded) {
  return std::ranges::all_of(folded, [&](char c) { return c == folded.front(); });
}

constexpr std::string_view kFailures = "SELECT failures, last_at FROM sign_in_failure WHERE subject = $1";
constexpr std::string_view kCount =
    "INSERT INTO sign_in_failure (subject, failures, last_at) VALUES ($1, 1, $2) "
    "ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at, "
    "failures = CASE WHEN sign_in_failure.last_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END";
constexpr std::string_view kForget = "DELETE FROM sign_in_failure WHERE subject = $1";
constexpr std::string_view kForgetOld = "DELETE FROM sign_in_failure WHERE last_at < $1";

std::string Account(std::string_view email) { return "account:" + text::ToLower(text::Trim(email)); }
std::string Address(std::string_view address) { return "address:" + std::string(address); }

}  // namespace

Status CheckPassword(std::string_view password, std::string_view email, std::string_view name, std::string_view field) {
  const std::string path(field);
  const std::size_t length = text::Length(password);
  if (length < kShortestPassword) {
    return FailField(path, "field.too_short", {{"min", std::to_string(kShortestPassword)}});
  }
  if (length > kLongestPassword) {
    return FailField(path, "field.too_long", {{"max", std::to_string(kLongestPassword)}});
  }
  const std::string folded = text::Fold(text::Trim(password));
  if (folded.empty() || AllTheSame(folded)) {
    return FailField(path, "password.one_character");
  }
  if (folded == text::Fold(email) || folded == text::Fold(name)) {
    return FailField(path, "password.is_own_name");
  }
  return {};
}

Result<std::string> HashPassword(std::string_view password) {
  const HashSlot slot;
  auto hash = crypto::HashPassword(password);
  if (!hash) {
    return Fail(Code::kUnavailable, "error.unavailable");
  }
  return *std::move(hash);
}

bool VerifyPassword(const std::optional<std::string>& hash, std::string_view password) {
  const HashSlot slot;
  if (text::Length(password) > kLongestPassword) {
    return false;
  }
  const bool right = crypto::VerifyPassword(hash ? *hash : DummyHash(), password);
  return hash.has_value() && right;
}

Time NextTry(const SlowDown& rule, std::int64_t failures, Time last) {
  if (failures < rule.free_tries) {
    return last;
  }
  const auto doublings = std::min<std::int64_t>(failures - rule.free_tries, 20);
  return last + std::min(Seconds{std::int64_t{1} << doublings}, rule.longest);
}

Status MayTry(store::ReadTx& tx, const SlowDown& rule, std::string_view subject, Time now) {
  Time next{};
  tx.ForEach(
      kFailures,
      [&](const store::Row& row) {
        const Time last = row.Time(1);
        next = last + kFailureMemory > now ? NextTry(rule, row.Int(0), last) : Time{};
        return false;
      },
      subject);
  if (next > now) {
    const auto wait = std::chrono::ceil<Seconds>(next - now);
    return Fail(Code::kRateLimited, "error.rate_limited", {{"seconds", std::to_string(wait.count())}});
  }
  return {};
}

Status MayTry(store::ReadTx& tx, std::string_view email, std::string_view address, Time now) {
  TRY(MayTry(tx, kPerAccount, Account(email), now));
  return MayTry(tx, kPerAddress, Address(address), now);
}

void CountTry(store::WriteTx& tx, std::string_view subject) {
  const Time forgotten = tx.Now() - kFailureMemory;
  tx.Exec(kForgetOld, forgotten);
  tx.Exec(kCount, subject, tx.Now(), forgotten);
}

void CountFailure(store::WriteTx& tx, std::string_view email, std::string_view address) {
  CountTry(tx, Account(email));
  CountTry(tx, Address(address));
}

void ForgetFailures(store::WriteTx& tx, std::string_view email) { tx.Exec(kForget, Account(email)); }

}  // namespace propolis::auth
