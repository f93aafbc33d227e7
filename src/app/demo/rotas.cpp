#include "app/demo/rotas.h"

#include "domain/escalation/policy_commands.h"
#include "domain/oncall/rota_commands.h"

namespace propolis::demo {
namespace {

using oncall::Layer;
using oncall::ShiftUnit;
using enum sla::Weekday;

constexpr sla::TimeOfDay Hour(int hour) { return {std::chrono::hours{hour}}; }

std::vector<std::string> Ids(const std::vector<StaffId>& staff, std::initializer_list<std::size_t> places) {
  std::vector<std::string> ids;
  for (const std::size_t place : places) {
    ids.push_back(staff[place].ToString());
  }
  return ids;
}

// Weeks from Monday to Monday at nine; the nights of working days are Quito's evenings.
oncall::NewRota SecurityOnCall(const std::vector<StaffId>& staff) {
  const oncall::Rotation weeks{
      .unit = ShiftUnit::kWeek, .length = 1, .start = oncall::LocalTime::Parse("2026-01-05T09:00").value()};
  const oncall::Rotation days{
      .unit = ShiftUnit::kDay, .length = 1, .start = oncall::LocalTime::Parse("2026-01-05T22:00").value()};
  const std::vector<oncall::Window> nights = {
      {.days = {kMon, kTue, kWed, kThu, kFri}, .from = Hour(22), .to = Hour(6)}};
  return {
      .name = "Security on call",
      .zone = "Europe/Lisbon",
      .layers = {{.name = "First line", .rotation = weeks, .people = Ids(staff, {1, 2, 5, 6}), .restrictions = {}},
                 {.name = "Nights, Quito", .rotation = days, .people = Ids(staff, {8, 9}), .restrictions = nights}}};
}

oncall::NewRota Managers(const std::vector<StaffId>& staff) {
  const oncall::Rotation months{
      .unit = ShiftUnit::kMonth, .length = 1, .start = oncall::LocalTime::Parse("2026-01-01T09:00").value()};
  return {.name = "Escalation",
          .zone = "Europe/Lisbon",
          .layers = {{.name = "Leads", .rotation = months, .people = Ids(staff, {0, 3}), .restrictions = {}}}};
}

// To be chosen by hand: a desk that is only looked at should call nobody by itself.
escalation::NewPolicy ByHand(const oncall::DeskRota& first, const oncall::DeskRota& then) {
  const auto rota = [](const oncall::DeskRota& of) {
    return escalation::Target{escalation::TargetKind::kRota, of.id.ToString()};
  };
  return {.name = "Security, then the leads",
          .steps = {{.after = 0, .targets = {rota(first)}}, {.after = 600, .targets = {rota(first), rota(then)}}},
          .repeats = 1,
          .pause = 900,
          .next_id = std::nullopt,
          .is_default = false};
}

}  // namespace

Status MakeRotas(store::WriteTx& tx, const std::vector<StaffId>& staff, Time ends) {
  const auth::Actor desk = auth::SystemActor();
  const auto rota = TRY(oncall::AddRota(tx, desk, SecurityOnCall(staff)));
  const auto leads = TRY(oncall::AddRota(tx, desk, Managers(staff)));
  TRY(escalation::AddPolicy(tx, desk, ByHand(rota, leads)));
  TRY(oncall::AddOverride(tx, desk, rota.id,
                          {.from = ends + std::chrono::hours{24},
                           .to = ends + std::chrono::hours{36},
                           .in = staff[7],
                           .out = std::nullopt,
                           .reason = "A second person for the migration night"}));
  return {};
}

}  // namespace propolis::demo
