#include "domain/ticket/clock_history.h"

#include "base/json.h"
#include "base/json_texts.h"
#include "base/mutex.h"
#include "domain/calendars/policy.h"
#include "domain/calendars/versions.h"

namespace propolis::ticket {
namespace {

using sla::ClockEvent;
using sla::ClockEventKind;

constexpr std::string_view kHistory =
    "SELECT seq, kind, at, author_kind, author_name, visibility, data FROM entry WHERE ticket = $1 ORDER BY seq";
constexpr std::string_view kPolicyVersion = "SELECT body FROM sla_policy_version WHERE policy = $1 AND version = $2";

bool Flag(const json::View& data, std::string_view name) {
  const auto member = data.Find(name);
  return member && member->AsBool().value_or(false);
}

std::optional<Terms> TermsIn(const json::View& data) {
  const auto policy = data.Find("policy");
  if (!policy) {
    return std::nullopt;
  }
  const auto id = PolicyId::Parse(TextOf(*policy, "id"));
  const auto calendar = CalendarId::Parse(TextOf(*policy, "calendar"));
  const auto version = policy->Find("version");
  if (!id || !calendar || !version) {
    return std::nullopt;
  }
  return Terms{*id, version->AsInteger().value_or(0), *calendar};
}

// A due time that was set by hand and approved; nullopt: the entry does not say all of it.
std::optional<ClockEvent> ManualDue(const json::View& data) {
  ClockEvent event;
  event.kind = ClockEventKind::kManualDue;
  event.clock = FromName<ClockKind>(TextOf(data, "clock"));
  event.due = ParseTime(TextOf(data, "due"));
  event.reason = TextOf(data, "reason");
  event.approver = TextOf(data, "approver");
  const bool whole = event.clock && event.due && !event.reason.empty() && !event.approver.empty();
  return whole ? std::optional(std::move(event)) : std::nullopt;
}

// What one entry means to clocks; nullopt: nothing.
std::optional<ClockEvent> Meaning(EntryKind kind, bool by_customer, bool is_public, const json::View& data) {
  ClockEvent event;
  switch (kind) {
    case EntryKind::kMessage:
      event.kind = Flag(data, "automatic") ? ClockEventKind::kAutoMessage
                   : by_customer           ? ClockEventKind::kCustomerMessage
                   : is_public             ? ClockEventKind::kAgentMessage
                                           : ClockEventKind::kNote;
      return event;
    case EntryKind::kCall:
      event.kind = ClockEventKind::kCall;
      event.contact = Flag(data, "contact_made");
      return event;
    case EntryKind::kStateChange:
      event.state = FromName<TicketState>(TextOf(data, "to"));
      event.kind = event.state == TicketState::kMerged ? ClockEventKind::kMergedInto : ClockEventKind::kStateChanged;
      return event.state ? std::optional(event) : std::nullopt;
    case EntryKind::kTriage:
      if (TextOf(data, "field") != "priority") {
        return std::nullopt;
      }
      event.kind = ClockEventKind::kPriorityChanged;
      event.priority = FromName<Priority>(TextOf(data, "to"));
      return event.priority ? std::optional(event) : std::nullopt;
    case EntryKind::kSystem: {
      if (TextOf(data, "act") == "merged_from") {
        event.kind = ClockEventKind::kMergedFrom;
        event.since = ParseTime(TextOf(data, "created_at"));
        event.unanswered_since = ParseTime(TextOf(data, "unanswered_since"));
        return event.since ? std::optional(event) : std::nullopt;
      }
      if (TextOf(data, "act") == "split_from") {
        event.kind = ClockEventKind::kSplitFrom;
        event.since = ParseTime(TextOf(data, "since"));
        return event.since ? std::optional(event) : std::nullopt;
      }
      if (TextOf(data, "act") == "manual_due") {
        return ManualDue(data);
      }
      const auto terms = TermsIn(data);
      if (!terms) {
        return std::nullopt;
      }
      event.kind = ClockEventKind::kPolicyChanged;
      event.policy = terms->Key();
      event.policy_version = 1;
      return event;
    }
    default:
      return std::nullopt;
  }
}

// What sla needs of one pair of terms but the hours, which may change while a ticket is open.
struct Loaded {
  sla::PolicyVersion policy;
  std::vector<CalendarId> calendars;  // the contract's, and those of targets that have their own
};

Result<Loaded> LoadOne(store::ReadTx& tx, const Terms& terms) {
  const auto policy =
      tx.One(kPolicyVersion, [](const store::Row& row) { return row.String(0); }, terms.policy, terms.policy_version);
  if (!policy) {
    return Fail(Code::kInternal, "error.internal");
  }
  Loaded loaded;
  loaded.policy = {.id = terms.Key(), .version = 1, .policy = TRY(dto::Parse<sla::Policy>(*policy)), .checked = false};
  loaded.policy.policy.calendar = terms.calendar.ToString();
  loaded.calendars.push_back(terms.calendar);
  for (const sla::Target& target : loaded.policy.policy.targets) {
    if (const auto own = calendars::OwnCalendar(target)) {
      loaded.calendars.push_back(*own);
    }
  }
  loaded.policy.checked = sla::Validate(loaded.policy.policy, "").empty();
  return loaded;
}

// Versions never change, so they are read once. Bounded: a desk has a handful, an attacker cannot add any.
Result<std::shared_ptr<const Loaded>> KeptTerms(store::ReadTx& tx, const Terms& terms) {
  static Mutex mutex;
  static std::map<Terms, std::shared_ptr<const Loaded>> kept;
  constexpr std::size_t kMost = 1000;
  {
    const MutexLock lock(mutex);
    if (const auto found = kept.find(terms); found != kept.end()) {
      return found->second;
    }
  }
  auto loaded = std::make_shared<const Loaded>(TRY(LoadOne(tx, terms)));
  const MutexLock lock(mutex);
  if (kept.size() >= kMost) {
    kept.clear();
  }
  return kept[terms] = std::move(loaded);
}

// Whether an entry's data is worth reading: most say nothing to clocks, and a triage's is long.
bool MaySay(EntryKind kind, std::string_view data) {
  switch (kind) {
    case EntryKind::kMessage:
      return data.contains("\"automatic\"");
    case EntryKind::kCall:
    case EntryKind::kStateChange:
    case EntryKind::kTriage:
    case EntryKind::kSystem:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string Terms::Key() const {
  return policy.ToString() + "/" + std::to_string(policy_version) + "/" + calendar.ToString();
}

History ReadHistory(store::ReadTx& tx, std::int64_t number, const Terms& current) {
  History history;
  Terms first = current;
  bool first_known = false;
  tx.ForEach(
      kHistory,
      [&](const store::Row& row) {
        const auto kind = row.Enum<EntryKind>(1);
        const auto document = json::Document::Parse(MaySay(kind, row.Text(6)) ? row.Text(6) : "{}");
        if (!document) {
          return true;
        }
        const json::View data = document->Root();
        const bool by_customer = row.Text(3) == NameOf(auth::ActorKind::kCustomer);
        ClockEvent event;
        if (row.Int(0) == 1) {
          event.kind = ClockEventKind::kCreated;
        } else {
          auto meaning = Meaning(kind, by_customer, row.Text(5) == NameOf(Visibility::kPublic), data);
          if (!meaning) {
            return true;
          }
          event = std::move(*meaning);
        }
        if (event.kind == ClockEventKind::kPriorityChanged && !history.events.front().priority) {
          history.events.front().priority = event.priority;  // the first word of triage belongs to the creation
          return true;
        }
        if (event.kind == ClockEventKind::kPolicyChanged) {
          history.terms.insert(*TermsIn(data));
          if (const auto was = data.Find("before"); was && !first_known) {
            first = TermsIn(*was).value_or(first);
            first_known = true;
          }
        }
        event.at = row.Time(2);
        event.id = std::to_string(row.Int(0));
        event.by = row.String(4);
        history.events.push_back(std::move(event));
        return true;
      },
      number);
  history.terms.insert(first);
  if (!history.events.empty()) {
    history.events.front().policy = first.Key();
    history.events.front().policy_version = 1;
  }
  return history;
}

std::vector<sla::CalendarVersion> HoursOf(store::ReadTx& tx, CalendarId id) {
  std::vector<sla::CalendarVersion> hours;
  const auto versions = calendars::VersionsOf(tx, id);
  for (const calendars::Version& version : *versions) {
    hours.push_back({.id = id.ToString(),
                     .version = static_cast<int>(version.number),
                     .valid_from = hours.empty() ? std::nullopt : std::optional(version.from),
                     .calendar = {},
                     .hours = {version.hours, &version.hours->working}});
  }
  return hours;
}

void AddHours(std::vector<sla::CalendarVersion> hours, sla::ClockHistory& into) {
  if (!hours.empty() &&
      std::ranges::find(into.calendars, hours.front().id, &sla::CalendarVersion::id) == into.calendars.end()) {
    std::ranges::move(hours, std::back_inserter(into.calendars));
  }
}

Status LoadTerms(store::ReadTx& tx, const std::set<Terms>& terms, sla::ClockHistory& into) {
  for (const Terms& each : terms) {
    const auto loaded = TRY(KeptTerms(tx, each));
    for (const CalendarId& calendar : loaded->calendars) {
      AddHours(HoursOf(tx, calendar), into);
    }
    into.policies.push_back(loaded->policy);
  }
  return {};
}

}  // namespace propolis::ticket
