#include <gtest/gtest.h>

#include <random>

#include "base/crypto.h"
#include "domain/classify/csv.h"
#include "domain/classify/train.h"

namespace propolis::classify {
namespace {

// Requests of three kinds, made of words that are typical for each and words that are not.
std::vector<Example> Requests(std::size_t count) {
  const std::array<std::pair<std::string, std::vector<std::string>>, 3> kinds = {
      {{"vpn", {"vpn", "túnel", "conectar", "gateway", "desconecta"}},
       {"phishing", {"phishing", "correo", "enlace", "remitente", "sospechoso"}},
       {"password", {"password", "reset", "locked", "account", "login"}}}};
  const std::vector<std::string> common = {"hola", "please", "obrigado", "desde", "today", "office", "para", "we"};
  std::mt19937 random(7);
  const auto pick = [&](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  std::vector<Example> examples;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [label, words] = kinds[i % kinds.size()];
    examples.push_back({pick(words), pick(common) + " " + pick(words) + " " + pick(common) + " " + pick(words), label});
  }
  return examples;
}

const Trained& Shared() {
  static const Trained trained = Train(Requests(150)).value();
  return trained;
}

TEST(Features, FoldCaseAndAccentsAndShareTheirPieces) {
  const auto ids = [](std::string_view text) {
    std::set<std::uint32_t> all;
    for (const Occurrence& occurrence : Read("", text).occurrences) {
      all.insert(occurrence.id);
    }
    return all;
  };
  EXPECT_EQ(ids("Conexión CAÍDA"), ids("conexion caida"));
  EXPECT_NE(ids("caida conexion"), ids("conexion caida")) << "pairs have an order";
  std::vector<std::uint32_t> shared;
  std::ranges::set_intersection(ids("conectar"), ids("conecta"), std::back_inserter(shared));
  EXPECT_GT(shared.size(), 10U);
  EXPECT_TRUE(Read("", "").occurrences.empty());
  EXPECT_TRUE(Read("", "\xff\xfe ... \x80").words.size() < 4);
}

TEST(Features, AnEndlessTextCostsNoMoreThanALongOne) {
  std::string endless;
  for (int i = 0; i < 20'000; ++i) {
    endless += "word" + std::to_string(i) + " ";
  }
  EXPECT_EQ(Read("", endless).words.size(), 600U);
  EXPECT_LT(Read("", std::string(100'000, 'a')).occurrences.size(), 200U) << "one word, its first letters";
}

TEST(Features, AShareDependsOnTextAndSaltAlone) {
  int below = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string text = "text " + std::to_string(i);
    const double share = Share(text, 1);
    ASSERT_GE(share, 0.0);
    ASSERT_LT(share, 1.0);
    EXPECT_EQ(share, Share(text, 1));
    below += share < 0.2 ? 1 : 0;
  }
  EXPECT_NEAR(below, 400, 80);
  EXPECT_NE(Share("text", 1), Share("text", 2));
}

TEST(Model, LearnsTellsWhyAndKnowsWhenItDoesNotKnow) {
  const Trained& trained = Shared();
  EXPECT_GT(trained.metrics.accuracy, 0.9);
  EXPECT_EQ(trained.metrics.rows, 150);
  const Answer answer = trained.model.Classify("El TUNEL", "no se puede conectar hola");
  EXPECT_EQ(answer.label, "vpn");
  EXPECT_GT(answer.confidence, 0.6);
  ASSERT_FALSE(answer.words.empty());
  EXPECT_TRUE(answer.words[0] == "TUNEL" || answer.words[0] == "conectar") << answer.words[0];
  EXPECT_EQ(std::ranges::find(answer.words, "hola"), answer.words.end()) << "every kind says hello";
  const Answer nothing = trained.model.Classify("", "zzz qqq");
  EXPECT_LT(nothing.confidence, answer.confidence);
  EXPECT_EQ(trained.model.Classify("", "").confidence, 0.0);
}

TEST(Model, ConfidenceIsNotThatOfTheTrainingRows) {
  // Labels that have nothing to do with the texts: a model knows them by heart, and must not believe itself.
  std::vector<Example> noise = Requests(120);
  std::mt19937 random(3);
  for (Example& example : noise) {
    example.label = random() % 2 == 0 ? "heads" : "tails";
  }
  const auto trained = Train(noise);
  ASSERT_TRUE(trained);
  EXPECT_LT(trained->metrics.accuracy, 0.7);
  double sum = 0;
  for (const Example& example : noise) {
    sum += trained->model.Classify(example.subject, example.body).confidence;
  }
  EXPECT_LT(sum / 120, 0.75);
}

TEST(Model, TheSameRowsGiveTheSameModel) {
  EXPECT_EQ(Train(Requests(60))->model.Serialise(), Train(Requests(60))->model.Serialise());
}

TEST(Model, RefusesRowsThatTeachNothing) {
  const auto message = [](const std::vector<Example>& rows) { return Train(rows).error().message; };
  EXPECT_EQ(message({}), "classify.too_few_rows");
  EXPECT_EQ(message({{"", "a", "x"}, {"", "b", "x"}, {"", "c", "x"}, {"", "d", "x"}}), "classify.one_label");
  EXPECT_EQ(message({{"", "a", "x"}, {"", "b", ""}, {"", "c", "x"}, {"", "d", "x"}}), "classify.bad_label");
  EXPECT_TRUE(Train(std::vector<Example>{{"", "", "x"}, {"", "", "y"}, {"", "", "x"}, {"", "", "y"}}));
}

TEST(Model, SurvivesItsOwnBytes) {
  const std::string bytes = Shared().model.Serialise();
  const auto again = Model::Parse(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->Serialise(), bytes);
  EXPECT_EQ(again->Classify("", "locked account").label, "password");
  EXPECT_EQ(again->Classify("", "locked account").confidence, Shared().model.Classify("", "locked account").confidence);
}

TEST(Model, RefusesAnyOtherBytes) {
  const std::string bytes = Shared().model.Serialise();
  EXPECT_FALSE(Model::Parse(""));
  EXPECT_FALSE(Model::Parse("propolis model 1"));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 7) {
    EXPECT_EQ(Model::Parse(bytes.substr(0, size)).error().message, "classify.bad_model") << size;
  }
  for (std::size_t at = 0; at < bytes.size(); at += 1 + at / 5) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    EXPECT_FALSE(Model::Parse(changed)) << at;
  }
  EXPECT_FALSE(Model::Parse(bytes + "x"));
}

TEST(Model, RefusesSealedBytesThatCannotBe) {
  // Sealed again after each change, so that what is checked is not the seal.
  const std::string bytes = Shared().model.Serialise();
  const std::string body = bytes.substr(0, bytes.size() - 32);
  const auto sealed = [](std::string changed) {
    const auto digest = crypto::Sha256(changed);
    return changed.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  };
  ASSERT_TRUE(Model::Parse(sealed(body)));
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string changed = body;
    const std::size_t most = i % 2 == 0 ? 120 : changed.size();  // counts and labels stand at the beginning
    changed[16 + random() % (most - 16)] = static_cast<char>(random());
    if (i % 5 == 0) {
      changed.resize(random() % changed.size());
    }
    if (const auto model = Model::Parse(sealed(changed))) {
      const Answer answer = model->Classify("tunnel", "locked account");
      EXPECT_TRUE(answer.confidence >= 0.0 && answer.confidence <= 1.0);
    }
  }
}

TEST(Metrics, AreTheTextbookOnes) {
  const std::vector<Outcome> outcomes = {
      {"a", "a", 0.9}, {"a", "a", 0.8}, {"a", "b", 0.3}, {"b", "b", 0.7}, {"c", "a", 0.2}};
  const Metrics metrics = Measure(outcomes);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.6);
  ASSERT_EQ(metrics.labels.size(), 3U);
  EXPECT_EQ(metrics.labels[0].label, "a");
  EXPECT_NEAR(metrics.labels[0].precision, 2.0 / 3.0, 1e-4);
  EXPECT_NEAR(metrics.labels[0].recall, 2.0 / 3.0, 1e-4);
  EXPECT_NEAR(metrics.macro_f1, (2.0 / 3.0 + 2.0 / 3.0 + 0.0) / 3.0, 1e-4);
  const auto at = std::ranges::find(metrics.curve, 0.5, &CoveragePoint::threshold);
  ASSERT_NE(at, metrics.curve.end());
  EXPECT_DOUBLE_EQ(at->coverage, 0.6);
  EXPECT_DOUBLE_EQ(at->accuracy, 1.0);
  EXPECT_EQ(Measure({}).accuracy, 0.0);
}

