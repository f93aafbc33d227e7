#include "domain/triage/accuracy.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "domain/day.h"
#include "domain/triage/model_sql.h"
#include "domain/triage/taught.h"

namespace propolis::triage {
namespace {

using auth::Permission;

constexpr int kUsualWeeks = 13;

// Adds one ticket to a count.
void Add(AccuracyCount& count, const Judged& ticket) {
  const bool judged = !ticket.proposed.empty() && ticket.settled.has_value();
  count.applied += ticket.proposed.empty() ? 0 : 1;
  count.judged += judged ? 1 : 0;
  count.right += judged && ticket.proposed == *ticket.settled ? 1 : 0;
}

std::vector<std::string> NamesOfWeeks(Time from, int weeks) {
  std::vector<std::string> names;
  for (int week = 0; week < weeks; ++week) {
    names.push_back(NameOfWeek(from + week * std::chrono::days{7}));
  }
  return names;
}

}  // namespace

TargetAccuracy Count(Target target, const std::vector<Judged>& tickets, Time from, int weeks) {
  TargetAccuracy accuracy{.target = target, .all = {}, .model = {}, .weeks = {}, .classes = {}};
  const auto names = NamesOfWeeks(from, weeks);
  for (const std::string& name : names) {
    accuracy.weeks.push_back({.week = name, .all = {}, .model = {}});
  }
  std::map<std::string, ClassAccuracy> classes;
  const auto class_of = [&](const std::string& label) -> ClassAccuracy& {
    ClassAccuracy& one = classes[label];
    if (one.label.empty()) {
      one.label = label;
      std::ranges::transform(names, std::back_inserter(one.weeks),
                             [](const std::string& name) { return ClassWeek{.week = name, .settled = 0, .right = 0}; });
    }
    return one;
  };
  for (const Judged& ticket : tickets) {
    const auto place = std::clamp<std::int64_t>((ticket.came - from) / std::chrono::days{7}, 0, weeks - 1);
    AccuracyWeek& week = accuracy.weeks[static_cast<std::size_t>(place)];
    for (AccuracyCount* count : {&accuracy.all, &accuracy.model, &week.all, &week.model}) {
      ++count->tickets;
    }
    Add(accuracy.all, ticket);
    Add(week.all, ticket);
    if (ticket.method == Method::kModel) {
      Add(accuracy.model, ticket);
      Add(week.model, ticket);
    }
    if (ticket.proposed.empty() || !ticket.settled) {
      continue;
    }
    const std::int64_t right = ticket.proposed == *ticket.settled ? 1 : 0;
    ++class_of(ticket.proposed).proposed;
    if (!ticket.settled->empty()) {
      ClassAccuracy& was = class_of(*ticket.settled);
      ++was.settled;
      was.right += right;
      ClassWeek& of_class = was.weeks[static_cast<std::size_t>(place)];
      ++of_class.settled;
      of_class.right += right;
    }
  }
  for (auto& [label, one] : classes) {
    accuracy.classes.push_back(std::move(one));
  }
  std::ranges::sort(accuracy.classes, {},
                    [](const ClassAccuracy& one) { return std::tuple(-one.settled, -one.proposed, one.label); });
  accuracy.classes.resize(std::min(accuracy.classes.size(), kMostClasses));
  return accuracy;
}

Result<Accuracy> ComputeAccuracy(store::ReadTx& tx, const auth::Actor& actor, const AccuracyFilter& filter, Time now) {
  TRY(auth::Require(actor, Permission::kTriageRead));
  const int weeks = filter.weeks.value_or(kUsualWeeks);
  Accuracy accuracy;
  accuracy.from = MondayOf(now) - (weeks - 1) * std::chrono::days{7};
  std::map<Target, std::vector<Judged>> tickets;
  std::vector<std::pair<std::size_t, Taught>> open;  // of which people may have said something, and their places
  std::size_t count = 0;
  tx.ForEach(
      sql::kTaughtSince,
      [&](const store::Row& row) {
        Taught taught = ToTaught(row);
        for (const auto& [target, name] : Names<Target>::kTable) {
          auto [label, method] = AppliedAnswer(taught.proposed, target);
          tickets[target].push_back({.came = row.Time(sql::kCameColumn),
                                     .proposed = std::move(label),
                                     .method = method,
                                     .settled = taught.ended ? std::optional(LabelOf(taught, target)) : std::nullopt});
        }
        if (!taught.ended) {
          open.emplace_back(count, std::move(taught));
        }
        return ++count < kMostJudged;
      },
      accuracy.from, static_cast<std::int64_t>(kMostJudged));
  for (const auto& [place, taught] : open) {
    const auto fields = CorrectedFields(tx, taught.number);
    for (const auto& [target, name] : Names<Target>::kTable) {
      if (fields.contains(name)) {
        tickets[target][place].settled = LabelOf(taught, target);
      }
    }
  }
  accuracy.complete = count < kMostJudged;
  for (const auto& [target, name] : Names<Target>::kTable) {
    accuracy.targets.push_back(Count(target, tickets[target], accuracy.from, weeks));
  }
  return accuracy;
}

const dto::Type& AccuracyFilter::Dto() {
  constexpr int kMostWeeks = 52;
  static const dto::Type type = dto::Object<AccuracyFilter>("AccuracyQuery", "")
                                    .Optional("weeks", &AccuracyFilter::weeks,
                                              "How many, with this one; 13 when left out.", dto::Range(1, kMostWeeks))
                                    .Done();
  return type;
}

const dto::Type& AccuracyCount::Dto() {
  static const dto::Type type =
      dto::Object<AccuracyCount>("AccuracyCount", "How many answers were applied, and how many of them were right.")
          .Required("tickets", &AccuracyCount::tickets, "That came.")
          .Required("applied", &AccuracyCount::applied, "For which an answer was applied.")
          .Required("judged", &AccuracyCount::judged, "Of these, those whose value is settled.")
          .Required("right", &AccuracyCount::right, "Of these, those whose value is the answer.")
          .Done();
  return type;
}

const dto::Type& AccuracyWeek::Dto() {
  static const dto::Type type = dto::Object<AccuracyWeek>("AccuracyWeek", "The tickets that came in one ISO week.")
                                    .Required("week", &AccuracyWeek::week, "2026-W47.")
                                    .Required("all", &AccuracyWeek::all, "By rules and models.")
                                    .Required("model", &AccuracyWeek::model, "By the model alone.")
                                    .Done();
  return type;
}

const dto::Type& ClassWeek::Dto() {
  static const dto::Type type = dto::Object<ClassWeek>("ClassWeek", "One label in one ISO week.")
                                    .Required("week", &ClassWeek::week, "2026-W47.")
                                    .Required("settled", &ClassWeek::settled, "Judged tickets that were it.")
                                    .Required("right", &ClassWeek::right, "Of these, those where it was the answer.")
                                    .Done();
  return type;
}

const dto::Type& ClassAccuracy::Dto() {
  static const dto::Type type =
      dto::Object<ClassAccuracy>("ClassAccuracy", "How well one label is told.")
          .Required("label", &ClassAccuracy::label, "A technology's id, a kind, or a level.")
          .Required("settled", &ClassAccuracy::settled, "Judged tickets that were it in the end.")
          .Required("proposed", &ClassAccuracy::proposed, "Judged tickets for which it was the answer.")
          .Required("right", &ClassAccuracy::right, "Both.")
          .Required("weeks", &ClassAccuracy::weeks, "All of the period, in order.")
          .Done();
  return type;
}

const dto::Type& TargetAccuracy::Dto() {
  static const dto::Type type =
      dto::Object<TargetAccuracy>("TargetAccuracy", "How good the answers about one thing were.")
          .Required("target", &TargetAccuracy::target, "")
          .Required("all", &TargetAccuracy::all, "By rules and models.")
          .Required("model", &TargetAccuracy::model, "By the model alone.")
          .Required("weeks", &TargetAccuracy::weeks, "All of the period, in order.")
          .Required("classes", &TargetAccuracy::classes, "The most frequent first, at most 25.")
          .Done();
  return type;
}

const dto::Type& Accuracy::Dto() {
  static const dto::Type type =
      dto::Object<Accuracy>("ClassificationAccuracy", "What was proposed when tickets came, against what they were.")
          .Required("from", &Accuracy::from, "A Monday, in UTC.")
          .Required("complete", &Accuracy::complete, "false: only the newest 20,000 tickets were looked at.")
          .Required("targets", &Accuracy::targets, "Technology, kind, impact, urgency.")
          .Done();
  return type;
}

}  // namespace propolis::triage
