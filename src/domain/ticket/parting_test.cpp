// Merging and splitting tickets: whose contact counts, what the preview says and what then becomes of it.
#include "domain/ticket/parting.h"

#include "domain/ticket/service_level_test_support.h"

namespace propolis::ticket {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class PartingTest : public ServiceLevelTest {
 protected:
  void SetUp() override {
    ServiceLevelTest::SetUp();
    calendars::NewPolicy policy{.name = "Answers", .targets = {}, .pauses = std::nullopt};
    for (const auto& [priority, name] : Names<Priority>::kTable) {
      policy.targets.push_back({priority, ClockKind::kFirstResponse, 3600});
      policy.targets.push_back({priority, ClockKind::kNextResponse, 3600});
      policy.targets.push_back({priority, ClockKind::kResolution, 8 * 3600});
    }
    const auto id = Write([&](WriteTx& tx) { return calendars::AddPolicy(tx, system_, policy); })->id;
    ASSERT_TRUE(Write([&](WriteTx& tx) { return calendars::SetDeskDefaults(tx, system_, id, around_); }));
  }
  std::int64_t SayAs(const auth::Actor& actor, std::int64_t number, const std::string& body = "Hello") {
    PostMessage message;
    message.body = body;
    const auto posted = Write([&](WriteTx& tx) { return Post(tx, actor, number, message); });
    EXPECT_TRUE(posted) << Describe(posted.error());
    EXPECT_EQ(posted->ticket.number, expect_in_.value_or(number));
    return posted->seq;
  }
  Result<Ticket> Merge(std::int64_t number, std::int64_t into) {
    return Write([&](WriteTx& tx) {
      return Move(tx, agent_, number,
                  {.to = TicketState::kMerged, .reason = {}, .until = {}, .into = std::to_string(into)}, std::nullopt);
    });
  }
  sla::TicketClock Clock(std::int64_t number, ClockKind kind) {
    const auto clocks = Read([&](ReadTx& tx) { return ClocksOf(tx, number, desk_.store.clock->Now(), false); });
    sla::TicketClock last;
    for (const auto& clock : *clocks) {
      last = clock.kind == kind ? clock : last;
    }
    EXPECT_EQ(last.kind, kind);
    return last;
  }
  static const ForecastClock& Of(const Forecast& forecast, ClockKind kind) {
    return *std::ranges::find(forecast.clocks, kind, &ForecastClock::clock);
  }
  Result<Forecast> MergePreview(std::int64_t number, std::int64_t into) {
    return Read(
        [&](ReadTx& tx) { return PreviewMerge(tx, agent_, number, std::to_string(into), desk_.store.clock->Now()); });
  }
  Result<Ticket> Split(std::int64_t number, std::int64_t seq) {
    return Write([&](WriteTx& tx) { return SplitOff(tx, agent_, number, {seq, "The printer"}); });
  }