TEST(Csv, ReadsQuotesLineBreaksAndCarriageReturns) {
  const auto table = ParseCsv("\xEF\xBB\xBFText,Label\r\n\"a, \"\"b\"\"\nc\",x\r\n\r\nplain,\n");
  ASSERT_TRUE(table) << Describe(table.error());
  ASSERT_EQ(table->rows.size(), 2U);
  EXPECT_EQ(table->rows[0], (std::vector<std::string>{"a, \"b\"\nc", "x"}));
  EXPECT_EQ(table->rows[1], (std::vector<std::string>{"plain", ""}));
  EXPECT_EQ(table->Column("label").value(), 1U);
  EXPECT_EQ(table->Column("nothing").error().message, "classify.no_column");
}

TEST(Csv, SaysWhatIsWrongAndWhere) {
  const auto wrong = [](std::string_view bytes) {
    const Error error = ParseCsv(bytes).error();
    return error.message + (error.args.empty() ? "" : " " + error.args[0].value);
  };
  EXPECT_EQ(wrong(""), "classify.csv_empty");
  EXPECT_EQ(wrong("a,b\n1,2\n\"x\ny\",2,3\n"), "classify.csv_fields 3");
  EXPECT_EQ(wrong("a,b\n1,\"2"), "classify.csv_quote 2");
  EXPECT_EQ(wrong("a,b\n1,\"2\"3\n"), "classify.csv_quote 2");
  EXPECT_EQ(wrong("a\n\xff\n"), "classify.csv_not_utf8");
}

}  // namespace
}  // namespace propolis::classify
