#include "domain/triage/model_commands.h"

#include "auth/record.h"
#include "base/log.h"
#include "domain/triage/model_sql.h"

namespace propolis::triage {
namespace {

using auth::Permission;

constexpr std::int64_t kVersionsKept = 20;
constexpr std::int64_t kNewExamples = 25;  // that make another training worth it
constexpr std::uint32_t kHeldOutSalt = 2;
constexpr double kHeldOutPart = 0.15;

classify::Metrics ToMetrics(std::string_view json) {
  auto metrics = dto::Parse<classify::Metrics>(json);
  if (!metrics) {
    throw store::EngineFailure("stored metrics of a model cannot be read");
  }
  return std::move(*metrics);
}

ModelView ToView(const store::Row& row) {
  ModelView view;
  view.id = row.Id<ModelId>(0);
  view.target = row.Enum<Target>(1);
  view.number = row.Int(2);
  view.source = row.Enum<Source>(3);
  view.examples = row.Int(4);
  view.trained_at = row.Time(5);
  view.trained_by = row.String(6);
  view.threshold = row.Double(7);
  view.active = row.Bool(8);
  view.metrics = ToMetrics(row.Text(9));
  view.held_out = ToMetrics(row.Text(10));
  return view;
}

Result<ModelView> Find(store::ReadTx& tx, ModelId id) {
  auto view = tx.One(sql::kModel, ToView, id);
  if (!view) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return std::move(*view);
}

std::string NameOfVersion(const ModelView& view) { return fmt::format("{} {}", NameOf(view.target), view.number); }

}  // namespace

Result<std::vector<ModelView>> ListModels(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kTriageRead));
  return tx.All(sql::kModels, ToView);
}

Result<ModelId> FindModel(store::ReadTx& tx, Target target, std::int64_t number) {
  const auto id = tx.One(sql::kModelByNumber, [](const store::Row& row) { return row.Id<ModelId>(0); }, target, number);
  if (!id) {
    return Fail(Code::kNotFound, "model.no_version",
                {{"target", std::string(NameOf(target))}, {"number", std::to_string(number)}});
  }
  return *id;
}

Result<Candidate> Prepare(Target target, Source source, std::vector<classify::Example> examples,
                          const classify::Model* current) {
  std::vector<classify::Example> training;
  std::vector<classify::Example> apart;
  std::set<std::string, std::less<>> labels;
  const auto count = std::ssize(examples);
  for (classify::Example& example : examples) {
    const bool held_out = classify::Share(example.subject + "\n" + example.body, kHeldOutSalt) < kHeldOutPart;
    if (!held_out) {
      labels.insert(example.label);
    }
    (held_out ? apart : training).push_back(std::move(example));
  }
  if (static_cast<std::size_t>(count) < kFewestExamples || labels.size() < 2) {
    return Fail(Code::kConflict, "model.too_few",
                {{"target", std::string(NameOf(target))},
                 {"count", std::to_string(count)},
                 {"labels", std::to_string(labels.size())},
                 {"min", std::to_string(kFewestExamples)}});
  }
  const auto trained = TRY(classify::Train(training));
  Candidate candidate{.target = target,
                      .source = source,
                      .examples = count,
                      .body = trained.model.Serialise(),
                      .metrics = trained.metrics,
                      .held_out = classify::Judge(trained.model, apart)};
  if (current != nullptr) {
    const auto before = classify::Judge(*current, apart);
    candidate.not_worse =
        candidate.held_out.accuracy >= before.accuracy && candidate.held_out.macro_f1 >= before.macro_f1;
  }
  return candidate;
}

