// Organisations: customers, with what an engineer needs to know of them at a glance.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/people/contract.h"
#include "domain/ref.h"

namespace propolis::people {

enum class Stage { kOnboarding, kHypercare, kProduction };

// Somebody to call about security, and the number to call back on.
struct SecurityContact {
  std::string name;
  std::string phone;
  std::string email;
  static const dto::Type& Dto();
};

struct Organisation {
  OrganisationId id;
  std::string name;
  std::string industry;
  std::vector<std::string> regulations;
  std::string zone;
  std::vector<Language> languages;  // the first is preferred
  Stage stage = Stage::kOnboarding;
  std::string notes;
  std::vector<std::string> domains;
  std::vector<Ref> technologies;
  std::vector<SecurityContact> security_contacts;
  std::optional<Contract> contract;  // the one in force
  std::int64_t open_tickets = 0;
  std::optional<double> csat;  // mean of the last 90 days
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewOrganisation {
  std::string name;
  std::string industry;
  std::vector<std::string> regulations;
  std::string zone;
  std::vector<Language> languages;
  Stage stage = Stage::kOnboarding;
  std::string notes;
  std::vector<std::string> domains;
  std::vector<TechnologyId> technology_ids;
  std::vector<SecurityContact> security_contacts;
  static const dto::Type& Dto();
};

struct OrganisationChange {
  std::optional<std::string> name;
  std::optional<std::string> industry;
  std::optional<std::vector<std::string>> regulations;
  std::optional<std::string> zone;
  std::optional<std::vector<Language>> languages;
  std::optional<Stage> stage;
  std::optional<std::string> notes;
  std::optional<std::vector<std::string>> domains;
  std::optional<std::vector<TechnologyId>> technology_ids;
  std::optional<std::vector<SecurityContact>> security_contacts;
  static const dto::Type& Dto();
};

// "Mail.Example.ORG" -> "mail.example.org"; nullopt when it is no domain name (RFC 1035 section 2.3.1, two labels at
// least).
std::optional<std::string> NormaliseDomain(std::string_view text);
// The domain of an address and its parents, down to two labels: "a@mx.example.org" -> {"mx.example.org",
// "example.org"}.
std::vector<std::string> DomainsOf(std::string_view email);

}  // namespace propolis::people

template <>
struct propolis::Names<propolis::people::Stage> {
  using S = propolis::people::Stage;
  static constexpr std::array kTable = {std::pair{S::kOnboarding, std::string_view("onboarding")},
                                        std::pair{S::kHypercare, std::string_view("hypercare")},
                                        std::pair{S::kProduction, std::string_view("production")}};
};
