#include "auth/otp.h"

#include <gtest/gtest.h>

#include <charconv>
#include <fstream>

#include "base/corpora_test_support.h"
#include "base/text.h"

namespace propolis::auth::otp {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";

std::int64_t Number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

TEST(Otp, EveryRowOfTheCorpusHasItsCode) {
  const auto folder = Corpora("crypto");
  if (!folder) {
    GTEST_SKIP() << "no corpora on this machine";
  }
  std::ifstream file(*folder / "rfc4226_rfc6238.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  int rows = 0;
  while (std::getline(file, line)) {
    const auto cells = text::Split(line, '\t');
    ASSERT_EQ(cells.size(), 8U) << line;
    const auto algorithm = FromName<Algorithm>(cells[1]);
    ASSERT_TRUE(algorithm) << line;
    const int digits = static_cast<int>(Number(cells[6]));
    const std::int64_t number = Number(cells[5]);
    const auto code = cells[3].empty()
                          ? Hotp(cells[2], static_cast<std::uint64_t>(number), *algorithm, digits)
                          : Totp(cells[2], {*algorithm, digits, Number(cells[3]), Number(cells[4])}, number);
    ASSERT_TRUE(code) << line;
    EXPECT_EQ(*code, cells[7]) << line;
    ++rows;
  }
  EXPECT_GT(rows, 20);
}

TEST(Otp, RefusesWhatItCannotCompute) {
  EXPECT_FALSE(Hotp("", 0));
  EXPECT_FALSE(Hotp(std::string(kLongestSecret + 1, 'x'), 0));
  EXPECT_FALSE(Hotp(kSecret, 0, Algorithm::kSha1, 5));
  EXPECT_FALSE(Hotp(kSecret, 0, Algorithm::kSha1, 9));
  EXPECT_FALSE(StepAt({.step = 0}, 1));
  EXPECT_FALSE(StepAt({.t0 = 100}, 99));
  EXPECT_FALSE(StepAt({.t0 = INT64_MIN}, INT64_MAX));
  EXPECT_TRUE(Hotp(kSecret, UINT64_MAX, Algorithm::kSha512, 8));
}

TEST(Otp, OneStepToEachSideCounts) {
  const Scheme scheme;
  const std::string code = *Totp(kSecret, scheme, 1'000'000);
  const std::int64_t step = *StepAt(scheme, 1'000'000);
  for (const std::int64_t at : {step - 1, step, step + 1}) {
    const auto checked = CheckTotp(kSecret, scheme, code, at * 30, std::nullopt);
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->verdict, Verdict::kAccepted);
    EXPECT_EQ(checked->step, step);
  }
  EXPECT_EQ(CheckTotp(kSecret, scheme, code, (step - 2) * 30, std::nullopt)->verdict, Verdict::kWrong);
  EXPECT_EQ(CheckTotp(kSecret, scheme, code, (step + 2) * 30, std::nullopt)->verdict, Verdict::kWrong);
}

TEST(Otp, AStepIsGoodOnceAndNoneBeforeItAfterwards) {
  const Scheme scheme;
  const std::string code = *Totp(kSecret, scheme, 1'000'000);
  const std::int64_t step = *StepAt(scheme, 1'000'000);
  EXPECT_EQ(CheckTotp(kSecret, scheme, code, 1'000'000, step)->verdict, Verdict::kReplay);
  EXPECT_EQ(CheckTotp(kSecret, scheme, code, 1'000'000, step + 1)->verdict, Verdict::kReplay);
  EXPECT_EQ(CheckTotp(kSecret, scheme, code, 1'000'000, step - 1)->verdict, Verdict::kAccepted);
}

TEST(Otp, ACodeOfAnotherLengthIsWrong) {
  const std::string code = *Totp(kSecret, {}, 59);
  for (const std::string& other : {std::string(), code.substr(1), code + "0", " " + code.substr(1)}) {
    EXPECT_EQ(CheckTotp(kSecret, {}, other, 59, std::nullopt)->verdict, Verdict::kWrong) << other;
  }
  EXPECT_EQ(CheckTotp(kSecret, {}, *Totp(kSecret, {}, 0), 0, std::nullopt)->verdict, Verdict::kAccepted);
}

TEST(Otp, WritesWhatAnAppReads) {
  EXPECT_EQ(Base32(""), "");
  EXPECT_EQ(Base32("f"), "MY");
  EXPECT_EQ(Base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(KeyUri("Mesa ñ", "ana@desk.example", "foobar"),
            "otpauth://totp/Mesa%20%C3%B1:ana%40desk.example?secret=MZXW6YTBOI&issuer=Mesa%20%C3%B1");
}

}  // namespace
}  // namespace propolis::auth::otp
