#include "domain/triage/model_commands.h"

namespace propolis::triage {

const dto::Type& ModelView::Dto() {
  static const dto::Type type =
      dto::Object<ModelView>("Model", "One version of a trained classifier.")
          .Required("id", &ModelView::id, "Its id.")
          .Required("target", &ModelView::target, "What it tells.")
          .Required("number", &ModelView::number, "Counts up for each target.")
          .Required("source", &ModelView::source, "What it was trained from.")
          .Required("examples", &ModelView::examples, "Rows there were.")
          .Required("trained_at", &ModelView::trained_at, "When.")
          .Required("trained_by", &ModelView::trained_by, "By whom.")
          .Required("threshold", &ModelView::threshold, "Answers less sure than this are withheld.")
          .Required("active", &ModelView::active, "In force.")
          .Required("metrics", &ModelView::metrics, "Cross-validated on its training rows.")
          .Required("held_out", &ModelView::held_out, "On rows that were kept apart from every training.")
          .Done();
  return type;
}

const dto::Type& TrainModel::Dto() {
  static const dto::Type type =
      dto::Object<TrainModel>("TrainModel", "Train a new version from what the people of the desk decided.")
          .Required("target", &TrainModel::target, "What it is to tell.")
          .Done();
  return type;
}

const dto::Type& ActivateModel::Dto() {
  static const dto::Type type =
      dto::Object<ActivateModel>("ActivateModel", "Put a version in force.")
          .Optional("threshold", &ActivateModel::threshold,
                    "Answers less sure than this are withheld; as it was when left out.", dto::Range(0, 1))
          .Done();
  return type;
}

}  // namespace propolis::triage
