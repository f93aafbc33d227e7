#include "domain/survey/survey.h"

#include <gtest/gtest.h>

#include "domain/desk_test_support.h"

namespace propolis::survey {
namespace {

TEST(SurveyToken, IsOursOrNothing) {
  const SurveyId id = SurveyId::New(FromMicros(1'000'000));
  const std::string token = MakeToken("secret", id);
  EXPECT_EQ(ReadToken("secret", token), id);
  EXPECT_EQ(ReadToken("other", token), std::nullopt);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ReadToken("secret", forged), std::nullopt) << i;
  }
  EXPECT_EQ(ReadToken("secret", ""), std::nullopt);
  EXPECT_EQ(ReadToken("secret", token + "A"), std::nullopt);
}

class SurveyTest : public testing::Test {
 protected:
  void Resolve() {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      auto edit = TRY(ticket::Edit::Begin(tx, ana_, number_, auth::Permission::kTicketTransition));
      TRY(edit.MoveTo(TicketState::kResolved));
      return edit.Finish("ticket.transition");
    }));
  }
  bool Ask() {
    return desk_.store->Write([&](store::WriteTx& tx) { return AskFor(tx, number_); }).value();
  }
  std::string Token() {
    return desk_.store
        ->Write([&](store::WriteTx& tx) -> Result<std::string> { return TRY(TokenOf(tx, number_)).value_or(""); })
        .value();
  }
  Result<View> TakeIt(const std::string& token, int score) {
    return desk_.store->Write([&](store::WriteTx& tx) { return Take(tx, token, {score, "Thank you"}); });
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  std::int64_t number_ = desk_.AddTicket();
};

TEST_F(SurveyTest, AskedOnceAfterTheResolutionAndChangeable) {
  EXPECT_FALSE(Ask()) << "not resolved yet";
  Resolve();
  EXPECT_TRUE(Ask());
  EXPECT_FALSE(Ask());
  const std::string token = Token();
  EXPECT_EQ(TakeIt(token, 5)->score, 5);
  desk_.store.clock->Advance(std::chrono::hours(24 * 29));
  EXPECT_EQ(TakeIt(token, 2)->score, 2);
  EXPECT_EQ(desk_.Count("SELECT score FROM survey"), 2);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM entry WHERE kind = 'survey'"), 2);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM event WHERE kind = 'survey.low'"), 1);
  desk_.store.clock->Advance(std::chrono::hours(48));
  EXPECT_EQ(TakeIt(token, 5).error().code, Code::kConflict);
}

TEST_F(SurveyTest, RefusesForeignTokensAndScores) {
  Resolve();
  Ask();
  EXPECT_EQ(TakeIt(MakeToken("guess", SurveyId::New(FromMicros(1))), 5).error().code, Code::kNotFound);
  EXPECT_EQ(TakeIt(Token(), 6).error().fields[0].field, "score");
  EXPECT_EQ(TakeIt(Token(), 0).error().fields[0].field, "score");
}

TEST_F(SurveyTest, ACustomerRatesHerOwnTickets) {
  const auto rate = [&](const auth::Actor& actor) {
    return desk_.store->Write([&](store::WriteTx& tx) { return Rate(tx, actor, number_, {4, {}}); });
  };
  const auto customer = desk_.AddCustomer("Carl", desk_.organisation);
  EXPECT_EQ(rate(customer).error().message, "survey.not_resolved");
  Resolve();
  EXPECT_EQ(rate(customer)->score, 4);
  EXPECT_EQ(rate(desk_.AddCustomer("Zoe", desk_.AddOrganisation("Other"))).error().code, Code::kNotFound);
  EXPECT_EQ(rate(ana_).error().code, Code::kForbidden);
}

}  // namespace
}  // namespace propolis::survey
