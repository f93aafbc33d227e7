// Staff: people of the desk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/ref.h"

namespace propolis::people {

constexpr int kUsualCapacity = 10;
constexpr int kHighestCapacity = 500;

struct Staff {
  StaffId id;
  std::string name;
  std::string email;
  Language language = Language::kEn;  // of the console
  std::vector<Language> languages;    // that she speaks with customers
  std::string zone;
  std::vector<auth::Role> roles;
  std::vector<Ref> teams;
  bool active = true;
  int capacity = kUsualCapacity;  // open tickets at the same time
  std::int64_t open_tickets = 0;
  bool on_shift = false;
  std::optional<Ref> calendar;  // her own; else her first team's, else the desk's
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewStaff {
  std::string name;
  std::string email;
  std::optional<Language> language;  // left out: the first of `languages`
  std::vector<Language> languages;
  std::string zone;
  std::vector<auth::Role> roles;
  std::vector<TeamId> team_ids;
  int capacity = kUsualCapacity;
  std::optional<CalendarId> calendar_id;
  std::optional<std::string> password;
  static const dto::Type& Dto();
};

struct StaffChange {
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<Language> language;
  std::optional<std::vector<Language>> languages;
  std::optional<std::string> zone;
  std::optional<std::vector<auth::Role>> roles;
  std::optional<std::vector<TeamId>> team_ids;
  std::optional<int> capacity;
  dto::Patch<CalendarId> calendar_id;
  std::optional<bool> active;
  std::optional<std::string> password;
  static const dto::Type& Dto();
};

// For pickers.
struct StaffName {
  StaffId id;
  std::string name;
  bool on_shift = false;
  static const dto::Type& Dto();
};

// Roles that a person of the desk may have, and which go together. Pure. Error: a field error on `roles`.
Status CheckRoles(const std::vector<auth::Role>& roles);

}  // namespace propolis::people
