// What a new request is: proposed from its words, unless a person chose. Used when a ticket opens.
#pragma once

#include "auth/actor.h"
#include "domain/triage/classify.h"
#include "store/store.h"

namespace propolis::triage {

// What the person who registers the request chose herself. Her word wins over any proposal.
struct Choices {
  std::optional<TicketKind> kind;
  std::optional<TechnologyId> technology;
  std::optional<int> impact;
  std::optional<int> urgency;
  std::optional<Language> language;
};

struct Decision {
  TicketKind kind = TicketKind::kRequest;
  std::optional<TechnologyId> technology;
  int impact = 3;  // moderate and medium until somebody knows better
  int urgency = 3;
  Priority priority = Priority::kP3;
  std::string priority_reason;       // message id: chosen, proposed or by default
  std::optional<Language> language;  // chosen or detected
  Classification classification;
};

// Pure: proposals at or over the policy's threshold fill what was not chosen.
Decision Decide(const Policy& policy, Classification classification, const Choices& chosen);

// The current policy, the default one when none was ever stored.
Policy LoadPolicy(store::ReadTx& tx);
// Rules and technologies as they stand, ready for use; kept until one of them changes.
std::shared_ptr<const Classifier> LoadClassifier(store::ReadTx& tx);
// Policy version and rules' revision, the beginning of Classification::version.
std::string Version(store::ReadTx& tx, const Policy& policy);

// A classification with what it was made by, to be made before the transaction that uses it.
struct Proposal {
  std::shared_ptr<const Classifier> by;
  Classification classification;
};
Result<Proposal> Propose(store::Store& store, std::string_view subject, std::string_view body);

// All of it in one. The customer's own claim of urgency is kept apart on the ticket and decides nothing. `proposal` is
// taken for the text's when rules, technologies, models and policy are still those it was made by.
Decision Decide(store::ReadTx& tx, std::string_view subject, std::string_view body, const Choices& chosen,
                const Proposal* proposal = nullptr);

// Only the classification of a text: for trying rules out.
Classification Try(store::ReadTx& tx, std::string_view subject, std::string_view body);

}  // namespace propolis::triage
