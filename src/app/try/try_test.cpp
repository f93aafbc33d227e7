#include "app/try/try.h"

#include <gtest/gtest.h>

#include <sstream>

#include "app/try/rules.h"

namespace propolis::app {
namespace {

struct Ran {
  int code;
  std::string out;
  std::string err;
};

Ran Tried(std::vector<std::string_view> args, const std::string& input = "") {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = RunTry(args, in, out, err);
  return {code, out.str(), err.str()};
}

TEST(Try, ListsEveryRuleOnce) {
  const Ran ran = Tried({"--list"});
  EXPECT_EQ(ran.code, 0);
  std::set<std::string> names;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_NE(ran.out.find(rule.name + " "), std::string::npos) << rule.name;
  }
  EXPECT_GT(names.size(), 10U);
}

TEST(Try, EveryExampleWorksAndEveryFieldIsDocumented) {
  for (const Rule& rule : AllRules()) {
    const Ran ran = Tried({rule.name}, rule.example + "\n");
    EXPECT_EQ(ran.code, 0) << rule.name << " " << ran.out;
    const Ran help = Tried({rule.name, "--help"});
    EXPECT_EQ(help.code, 0);
    std::vector<const dto::Type*> types;
    rule.input->CollectTypes(types);
    rule.output->CollectTypes(types);
    for (const dto::Type* type : types) {
      for (const dto::Member& member : type->members) {
        EXPECT_FALSE(member.doc.empty()) << rule.name << ": " << type->name << "." << member.name;
        EXPECT_NE(help.out.find("  " + member.name + " "), std::string::npos) << rule.name << "." << member.name;
      }
    }
  }
}

TEST(Try, ABadLineIsToldInItsPlaceAndTheRunGoesOn) {
  const Ran ran = Tried({"triage.matrix"},
                        "{\"impact\":1,\"urgency\":1}\n\nnot json\n{\"impact\":9,\"urgency\":1}\n"
                        "{\"impact\":4,\"urgency\":4}");
  EXPECT_EQ(ran.code, 2);
  std::istringstream lines(ran.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, R"({"priority":"P1"})");
  std::getline(lines, line);
  EXPECT_NE(line.find(R"("line":3,"error":{"code":"invalid")"), std::string::npos) << line;
  std::getline(lines, line);
  EXPECT_NE(line.find(R"("line":4)"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("field":"impact","id":"field.out_of_range")"), std::string::npos) << line;
  std::getline(lines, line);
  EXPECT_EQ(line, R"({"priority":"P4"})");
}

TEST(Try, ClassifyLearnsFromTheLinesBeforeInOneRunOnly) {
  std::string rows;
  for (int i = 0; i < 12; ++i) {
    rows += fmt::format(R"({{"text":"the vpn tunnel {} is down","label":"vpn"}})", i) + "\n";
    rows += fmt::format(R"({{"text":"a phishing mail {} with a link","label":"phishing"}})", i) + "\n";
  }
  const std::string question = R"({"text":"tunnel down","threshold":0})";
  const Ran ran = Tried({"classify"}, rows + question + "\n");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_NE(ran.out.find(R"({"rows":24})"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(R"("label":"vpn")"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find(R"("abstained":false)"), std::string::npos) << ran.out;
  const Ran again = Tried({"classify"}, question + "\n");
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.out.find("At least 4 rows"), std::string::npos) << "another run begins with nothing: " << again.out;
  EXPECT_NE(Tried({"classify"}, R"({"train_file":"/nowhere.csv"})").out.find("train_file"), std::string::npos);
}

TEST(Try, SaysHowItIsUsed) {
  EXPECT_EQ(Tried({}).code, 2);
  EXPECT_NE(Tried({}).err.find("usage:"), std::string::npos);
  EXPECT_NE(Tried({"sla.subtract"}).err.find("no rule sla.subtract"), std::string::npos);
  EXPECT_EQ(Tried({"sla.add", "--verbose"}).code, 2);
}

TEST(Try, FindsTheTicketOfAMail) {
  EXPECT_EQ(Tried({"mail.thread"}, FindRule("mail.thread")->example).out,
            "{\"action\":\"append\",\"number\":12,\"reason\":\"reference\"}\n");
}

TEST(Try, ReckonsWorkingTime) {
  const std::string example = FindRule("sla.add")->example;
  EXPECT_EQ(Tried({"sla.add"}, example).out, "{\"due\":\"2026-03-02T11:00:00Z\",\"never\":false}\n");
  EXPECT_EQ(Tried({"sla.within"}, FindRule("sla.within")->example).out, "{\"seconds\":28800}\n");
  EXPECT_NE(
      Tried({"sla.clocks"}, FindRule("sla.clocks")->example).out.find(R"("next_deadline":"2026-03-02T11:00:00Z")"),
      std::string::npos);
}

}  // namespace
}  // namespace propolis::app
