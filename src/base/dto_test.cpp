#include "base/dto.h"

#include <gtest/gtest.h>

namespace propolis {
namespace {

struct Inner {
  std::string email;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Inner>("Inner", "").Required("email", &Inner::email, "", dto::Text(3, 254, "email")).Done();
    return type;
  }
};

struct Outer {
  std::string subject;
  std::optional<std::int64_t> count;
  std::vector<Inner> people;
  Language language = Language::kEn;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Outer>("Outer", "")
                                      .Required("subject", &Outer::subject, "", dto::Text(1, 5))
                                      .Optional("count", &Outer::count, "", dto::Range(1, 9))
                                      .Optional("people", &Outer::people, "")
                                      .Optional("language", &Outer::language, "")
                                      .Done();
    return type;
  }
};

std::string Problems(std::string_view body) {
  const auto parsed = dto::Parse<Outer>(body);
  return parsed ? "" : Describe(parsed.error());
}

TEST(Dto, ReadsAndWritesWhatItDescribes) {
  const auto parsed =
      dto::Parse<Outer>(R"({"subject":" héllo ","count":3,"people":[{"email":"a@b.example"}],"language":"pt"})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->subject, "héllo");
  EXPECT_EQ(dto::ToJson(*parsed),
            R"({"subject":"héllo","count":3,"people":[{"email":"a@b.example"}],"language":"pt"})");
}

struct Secret {
  std::string password;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Secret>("Secret", "")
                                      .Required("password", &Secret::password, "", dto::Text(1, 20, "password"))
                                      .Done();
    return type;
  }
};

TEST(Dto, APasswordIsTakenAsItWasTyped) {
  for (const std::string typed : {" two  blanks ", "tab\tand\nline", "e\u0301", "a\u200bb"}) {
    const auto parsed = dto::Parse<Secret>(R"({"password":)" + json::Quote(typed) + "}");
    ASSERT_TRUE(parsed) << typed;
    EXPECT_EQ(parsed->password, typed);
  }
  EXPECT_FALSE(dto::Parse<Secret>(R"({"password":"   "})"));
  EXPECT_FALSE(dto::Parse<Secret>(R"({"password":"one and twenty letter"})"));
}

TEST(Dto, NamesEveryWrongField) {
  EXPECT_EQ(Problems(R"({"count":99,"people":[{"email":"nobody"}],"x":1})"),
            "invalid: error.invalid [count: field.out_of_range] [people/0/email: field.not_email] [x: field.unknown] "
            "[subject: field.required]");
  EXPECT_EQ(Problems(R"({"subject":"toolong"})"), "invalid: error.invalid [subject: field.too_long]");
  EXPECT_EQ(Problems(R"({"subject":"  "})"), "invalid: error.invalid [subject: field.empty]");
  EXPECT_EQ(Problems(R"({"subject":"a","language":"xx"})"), "invalid: error.invalid [language: field.not_one_of]");
  EXPECT_EQ(Problems(R"([])"), "invalid: error.invalid [: field.not_object]");
}

TEST(Dto, RefusesTheSameNameTwice) {
  EXPECT_NE(Problems(R"({"subject":"a","subject":"b"})"), "");
  EXPECT_EQ(Problems(R"({"subject":"a:\""})"), "");
}

}  // namespace
}  // namespace propolis
