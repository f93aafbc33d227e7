#include "base/i18n.h"

#include <gtest/gtest.h>
#include <unicode/msgfmt.h>

namespace propolis {
namespace {

TEST(I18n, EveryMessageIsThereInEveryLanguage) {
  const auto english = i18n::Ids(Language::kEn);
  EXPECT_FALSE(english.empty());
  EXPECT_EQ(english, i18n::Ids(Language::kEs));
  EXPECT_EQ(english, i18n::Ids(Language::kPt));
}

TEST(I18n, EveryMessageIsAValidFormat) {
  for (const Language language : {Language::kEn, Language::kEs, Language::kPt}) {
    for (const auto& id : i18n::Ids(language)) {
      UErrorCode error = U_ZERO_ERROR;
      const icu::MessageFormat format(icu::UnicodeString::fromUTF8(i18n::Translate(language, id)), error);
      EXPECT_TRUE(U_SUCCESS(error)) << NameOf(language) << " " << id;
    }
  }
}

TEST(I18n, FillsArgumentsAndPlurals) {
  EXPECT_EQ(i18n::Translate(Language::kEs, "field.too_long", {{"max", "1"}}), "Como mucho 1 carácter.");
  EXPECT_EQ(i18n::Translate(Language::kEn, "field.too_long", {{"max", "300"}}), "At most 300 characters.");
  EXPECT_EQ(i18n::Translate(Language::kEn, "no.such.id"), "no.such.id");
}

TEST(I18n, NegotiatesTheLanguage) {
  EXPECT_EQ(i18n::Negotiate("fr, pt-BR;q=0.8, en;q=0.7"), Language::kPt);
  EXPECT_EQ(i18n::Negotiate("de", Language::kEs), Language::kEs);
  EXPECT_EQ(i18n::Negotiate("es-MX,es;q=0.9"), Language::kEs);
}

}  // namespace
}  // namespace propolis
