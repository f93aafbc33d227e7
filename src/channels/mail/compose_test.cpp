#include "channels/mail/compose.h"

#include <fstream>

#include "base/i18n.h"
#include "channels/html/sanitise.h"
#include "channels/mail/parse.h"
#include "channels/mail/thread.h"
#include "channels/mail/when.h"

namespace propolis::mail {
namespace {

Time At(std::string_view text) { return *ParseTime(text); }

Desk TestDesk() {
  Desk desk;
  desk.name = "Mesa Páramo";
  desk.address = "soporte@desk.example";
  desk.domain = "desk.example";
  desk.base_url = "https://portal.desk.example";
  desk.key = "secret";
  return desk;
}

Letter Resolution() {
  Letter letter;
  letter.kind = LetterKind::kResolution;
  letter.language = Language::kEs;
  letter.zone = "America/Guayaquil";
  letter.now = At("2026-11-22T19:20:00Z");
  letter.to = {"Ana Paredes", "ana@cliente.example"};
  letter.cc = {"noc@cliente.example"};
  letter.message_id = MakeMessageId("secret", "desk.example", 20417, "9");
  letter.in_reply_to = "q@cliente.example";
  letter.references = {"p@cliente.example", "q@cliente.example"};
  letter.number = 20417;
  letter.subject = "Túnel IPsec caído entre Quito y el centro de datos";
  letter.body =
      "El túnel está arriba en los dos equipos desde las 14:18.\n\n¿Puede comprobar una caja en cada agencia?";
  letter.author = "Inês Prado";
  letter.step = 4;
  letter.eta = Promised{At("2026-11-22T22:30:00Z"), At("2026-11-22T23:00:00Z")};
  letter.next_update = Promised{At("2026-11-23T15:00:00Z"), std::nullopt};
  letter.done = {{At("2026-11-22T18:31:00Z"), "Encontramos la causa"},
                 {At("2026-11-22T19:18:00Z"), "Aplicamos el arreglo"}};
  letter.closes_at = At("2026-11-29T19:20:00Z");
  letter.ticket_url = "https://portal.desk.example/portal/tickets/PR-20417-K";
  letter.survey_url = "https://portal.desk.example/survey/TOKEN";
  return letter;
}

TEST(Compose, SaysTheSameInTextAndHtml) {
  const Mail mail = Compose(TestDesk(), Resolution());
  EXPECT_EQ(mail.subject, SubjectTag(20417) + " Túnel IPsec caído entre Quito y el centro de datos");
  const std::string page = html::ToText(mail.html);
  for (const std::string_view words :
       {"## Responda encima de esta línea", "Está resuelto. Falta que usted lo confirme.",
        "Hola, Ana:", "¿Puede comprobar una caja", "Inês Prado", "Paso 4 de 5", "Hoy, 17:30–18:00", "Mañana, 10:00",
        "13:31", "Aplicamos el arreglo", "Confirmar en el portal", "29 de noviembre", "¿Cómo lo hicimos?",
        "Nunca le pediremos una contraseña", "portal.desk.example", "noc@cliente.example"}) {
    EXPECT_TRUE(mail.text.contains(words)) << words << "\n" << mail.text;
    EXPECT_TRUE(page.contains(words)) << words << "\n" << page;
  }
  for (int score = 1; score <= 5; ++score) {
    const std::string link = "https://portal.desk.example/survey/TOKEN?score=" + std::to_string(score);
    EXPECT_TRUE(mail.text.contains(link));
    EXPECT_TRUE(mail.html.contains("href=\"" + link + "\""));
  }
  EXPECT_FALSE(mail.html.contains("<img"));
  if (const char* path = std::getenv("PROPOLIS_MAIL_PREVIEW")) {
    std::ofstream(path) << mail.html;
  }
}

TEST(Compose, ReadsBackAsItWasMeant) {
  Letter letter = Resolution();
  letter.files = {{"informe año 2026 \"final\".pdf", "application/pdf", std::string("%PDF\0\n", 6)},
                  {"", "not a type", "x"}};
  const ParsedMail mail = ParseMail(Compose(TestDesk(), letter).raw);
  EXPECT_THAT(mail.defects, testing::IsEmpty());
  EXPECT_EQ(mail.subject, SubjectTag(20417) + " Túnel IPsec caído entre Quito y el centro de datos");
  EXPECT_THAT(mail.from, testing::ElementsAre(Address{"Inês Prado (Mesa Páramo)", "soporte@desk.example"}));
  EXPECT_THAT(mail.to, testing::ElementsAre(Address{"Ana Paredes", "ana@cliente.example"}));
  EXPECT_THAT(mail.cc, testing::ElementsAre(Address{"", "noc@cliente.example"}));
  ASSERT_EQ(mail.reply_to.size(), 1U);
  EXPECT_EQ(OwnReply("secret", "desk.example", mail.reply_to[0].email), 20417);
  EXPECT_EQ(OwnMessage("secret", "desk.example", mail.message_id)->number, 20417);
  EXPECT_THAT(mail.references, testing::ElementsAre("p@cliente.example", "q@cliente.example"));
  EXPECT_EQ(FormatTime(*mail.date), "2026-11-22T19:20:00Z");
  ASSERT_EQ(mail.attachments.size(), 2U);
  EXPECT_EQ(mail.parts[mail.attachments[0]].name, "informe año 2026 _final_.pdf");
  EXPECT_EQ(mail.parts[mail.attachments[0]].content, std::string("%PDF\0\n", 6));
  EXPECT_EQ(mail.parts[mail.attachments[1]].type, "application/octet-stream");
  EXPECT_TRUE(mail.html.contains("Está resuelto"));
  EXPECT_EQ(mail.language, Language::kEs);
}

TEST(Compose, MarksOnlyAutomaticMailAsAutomatic) {
  Letter letter = Resolution();
  const auto header = [&](LetterKind kind) {
    letter.kind = kind;
    return ParseMail(Compose(TestDesk(), letter).raw).Header("Auto-Submitted");
  };
  EXPECT_EQ(header(LetterKind::kReceipt), "auto-replied");
  EXPECT_EQ(header(LetterKind::kPromise), "auto-generated");
  EXPECT_EQ(header(LetterKind::kNotice), "auto-generated");
  EXPECT_EQ(header(LetterKind::kReply), "");
  EXPECT_EQ(header(LetterKind::kResolution), "");
}

TEST(Compose, NothingTypedBecomesAHeaderOrMarkup) {
  Letter letter = Resolution();
  letter.subject = "x\r\nBcc: all@evil.example\n\n<script>alert(1)</script> =?utf-8?Q?=0ABcc:_a?=";
  letter.to = {"Eve\r\nBcc: e@evil.example\"<", "ana@cliente.example"};
  letter.cc = {"ok@cliente.example", "bad@x.example\r\nBcc: e@evil.example", "not an address"};
  letter.author = "A\r\nX-Evil: 1";
  letter.body = "<img src=x onerror=alert(1)>\n.\nFrom me\n--=_boundary";
  letter.in_reply_to = "a>\r\nX-Evil: 1";
  letter.references = {"fine@x.example", "b c@x"};
  letter.files = {{"a\r\nX-Evil: 1\";.pdf", "text/plain\r\nX-Evil: 1", "x"}};
  const Mail written = Compose(TestDesk(), letter);
  const ParsedMail mail = ParseMail(written.raw);
  EXPECT_FALSE(mail.HasHeader("Bcc"));
  EXPECT_FALSE(mail.HasHeader("X-Evil"));
  EXPECT_THAT(mail.cc, testing::ElementsAre(Address{"", "ok@cliente.example"}));
  EXPECT_THAT(mail.in_reply_to, testing::IsEmpty());
  EXPECT_THAT(mail.references, testing::ElementsAre("fine@x.example"));
  EXPECT_FALSE(written.html.contains("<img"));
  EXPECT_FALSE(written.html.contains("<script"));
  EXPECT_TRUE(mail.text.contains("<img src=x onerror=alert(1)>\n.\nFrom me"));
  for (std::size_t at = 0; at < written.raw.size();) {
    const auto end = written.raw.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    ASSERT_LE(end - at, 998U);
    at = end + 2;
  }
  EXPECT_FALSE(written.raw.contains("\r\n.\r\n"));
}

TEST(Compose, EveryKindInEveryLanguageHasItsWords) {
  for (const Language language : {Language::kEn, Language::kEs, Language::kPt}) {
    for (const auto& [kind, name] : Names<LetterKind>::kTable) {
      Letter letter = Resolution();
      letter.kind = kind;
      letter.language = language;
      letter.body.clear();
      letter.sign_in_url = "https://portal.desk.example/portal#t=x";
      const Mail mail = Compose(TestDesk(), letter);
      for (const std::string_view prefix :
           {"mail.headline", "mail.box", "mail.button", "mail.body", "mail.hint", "mail.step", "mail.s"}) {
        EXPECT_FALSE(mail.text.contains(prefix)) << name << mail.text;
      }
    }
  }
}

TEST(When, SpeaksThePlaceAndTheLanguage) {
  const Time now = At("2026-11-22T23:30:00Z");
  EXPECT_EQ(SayWhen(At("2026-11-23T01:00:00Z"), std::nullopt, now, Language::kEn, "America/Sao_Paulo"), "Today, 22:00");
  EXPECT_EQ(SayWhen(At("2026-11-23T12:00:00Z"), std::nullopt, now, Language::kPt, "America/Sao_Paulo"),
            "Amanhã, 09:00");
  EXPECT_EQ(SayWhen(At("2026-11-27T12:00:00Z"), std::nullopt, now, Language::kEs, "America/Sao_Paulo"),
            "viernes, 27 de noviembre, 09:00");
  EXPECT_EQ(SayDay(At("2026-11-29T00:00:00Z"), Language::kEs, "UTC"), "29 de noviembre");
  EXPECT_EQ(SayClock(At("2026-11-29T00:00:00Z"), Language::kEn, "UTC"), "00:00");
}

}  // namespace
}  // namespace propolis::mail