  auth::Actor customer_ = desk_.AddCustomer("Bea", desk_.organisation);
  std::optional<std::int64_t> expect_in_;
};

TEST_F(PartingTest, ATargetTakesTheOlderContactThatNobodyAnswered) {
  const Ticket older = OpenOne();
  desk_.store.clock->Advance(minutes{30});
  const Ticket target = OpenOne();
  desk_.store.clock->Advance(minutes{10});
  const auto preview = MergePreview(older.number, target.number);
  ASSERT_TRUE(preview) << Describe(preview.error());
  EXPECT_EQ(preview->since, older.created_at);
  const ForecastClock& foretold = Of(*preview, ClockKind::kFirstResponse);
  EXPECT_EQ(foretold.due_before, target.created_at + hours{1});
  EXPECT_EQ(foretold.due_after, older.created_at + hours{1});
  EXPECT_FALSE(foretold.breached_after);
  EXPECT_EQ(Clock(target.number, ClockKind::kFirstResponse).due_at, foretold.due_before) << "a preview changes nothing";

  ASSERT_TRUE(Merge(older.number, target.number));
  EXPECT_EQ(Clock(target.number, ClockKind::kFirstResponse).due_at, foretold.due_after);
  EXPECT_EQ(Clock(target.number, ClockKind::kResolution).due_at, older.created_at + hours{8});
  EXPECT_EQ(Clock(older.number, ClockKind::kResolution).state, sla::ClockState::kMerged);

  // What answers the merged ticket goes to its target.
  expect_in_ = target.number;
  SayAs(customer_, older.number);
}

TEST_F(PartingTest, WhatWasAnsweredDoesNotCountAgain) {
  const Ticket older = OpenOne();
  desk_.store.clock->Advance(minutes{5});
  SayAs(agent_, older.number);
  EXPECT_EQ(*Read([&](ReadTx& tx) -> Result<bool> { return UnansweredSince(tx, older.number).has_value(); }), false);
  desk_.store.clock->Advance(minutes{5});
  SayAs(customer_, older.number);
  const Time asked_again = desk_.store.clock->Now();
  desk_.store.clock->Advance(minutes{5});
  SayAs(customer_, older.number);
  const Ticket target = OpenOne();
  EXPECT_EQ(MergePreview(older.number, target.number)->since, asked_again);
  ASSERT_TRUE(Merge(older.number, target.number));
  EXPECT_EQ(Clock(target.number, ClockKind::kFirstResponse).due_at, asked_again + hours{1});
}

TEST_F(PartingTest, AMergeThatBreachesSaysSoBeforehand) {
  const Ticket older = OpenOne();
  desk_.store.clock->Advance(hours{3});
  const Ticket target = OpenOne();
  const auto preview = MergePreview(older.number, target.number);
  EXPECT_TRUE(Of(*preview, ClockKind::kFirstResponse).breached_after);
  ASSERT_TRUE(Merge(older.number, target.number));
  EXPECT_EQ(Clock(target.number, ClockKind::kFirstResponse).cause, sla::ClockCause::kMerge);
}

TEST_F(PartingTest, ASplitTicketCountsFromTheCustomersMessage) {
  const Ticket source = OpenOne();
  SayAs(agent_, source.number);
  desk_.store.clock->Advance(minutes{20});
  const auto seq = SayAs(customer_, source.number, "And the printer is dead.");
  const Time asked = desk_.store.clock->Now();
  desk_.store.clock->Advance(minutes{20});
  const auto preview =
      Read([&](ReadTx& tx) { return PreviewSplit(tx, agent_, source.number, seq, desk_.store.clock->Now()); });
  ASSERT_TRUE(preview) << Describe(preview.error());
  EXPECT_EQ(preview->since, asked);
  EXPECT_EQ(Of(*preview, ClockKind::kFirstResponse).due_after, asked + hours{1});

  const auto made = Split(source.number, seq);
  ASSERT_TRUE(made) << Describe(made.error());
  EXPECT_EQ(made->priority, source.priority);
  EXPECT_EQ(made->organisation, source.organisation);
  EXPECT_EQ(made->requester_email, "bea@customer.example") << "who wrote the message asks";
  EXPECT_EQ(Clock(made->number, ClockKind::kFirstResponse).due_at, asked + hours{1});
  EXPECT_EQ(Clock(made->number, ClockKind::kResolution).due_at, asked + hours{8});
  EXPECT_EQ(Clock(source.number, ClockKind::kResolution).due_at, source.created_at + hours{8});
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM ticket_link WHERE kind = 'related'"), 2);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM entry WHERE body = 'And the printer is dead.'"), 2);
}

TEST_F(PartingTest, WhatCannotBePartedIsRefused) {
  const Ticket source = OpenOne();
  EXPECT_EQ(Why(Split(source.number, 1)), "seq: split.first_message");
  EXPECT_EQ(Why(Split(source.number, 2)), "seq: split.no_customer_message");
  EXPECT_EQ(Why(Split(source.number, 99)), "seq: split.no_customer_message");
  EXPECT_EQ(Why(Split(source.number, SayAs(agent_, source.number))), "seq: split.no_customer_message");
  EXPECT_EQ(Why(MergePreview(source.number, source.number)), "into: ticket.merge_into_itself");
  EXPECT_EQ(Why(MergePreview(source.number, 999)), "into: field.not_found");
  const auto foreign = desk_.AddTicket(TicketKind::kFault, desk_.AddOrganisation("Bolt"));
  EXPECT_EQ(Why(MergePreview(source.number, foreign)), "into: ticket.merge_across_organisations");
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return SplitOff(tx, customer_, source.number, {1, "x"}); })),
            "error.permission_missing");
}

}  // namespace
}  // namespace propolis::ticket
