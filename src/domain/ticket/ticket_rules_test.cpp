#include <gtest/gtest.h>

#include "base/text.h"
#include "domain/ticket/number.h"
#include "domain/ticket/transition.h"

namespace propolis::ticket {
namespace {

TEST(TicketNumber, ReadsWhatItWrites) {
  for (const std::int64_t number : {1LL, 23LL, 20417LL, 999999999999LL}) {
    EXPECT_EQ(ParseNumber(FormatNumber(number)), number);
    EXPECT_EQ(ParseNumber("  " + text::AsciiLower(FormatNumber(number))), number);
  }
  EXPECT_EQ(ParseNumber("12345"), 12345);
  for (const char* wrong : {"", "PR-", "PR-0", "PR-12-", "PR-12-?", "PR-1x", "-5", "1234567890123456"}) {
    EXPECT_EQ(ParseNumber(wrong), std::nullopt) << wrong;
  }
}

TEST(TicketNumber, CatchesEveryWrongDigitAndEverySwapOfNeighbours) {
  const std::string right = FormatNumber(20417);
  for (std::size_t i = 3; i < 8; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = right;
      wrong[i] = digit;
      EXPECT_EQ(ParseNumber(wrong).has_value(), wrong == right) << wrong;
    }
    if (i < 7) {
      std::string swapped = right;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_EQ(ParseNumber(swapped).has_value(), swapped == right) << swapped;
    }
  }
}

TEST(TicketState, EndsAreEnds) {
  EXPECT_TRUE(LegalMoves(TicketState::kClosed).empty());
  EXPECT_TRUE(LegalMoves(TicketState::kMerged).empty());
  EXPECT_FALSE(IsLegal(TicketState::kResolved, TicketState::kInApproval));
  EXPECT_TRUE(IsLegal(TicketState::kInApproval, TicketState::kOpen));
  const auto refused = CheckMove(TicketState::kInApproval, TicketState::kClosed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_EQ(refused.error().args.back().value, "open, resolved");
}

TEST(TicketState, ACustomersMessageWakesWhatWaits) {
  EXPECT_EQ(AfterCustomerMessage(TicketState::kWaitingCustomer, true), TicketState::kOpen);
  EXPECT_EQ(AfterCustomerMessage(TicketState::kResolved, true), TicketState::kOpen);
  EXPECT_EQ(AfterCustomerMessage(TicketState::kResolved, false), std::nullopt);
  EXPECT_EQ(AfterCustomerMessage(TicketState::kClosed, true), std::nullopt);
  EXPECT_EQ(AfterCustomerMessage(TicketState::kNew, true), TicketState::kNew);
}

}  // namespace
}  // namespace propolis::ticket
