#include <gtest/gtest.h>

#include "domain/triage/decide.h"

namespace propolis::triage {
namespace {

Classification Read(std::string_view subject, std::string_view body = "") {
  static const Classifier classifier(DefaultRules(), {});
  return classifier.Classify(0.8, subject, body);
}

std::string KindOf(std::string_view subject, std::string_view body = "") {
  const auto found = Read(subject, body);
  return found.kind && found.kind->applied ? std::string(NameOf(found.kind->value)) : "";
}

TEST(TriagePolicy, DefaultFollowsTheWrittenMatrix) {
  const Policy policy = DefaultPolicy();
  ASSERT_TRUE(Validate(policy));
  constexpr int kWanted[4][4] = {{1, 1, 2, 3}, {1, 2, 3, 3}, {2, 3, 3, 4}, {3, 3, 4, 4}};
  for (int impact = 1; impact <= 4; ++impact) {
    for (int urgency = 1; urgency <= 4; ++urgency) {
      EXPECT_EQ(static_cast<int>(PriorityFor(policy, impact, urgency)), kWanted[impact - 1][urgency - 1])
          << impact << " " << urgency;
    }
  }
  EXPECT_EQ(PriorityFor(policy, 0, 99), Priority::kP4);
  EXPECT_FALSE(NeedsApproval(policy, TicketKind::kQuestion));
  EXPECT_TRUE(NeedsApproval(policy, TicketKind::kFault));
}

TEST(TriagePolicy, SurvivesItsOwnJson) {
  const auto again = dto::Parse<Policy>(dto::ToJson(DefaultPolicy()));
  ASSERT_TRUE(again) << Describe(again.error());
  EXPECT_TRUE(Validate(*again));
  EXPECT_EQ(dto::ToJson(*again), dto::ToJson(DefaultPolicy()));
}

TEST(TriagePolicy, RefusesAMatrixThatTurnsGravityUpsideDown) {
  Policy policy = DefaultPolicy();
  policy.matrix[0][0] = Priority::kP2;  // less than significant and critical
  ASSERT_FALSE(Validate(policy));
  EXPECT_EQ(Validate(policy).error().fields[0].message, "triage.matrix_not_ordered");
  policy = DefaultPolicy();
  policy.matrix[3].pop_back();
  EXPECT_EQ(Validate(policy).error().fields[0].field, "matrix/3");
  policy = DefaultPolicy();
  policy.urgency[1].level = 3;
  EXPECT_EQ(Validate(policy).error().fields[0].field, "urgency");
}

TEST(Classify, DefaultRulesAreSound) {
  std::set<std::string> names;
  for (const Rule& rule : DefaultRules()) {
    EXPECT_TRUE(Validate(rule)) << rule.name;
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    const auto again = dto::Parse<Rule>(dto::ToJson(rule));
    ASSERT_TRUE(again) << rule.name << Describe(again.error());
  }
}

struct Sample {
  std::string_view kind;
  std::string_view subject;
  std::string_view body;
};

TEST(Classify, KnowsTheKindsOfASecurityDeskInThreeLanguages) {
  const Sample samples[] = {
      {"incident", "Ransomware on file server", "Files are encrypted on FS01 and there is a ransom note."},
      {"incident", "Archivos cifrados en el servidor", "Piden un rescate en bitcoin."},
      {"incident", "Arquivos criptografados", "Apareceu um pedido de resgate em todas as pastas."},
      {"event", "Possible phishing mail", "Finance received a suspicious email with a fake invoice."},
      {"event", "Correo sospechoso", "Varios compañeros recibieron un correo fraudulento."},
      {"event", "E-mail suspeito recebido", "Acho que é phishing, tem um link suspeito."},
      {"fault", "VPN down", "The tunnel to Madrid is down since 09:00."},
      {"fault", "Tunel caido con la sede de Bogota", "La VPN no funciona desde esta mañana."},
      {"fault", "Túnel caiu", "A VPN não conecta desde cedo."},
      {"fault", "Certificado caducado en el portal", ""},
      {"vulnerability", "CVE-2026-1234 in our gateways", "Is a security patch available?"},
      {"vulnerability", "Vulnerabilidade crítica no FortiGate", "Precisamos da correção de segurança."},
      {"question", "Question about log retention", "How can we export the documentation?"},
      {"question", "Consulta", "Quisiera saber cómo puedo descargar el documento."},
      {"question", "Dúvida", "Gostaria de saber onde encontro o manual."},
      {"onboarding", "Onboarding of the Lisbon office", "Kick-off next week."},
      {"request", "New firewall rule", "Please open port 443 to the partner and allow access."},
  };
  for (const Sample& sample : samples) {
    EXPECT_EQ(KindOf(sample.subject, sample.body), sample.kind) << sample.subject;
  }
}

TEST(Classify, TellsTheWordsThatLedToIt) {
  const auto found = Read("Help", "Our files are encrypted and a Ransom Note appeared.");
  ASSERT_TRUE(found.kind);
  EXPECT_EQ(found.kind->words, (std::vector<std::string>{"files are encrypted", "Ransom Note"}));
  EXPECT_GT(found.kind->confidence, 0.95);
}

TEST(Classify, IgnoresWhatIsNegatedOrQuoted) {
  EXPECT_EQ(KindOf("Weekly check", "There are no signs of ransomware."), "");
  EXPECT_EQ(KindOf("Revisión", "No hay indicios de ransomware en el equipo."), "");
  EXPECT_EQ(KindOf("Revisão", "Não foi encontrado nenhum sinal de ransomware."), "");
  EXPECT_EQ(KindOf("Weekly check", "> we saw ransomware\nThat is over."), "");
  EXPECT_EQ(KindOf("Re", "Thanks.\n-----Original Message-----\nransomware everywhere"), "");
  EXPECT_EQ(KindOf("Weekly check", "We are not sure. Ransomware was found."), "incident");
}

TEST(Classify, SubjectWeighsMoreThanBody) {
  const double subject = Read("ingest delay", "").kind->confidence;
  const double body = Read("", "ingest delay").kind->confidence;
  EXPECT_GT(subject, body);
  EXPECT_DOUBLE_EQ(body, 0.6);
}

TEST(Classify, EvidenceForAnotherValueLowersConfidence) {
  const double alone = Read("", "We suspect ransomware.").kind->confidence;
  const auto both = Read("", "We suspect ransomware. Also a question: how can we renew?");
  EXPECT_EQ(both.kind->value, TicketKind::kIncident);
  EXPECT_LT(both.kind->confidence, alone);
}

TEST(Classify, TheSameWordTwiceIsOneWord) {
  EXPECT_DOUBLE_EQ(Read("", "ingest delay").kind->confidence, Read("", "ingest delay, ingest delay!").kind->confidence);
}

TEST(Classify, PrefersTheProductUnderItsVendor) {
  const auto vendor = TechnologyId::New(FromMicros(1));
  const auto gate = TechnologyId::New(FromMicros(2));
  const auto client = TechnologyId::New(FromMicros(3));
  const auto other = TechnologyId::New(FromMicros(4));
  const Classifier classifier({}, {{vendor, {}, "Fortinet", {}},
                                   {gate, vendor, "FortiGate", {"fortios"}},
                                   {client, vendor, "FortiClient", {}},
                                   {other, {}, "Defender", {"microsoft defender"}}});
  const auto product = classifier.Classify(0.8, "Fortinet FortiGate does not boot", "");
  ASSERT_TRUE(product.technology);
  EXPECT_EQ(product.technology->id, gate);
  EXPECT_TRUE(product.technology->applied);
  EXPECT_EQ(classifier.Classify(0.8, "", "Our Fortinet box").technology->id, vendor);
  const auto unsure = classifier.Classify(0.8, "", "FortiGate or Defender?");
  EXPECT_FALSE(unsure.technology->applied);
  EXPECT_FALSE(classifier.Classify(0.8, "", "the printer").technology);
}

TEST(Classify, IsTotal) {
  const std::string hostile = "\xff\xfe> \xc3(" + std::string(100000, '>') + std::string(5000, 'a');
  EXPECT_FALSE(Read(hostile, hostile).kind);
  EXPECT_FALSE(Read("", "").kind);
}

TEST(Decide, APersonsWordWins) {
  const Policy policy = DefaultPolicy();
  const auto found = Read("Ransomware", "Files are encrypted.");
  const Decision proposed = Decide(policy, found, {});
  EXPECT_EQ(proposed.kind, TicketKind::kIncident);
  EXPECT_EQ(proposed.priority, Priority::kP1);
  EXPECT_EQ(proposed.priority_reason, "triage.reason_proposed");
  Choices chosen;
  chosen.kind = TicketKind::kQuestion;
  chosen.impact = 4;
  chosen.urgency = 4;
  const Decision kept = Decide(policy, found, chosen);
  EXPECT_EQ(kept.kind, TicketKind::kQuestion);
  EXPECT_EQ(kept.priority, Priority::kP4);
  EXPECT_EQ(kept.priority_reason, "triage.reason_chosen");
  EXPECT_FALSE(kept.classification.kind->applied);
}

TEST(Decide, WithoutEvidenceTheMiddleStands) {
  const Decision decision = Decide(DefaultPolicy(), Read("Hello", "Hi"), {});
  EXPECT_EQ(decision.kind, TicketKind::kRequest);
  EXPECT_EQ(decision.priority, Priority::kP3);
  EXPECT_EQ(decision.priority_reason, "triage.reason_default");
}

}  // namespace
}  // namespace propolis::triage
