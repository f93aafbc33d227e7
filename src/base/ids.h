// Strong ids: UUIDv7 (RFC 9562 section 5.7), one C++ type for each kind of thing, so that an organisation's id cannot
// be passed where a ticket's is wanted. In the store 16-byte blobs; for people and the API the usual 36 characters.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace propolis {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Uuid&) const = default;
  [[nodiscard]] bool IsNil() const { return *this == Uuid{}; }
  [[nodiscard]] std::string ToString() const;
  static std::optional<Uuid> Parse(std::string_view text);
  static std::optional<Uuid> FromBytes(std::string_view bytes);
  [[nodiscard]] std::string_view AsBytes() const { return {reinterpret_cast<const char*>(bytes.data()), 16}; }
};

// A fresh UUIDv7 for `now`. Ids of one process are strictly increasing, even within one millisecond. Thread-safe.
Uuid NewUuid(Time now);

template <class Tag>
struct Id {
  Uuid uuid;
  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool IsNil() const { return uuid.IsNil(); }
  [[nodiscard]] std::string ToString() const { return uuid.ToString(); }
  static Id New(Time now) { return Id{NewUuid(now)}; }
  static std::optional<Id> Parse(std::string_view text) {
    const auto parsed = Uuid::Parse(text);
    return parsed ? std::optional<Id>(Id{*parsed}) : std::nullopt;
  }
};

using TicketId = Id<struct TicketTag>;
using EntryId = Id<struct EntryTag>;
using OrganisationId = Id<struct OrganisationTag>;
using ContactId = Id<struct ContactTag>;
using ContractId = Id<struct ContractTag>;
using TechnologyId = Id<struct TechnologyTag>;
using StaffId = Id<struct StaffTag>;
using TeamId = Id<struct TeamTag>;
using SkillId = Id<struct SkillTag>;
using CalendarId = Id<struct CalendarTag>;
using PolicyId = Id<struct PolicyTag>;
using EvidenceId = Id<struct EvidenceTag>;
using PromiseId = Id<struct PromiseTag>;
using ApprovalId = Id<struct ApprovalTag>;
using SurveyId = Id<struct SurveyTag>;
using ArticleId = Id<struct ArticleTag>;
using SessionId = Id<struct SessionTag>;
using ApiKeyId = Id<struct ApiKeyTag>;
using RuleId = Id<struct RuleTag>;
using SnippetId = Id<struct SnippetTag>;
using ViewId = Id<struct ViewTag>;

}  // namespace propolis

template <>
struct std::hash<propolis::Uuid> {
  std::size_t operator()(const propolis::Uuid& uuid) const noexcept {
    std::uint64_t tail = 0;  // the random half
    std::memcpy(&tail, uuid.bytes.data() + 8, sizeof tail);
    return static_cast<std::size_t>(tail);
  }
};
template <class Tag>
struct std::hash<propolis::Id<Tag>> {
  std::size_t operator()(const propolis::Id<Tag>& id) const noexcept { return std::hash<propolis::Uuid>{}(id.uuid); }
};
