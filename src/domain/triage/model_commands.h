// Training, keeping and changing the models of triage. A training takes seconds: rows are read in one transaction, the
// model is trained outside of any, and kept in another.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "domain/classify/csv.h"
#include "domain/classify/train.h"
#include "domain/triage/models.h"

namespace propolis::triage {

inline constexpr std::size_t kFewestExamples = 50;
inline constexpr double kModelThreshold = 0.6;  // of a new model

enum class Source { kTickets, kFile };

// A version as the API tells it.
struct ModelView {
  ModelId id;
  Target target = Target::kKind;
  std::int64_t number = 0;
  Source source = Source::kTickets;
  std::int64_t examples = 0;
  Time trained_at;
  std::string trained_by;
  double threshold = kModelThreshold;
  bool active = false;
  classify::Metrics metrics;
  classify::Metrics held_out;
  static const dto::Type& Dto();
};

struct TrainModel {
  Target target = Target::kKind;
  static const dto::Type& Dto();
};

struct ActivateModel {
  std::optional<double> threshold;
  static const dto::Type& Dto();
};

// A trained model before it is kept.
struct Candidate {
  Target target = Target::kKind;
  Source source = Source::kTickets;
  std::int64_t examples = 0;
  std::string body;
  classify::Metrics metrics;
  classify::Metrics held_out;
  // On the rows that were kept apart from every training: right at least as often as the one in force, over all rows
  // and over all labels.
  bool not_worse = true;
};

// All versions, by target, the newest first.
Result<std::vector<ModelView>> ListModels(store::ReadTx& tx, const auth::Actor& actor);

// What people of the desk taught: tickets whose value a person set, or that ended with the one chosen at the beginning
// or proposed by a rule. What a model applied and nobody touched teaches nothing: a model must not learn from itself.
Result<std::vector<classify::Example>> Corrected(store::ReadTx& tx, const auth::Actor& actor, Target target);

// Rows of a file: columns "text" (or "subject" and "body") and "label". Errors name line or label: labels are names of
// kinds, levels 1 to 4, or names of technologies.
Result<std::vector<classify::Example>> FromTable(store::ReadTx& tx, const auth::Actor& actor, Target target,
                                                 const classify::Table& table);

// Pure and slow. A part of the rows, chosen by their text, is kept apart from every training, and judges. `current` is
// the model in force. Error: kConflict "model.too_few" for too few rows or labels.
Result<Candidate> Prepare(Target target, Source source, std::vector<classify::Example> examples,
                          const classify::Model* current);

// Keeps it as the newest version, in force when `activate`, with the threshold of the one it replaces. Of each target
// the newest twenty and the one in force stay.
Result<ModelView> KeepModel(store::WriteTx& tx, const auth::Actor& actor, const Candidate& candidate, bool activate);
// Puts a version in force, at once and without a restart, here and in every process that shares the store.
Result<ModelView> Activate(store::WriteTx& tx, const auth::Actor& actor, ModelId id, const ActivateModel& request);
// Dropping the one in force leaves its target to the rules.
Status DropModel(store::WriteTx& tx, const auth::Actor& actor, ModelId id);
// Error: kNotFound.
Result<ModelId> FindModel(store::ReadTx& tx, Target target, std::int64_t number);

// Rows, training and keeping in one; in force when nothing was, or when it is not worse.
Result<ModelView> TrainFromTickets(store::Store& store, const auth::Actor& actor, Target target);
// The same from a file; in force only when nothing was.
Result<ModelView> TrainFromFile(store::Store& store, const auth::Actor& actor, Target target,
                                const classify::Table& table);

// Trains every target for which enough was taught since it was trained last.
Status Retrain(store::Store& store);

}  // namespace propolis::triage

namespace propolis {
template <>
struct Names<triage::Source> {
  static constexpr std::array kTable = {std::pair{triage::Source::kTickets, std::string_view("tickets")},
                                        std::pair{triage::Source::kFile, std::string_view("file")}};
};
}  // namespace propolis