Result<ModelView> KeepModel(store::WriteTx& tx, const auth::Actor& actor, const Candidate& candidate, bool activate) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const auto number =
      tx.One(sql::kNewestModel, [](const store::Row& row) { return row.Int(0); }, candidate.target).value_or(0) + 1;
  const ModelId id = ModelId::New(tx.Now());
  tx.Exec(sql::kInsertModel, id, candidate.target, number, candidate.source, candidate.examples, tx.Now(), actor.name,
          kModelThreshold, dto::ToJson(candidate.metrics), dto::ToJson(candidate.held_out),
          store::Blob{candidate.body});
  if (activate) {
    const auto threshold =
        tx.One(sql::kThresholdInForce, [](const store::Row& row) { return row.Double(0); }, candidate.target);
    tx.Exec(sql::kRetireModels, candidate.target);
    tx.Exec(sql::kActivateModel, id, threshold.value_or(kModelThreshold));
  }
  tx.Exec(sql::kDropOldModels, candidate.target, number - kVersionsKept);
  auto view = TRY(Find(tx, id));
  auth::Record(tx, actor, "triage.model_train", NameOfVersion(view));
  return view;
}

Result<ModelView> Activate(store::WriteTx& tx, const auth::Actor& actor, ModelId id, const ActivateModel& request) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const ModelView view = TRY(Find(tx, id));
  const double threshold = request.threshold.value_or(view.threshold);
  if (!(threshold >= 0.0 && threshold <= 1.0)) {
    return FailField("threshold", "field.out_of_range", {{"min", "0"}, {"max", "1"}});
  }
  tx.Exec(sql::kRetireModels, view.target);
  tx.Exec(sql::kActivateModel, id, threshold);
  auth::Record(tx, actor, "triage.model_use", NameOfVersion(view));
  return Find(tx, id);
}

Status DropModel(store::WriteTx& tx, const auth::Actor& actor, ModelId id) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  const ModelView view = TRY(Find(tx, id));
  tx.Exec(sql::kDropModel, id);
  auth::Record(tx, actor, "triage.model_drop", NameOfVersion(view));
  return {};
}

namespace {

Result<ModelView> TrainAndKeep(store::Store& store, const auth::Actor& actor, Target target, Source source,
                               std::vector<classify::Example> examples) {
  const auto models =
      TRY(store.Read([](store::ReadTx& tx) -> Result<std::shared_ptr<const Models>> { return LoadModels(tx); }));
  const ActiveModel* current = models->Find(target);
  const Candidate candidate =
      TRY(Prepare(target, source, std::move(examples), current == nullptr ? nullptr : &current->model));
  const bool activate = current == nullptr || (source == Source::kTickets && candidate.not_worse);
  return store.Write([&](store::WriteTx& tx) { return KeepModel(tx, actor, candidate, activate); });
}

}  // namespace

Result<ModelView> TrainFromTickets(store::Store& store, const auth::Actor& actor, Target target) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  auto examples = TRY(store.Read([&](store::ReadTx& tx) { return Corrected(tx, actor, target); }));
  return TrainAndKeep(store, actor, target, Source::kTickets, std::move(examples));
}

Result<ModelView> TrainFromFile(store::Store& store, const auth::Actor& actor, Target target,
                                const classify::Table& table) {
  TRY(auth::Require(actor, Permission::kTriageWrite));
  auto examples = TRY(store.Read([&](store::ReadTx& tx) { return FromTable(tx, actor, target, table); }));
  return TrainAndKeep(store, actor, target, Source::kFile, std::move(examples));
}

Status Retrain(store::Store& store) {
  const auth::Actor system = auth::SystemActor();
  for (const auto& [target, name] : Names<Target>::kTable) {
    std::int64_t before = 0;
    auto examples = TRY(store.Read([&](store::ReadTx& tx) {
      before = tx.One(sql::kTrainedOn, [](const store::Row& row) { return row.Int(0); }, target).value_or(0);
      return Corrected(tx, system, target);
    }));
    if (std::ssize(examples) < before + kNewExamples) {
      continue;
    }
    const auto made = TrainAndKeep(store, system, target, Source::kTickets, std::move(examples));
    if (!made && made.error().code != Code::kConflict) {  // too few to begin with is no failure
      return std::unexpected(made.error());
    }
    if (made) {
      log::Info("triage.model", {{"trained", NameOfVersion(*made)}, {"active", made->active ? "yes" : "no"}});
    }
  }
  return {};
}

}  // namespace propolis::triage
