#include "search/parse.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/corpora_test_support.h"
#include "base/text.h"
#include "search/forms.h"
#include "search/indicators.h"
#include "search/snippet.h"

namespace propolis::search {
namespace {

using testing::ElementsAre;

std::string Problems(std::string_view text) {
  std::string all;
  for (const Error& problem : Parse(text).problems) {
    all += (all.empty() ? "" : " ") + problem.message;
  }
  return all;
}

TEST(Parse, BuildsFts5FromQuotedWordsOnly) {
  EXPECT_EQ(ToMatch(Parse("vpn down")), R"(("vpn") AND ("down"))");
  EXPECT_EQ(ToMatch(Parse(R"("tunnel down" vpn)")), R"(("tunnel down") AND ("vpn"))");
  EXPECT_EQ(ToMatch(Parse("vpn OR tunnel down")), R"(("vpn" OR "tunnel") AND ("down"))");
  EXPECT_EQ(ToMatch(Parse("vpn -printer")), R"((("vpn")) NOT ("printer"))");
  EXPECT_EQ(ToMatch(Parse("forti*")), R"(("forti" *))");
  EXPECT_EQ(ToMatch(Parse("e-mail")), R"(("e mail"))");
  EXPECT_EQ(ToMatch(Parse("")), "");
}

TEST(Parse, NothingTypedIsSyntax) {
  for (const std::string_view hostile : {R"(" OR rowid:1)", "NEAR(a b)", "title:vpn", "a^b", "col : x", "\"\"\"",
                                         "vpn) OR (x", "*", "- -", "{a b}: c", "AND NOT OR", "\xff\xfe\"*"}) {
    const std::string match = ToMatch(Parse(hostile));
    std::string outside;
    bool quoted = false;
    for (const char c : match) {
      quoted = c == '"' ? !quoted : quoted;
      outside += quoted || c == '"' ? ' ' : c;
    }
    EXPECT_FALSE(quoted) << hostile;
    EXPECT_EQ(outside.find_first_not_of("ORANDT ()*"), std::string::npos) << hostile << " -> " << match;
  }
}

TEST(Parse, ReadsFilters) {
  const Query query = Parse("vpn state:open,new -kind:question organisation:\"Acme Corp\" after:2026-01-31");
  ASSERT_EQ(query.filters.size(), 4U);
  EXPECT_THAT(query.filters[0].values, ElementsAre("open", "new"));
  EXPECT_TRUE(query.filters[1].negated);
  EXPECT_THAT(query.filters[2].values, ElementsAre("acme corp"));
  EXPECT_THAT(query.filters[3].numbers, ElementsAre(ToMicros(*ParseTime("2026-01-31T00:00:00Z"))));
  EXPECT_EQ(ToMatch(query), R"(("vpn"))");
  EXPECT_THAT(Parse("number:PR-12-K").filters[0].numbers, ElementsAre(12));
  EXPECT_THAT(Parse("priority:P1,p2").filters[0].numbers, ElementsAre(1, 2));
  EXPECT_TRUE(Parse("http://x").filters.empty()) << "not every colon is a filter";
}

TEST(Parse, SaysWhatMakesNoSense) {
  EXPECT_EQ(Problems("vpn down"), "");
  EXPECT_EQ(Problems("state:lost"), "search.not_one_of");
  EXPECT_EQ(Problems("before:yesterday"), "search.not_a_date");
  EXPECT_EQ(Problems("before:2026-02-30"), "search.not_a_date");
  EXPECT_EQ(Problems("number:abc"), "search.not_a_number");
  EXPECT_EQ(Problems("\"vpn down"), "search.quote_open");
  EXPECT_EQ(Problems("OR vpn"), "search.or_needs_two");
  EXPECT_EQ(Problems("vpn OR"), "search.or_needs_two");
  EXPECT_EQ(Problems("-vpn"), "search.only_negative");
  EXPECT_EQ(Problems("state:"), "search.value_missing");
  EXPECT_EQ(Problems(std::string(2000, 'a')), "search.too_long");
  std::string many;
  for (int i = 0; i < 60; ++i) {
    many += "w" + std::to_string(i) + " ";
  }
  EXPECT_EQ(Problems(many), "search.too_many_terms");
  EXPECT_EQ(Parse(many).all.size(), kMostTerms);
}

TEST(Indicators, AreFoundInTextsAlsoDefanged) {
  EXPECT_THAT(FindIndicators("Beacon to hxxps://evil[.]example/login and 10.1.2.3:443."),
              ElementsAre("evil.example", "10.1.2.3"));
  EXPECT_THAT(FindIndicators("From <Bad.Guy@Phish.example>, CVE-2026-12345; PR-77-K"),
              ElementsAre("bad.guy@phish.example", "phish.example", "cve-2026-12345", "pr-77"));
  EXPECT_THAT(FindIndicators("2001:0DB8:0::1 d41d8cd98f00b204e9800998ecf8427e"),
              ElementsAre("2001:db8::1", "d41d8cd98f00b204e9800998ecf8427e"));
  EXPECT_THAT(FindIndicators("Version 1.2 of the report. It is done. 300.1.1.1 a.b"), ElementsAre());
}

TEST(Indicators, AWordOfAQueryIsReadTheSameWay) {
  EXPECT_EQ(AsIndicator("Evil[.]Example"), "evil.example");
  EXPECT_EQ(AsIndicator("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(AsIndicator("vpn"), std::nullopt);
  EXPECT_THAT(Indicators(Parse("beacon 10.1.2.3")), ElementsAre("10.1.2.3"));
  EXPECT_EQ(ToMatch(Parse("beacon 10.1.2.3")), R"(("beacon"))");
  EXPECT_EQ(ToMatch(Parse("10.1.2.3 OR beacon")), R"(("10 1 2 3" OR "beacon"))");
}

TEST(Snippet, MarksWordsByTheirStemAndEscapesTheRest) {
  Marker marker(Parse("conexion OR tunnel"));
  EXPECT_EQ(marker.Snippet("<b>Las conexiones</b> & el túnel"),
            "&lt;b&gt;Las <mark>conexiones</mark>&lt;/b&gt; &amp; el túnel");
  EXPECT_EQ(Marker(Parse("tunnel")).Snippet("two tunnels"), "two <mark>tunnels</mark>");
  EXPECT_EQ(Marker(Parse("forti*")).Snippet("a FortiGate box"), "a <mark>FortiGate</mark> box");
}

TEST(Snippet, ShowsThePartThatIsHit) {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text += "filler ";
  }
  const std::string snippet = Marker(Parse("needle")).Snippet(text + "needle " + text);
  EXPECT_NE(snippet.find("<mark>needle</mark>"), std::string::npos);
  EXPECT_LT(snippet.size(), 400U);
  EXPECT_TRUE(snippet.starts_with("… "));
}

TEST(Forms, AccentlessAndInflectedQueriesMeetTheSameForms) {
  const auto meets = [](std::string_view query, std::string_view word, Language language) {
    const auto kept = DocumentForms(word, language);
    return std::ranges::any_of(QueryForms(query),
                               [&](const std::string& form) { return std::ranges::find(kept, form) != kept.end(); });
  };
  EXPECT_TRUE(meets("conexion", "conexiones", Language::kEs));
  EXPECT_TRUE(meets("conexión", "conexiones", Language::kEs));
  EXPECT_TRUE(meets("tunel", "túnel", Language::kEs));
  EXPECT_TRUE(meets("senhas", "senha", Language::kPt));
  EXPECT_TRUE(meets("certificates", "certificate", Language::kEn));
  EXPECT_FALSE(meets("server", "firewall", Language::kEn));
}

TEST(Forms, StemsAreSnowballs) {
  const auto folder = Corpora("search");
  if (!folder) {
    GTEST_SKIP() << "no corpora: set PROPOLIS_CORPORA";
  }
  for (const auto& [name, language] : {std::pair("english", Language::kEn), std::pair("spanish", Language::kEs),
                                       std::pair("portuguese", Language::kPt)}) {
    std::ifstream file(*folder / (std::string("stemming_") + name + ".tsv"));
    ASSERT_TRUE(file) << name;
    std::string line;
    std::getline(file, line);  // the header
    int right = 0;
    int total = 0;
    while (std::getline(file, line)) {
      const auto tab = line.find('\t');
      right += text::Stem(line.substr(0, tab), language) == line.substr(tab + 1) ? 1 : 0;
      ++total;
    }
    EXPECT_GT(total, 1000);
    EXPECT_GE(right, total * 995 / 1000) << name;
    RecordProperty(name, std::to_string(right) + "/" + std::to_string(total));
  }
}

}  // namespace
}  // namespace propolis::search
