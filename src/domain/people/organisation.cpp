#include "domain/people/organisation.h"

#include <algorithm>

namespace propolis::people {
namespace {

constexpr std::size_t kLongestDomain = 253;
constexpr std::size_t kLongestLabel = 63;

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label,
                             [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::optional<std::string> NormaliseDomain(std::string_view text) {
  std::string domain = text::AsciiLower(text::Trim(text));
  if (domain.size() > kLongestDomain) {
    return std::nullopt;
  }
  const auto labels = text::Split(domain, '.');
  if (labels.size() < 2 || !std::ranges::all_of(labels, IsLabel)) {
    return std::nullopt;
  }
  return domain;
}

std::vector<std::string> DomainsOf(std::string_view email) {
  std::vector<std::string> domains;
  const auto at = email.rfind('@');
  auto domain = at == std::string_view::npos ? std::nullopt : NormaliseDomain(email.substr(at + 1));
  while (domain && domain->find('.') != std::string::npos) {
    domains.push_back(*domain);
    domain = domain->substr(domain->find('.') + 1);
  }
  return domains;
}

const dto::Type& SecurityContact::Dto() {
  static const dto::Type type =
      dto::Object<SecurityContact>("SecurityContact", "Somebody to call about security.")
          .Required("name", &SecurityContact::name, "", dto::Text(1, 120))
          .Required("phone", &SecurityContact::phone, "The registered number to call back on.", dto::Text(0, 40))
          .Required("email", &SecurityContact::email, "", dto::Text(0, 254, "email"))
          .Done();
  return type;
}

const dto::Type& Organisation::Dto() {
  static const dto::Type type = dto::Object<Organisation>("Organisation", "A customer.")
                                    .Required("id", &Organisation::id, "")
                                    .Required("name", &Organisation::name, "")
                                    .Required("industry", &Organisation::industry, "")
                                    .Required("regulations", &Organisation::regulations, "In force for it.")
                                    .Required("zone", &Organisation::zone, "IANA time zone.")
                                    .Required("languages", &Organisation::languages, "The first is preferred.")
                                    .Required("stage", &Organisation::stage, "")
                                    .Required("notes", &Organisation::notes, "")
                                    .Required("domains", &Organisation::domains, "Mail domains that are its own.")
                                    .Required("technologies", &Organisation::technologies, "")
                                    .Required("security_contacts", &Organisation::security_contacts, "")
                                    .Optional("contract", &Organisation::contract, "The one in force today.")
                                    .Required("open_tickets", &Organisation::open_tickets, "")
                                    .Optional("csat", &Organisation::csat, "Mean score of the last 90 days, 1 to 5.")
                                    .Required("version", &Organisation::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewOrganisation::Dto() {
  static const dto::Type type =
      dto::Object<NewOrganisation>("NewOrganisation", "A new customer.")
          .Required("name", &NewOrganisation::name, "", dto::Text(1, 160))
          .Optional("industry", &NewOrganisation::industry, "", dto::Text(0, 120))
          .Optional("regulations", &NewOrganisation::regulations, "", dto::Items(0, 30))
          .Required("zone", &NewOrganisation::zone, "IANA time zone.", dto::Text(1, 64, "zone", "\"America/Lima\""))
          .Required("languages", &NewOrganisation::languages, "The first is preferred.", dto::Items(1, 3))
          .Optional("stage", &NewOrganisation::stage, "`onboarding` when left out.")
          .Optional("notes", &NewOrganisation::notes, "", dto::Text(0, 10000, "multiline"))
          .Optional("domains", &NewOrganisation::domains, "Mail domains that are its own.", dto::Items(0, 50))
          .Optional("technology_ids", &NewOrganisation::technology_ids, "", dto::Items(0, 200))
          .Optional("security_contacts", &NewOrganisation::security_contacts, "", dto::Items(0, 20))
          .Done();
  return type;
}

const dto::Type& OrganisationChange::Dto() {
  static const dto::Type type =
      dto::Object<OrganisationChange>("OrganisationChange", "What to change of a customer; lists are replaced.")
          .Optional("name", &OrganisationChange::name, "", dto::Text(1, 160))
          .Optional("industry", &OrganisationChange::industry, "", dto::Text(0, 120))
          .Optional("regulations", &OrganisationChange::regulations, "", dto::Items(0, 30))
          .Optional("zone", &OrganisationChange::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
          .Optional("languages", &OrganisationChange::languages, "", dto::Items(1, 3))
          .Optional("stage", &OrganisationChange::stage, "")
          .Optional("notes", &OrganisationChange::notes, "", dto::Text(0, 10000, "multiline"))
          .Optional("domains", &OrganisationChange::domains, "", dto::Items(0, 50))
          .Optional("technology_ids", &OrganisationChange::technology_ids, "", dto::Items(0, 200))
          .Optional("security_contacts", &OrganisationChange::security_contacts, "", dto::Items(0, 20))
          .Done();
  return type;
}

}  // namespace propolis::people
