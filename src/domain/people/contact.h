// Contacts: people at an organisation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/ref.h"

namespace propolis::people {

enum class ContactRole { kRequester, kApprover, kSecurity, kExecutive };

struct Contact {
  ContactId id;
  Ref organisation;
  std::string name;
  std::vector<std::string> emails;  // lower case; the first is written to
  std::vector<std::string> phones;
  Language language = Language::kEn;
  std::vector<ContactRole> roles;
  bool portal = false;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewContact {
  std::string name;
  std::vector<std::string> emails;
  std::vector<std::string> phones;
  std::optional<Language> language;  // left out: the organisation's first
  std::vector<ContactRole> roles;    // left out: requester
  bool portal = false;
  static const dto::Type& Dto();
};

struct ContactChange {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> emails;
  std::optional<std::vector<std::string>> phones;
  std::optional<Language> language;
  std::optional<std::vector<ContactRole>> roles;
  std::optional<bool> portal;
  static const dto::Type& Dto();
};

// Who asks, as far as an address tells.
struct Requester {
  std::optional<ContactId> contact;
  std::optional<OrganisationId> organisation;  // the contact's, or by the mail domain
  std::string name;                            // the contact's; empty when there is none
  std::optional<Language> language;            // the contact's, or the organisation's first
};

}  // namespace propolis::people

template <>
struct propolis::Names<propolis::people::ContactRole> {
  using R = propolis::people::ContactRole;
  static constexpr std::array kTable = {
      std::pair{R::kRequester, std::string_view("requester")}, std::pair{R::kApprover, std::string_view("approver")},
      std::pair{R::kSecurity, std::string_view("security")}, std::pair{R::kExecutive, std::string_view("executive")}};
};
