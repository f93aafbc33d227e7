#include "channels/mail/trim.h"

#include <iostream>

#include "base/corpora_test_support.h"
#include "base/text.h"
#include "channels/html/sanitise.h"
#include "channels/mail/mail_test_support.h"
#include "channels/mail/parse.h"

namespace propolis::mail {
namespace {

namespace fs = std::filesystem;

// Text without regard to blanks.
std::string Essence(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') {
      out += c;
    }
  }
  return out;
}

TEST(Trim, CutsWhatMailProgramsAdd) {
  const auto visible = [](std::string_view text) { return TrimReply(text).visible; };
  EXPECT_EQ(visible("Gracias.\n\nEl vie, 20 nov 2026 a las 10:00, Mesa (<soporte@desk.example>) escribió:\n\n> Hola\n"),
            "Gracias.");
  EXPECT_EQ(
      visible("Obrigado.\n\nEm sex., 20 de nov. de 2026 às 10:00, Mesa <soporte@desk.example> escreveu:\n> Olá\n"),
      "Obrigado.");
  EXPECT_EQ(visible("Thanks\n\n-----Original Message-----\nFrom: x\nSent: y\nSubject: z\n\nold"), "Thanks");
  EXPECT_EQ(
      visible("Listo\n\nDe: Mesa <soporte@desk.example>\nEnviado el: viernes\nPara: Ana\nAsunto: RE: VPN\n\nviejo"),
      "Listo");
  EXPECT_EQ(visible("Ok\n-- \nAna\nBanco"), "Ok");
  EXPECT_EQ(visible("Sí\n\nEnviado desde mi iPhone"), "Sí");
  EXPECT_EQ(visible("Works now.\n\n## Write your answer above this line. It goes to request PR-1-R ##\nPR-1-R"),
            "Works now.");
}

TEST(Trim, KeepsAnswersBelowAndBetween) {
  EXPECT_EQ(TrimReply("On Fri, 20 Nov 2026, Ana <a@b.example> wrote:\n> is it up?\n\nYes, it is.").visible,
            "Yes, it is.");
  EXPECT_EQ(TrimReply("> is it up?\n\nYes.\n\n> and the other?\n\nNo.").visible,
            "> is it up?\n\nYes.\n\n> and the other?\n\nNo.");
}

TEST(Trim, KeepsEverythingWhenNothingElseIsLeft) {
  EXPECT_EQ(TrimReply("> only a quote").visible, "> only a quote");
  EXPECT_EQ(TrimReply("").visible, "");
  EXPECT_EQ(TrimReply("Sent from my iPhone").visible, "Sent from my iPhone");
}

TEST(Trim, KeepsWhatItCuts) {
  const std::string text = "Thanks\n\nOn Fri, 20 Nov 2026, Ana <a@b.example> wrote:\n> one\n> two";
  const Trimmed trimmed = TrimReply(text);
  EXPECT_EQ(Essence(trimmed.visible + trimmed.quoted), Essence(text));
}

TEST(Trim, LeavesLogsAndTablesAlone) {
  std::string log = "The device said:\n\nname   state\n------ -----\n";
  for (int i = 0; i < 30; ++i) {
    log += "port" + std::to_string(i) + "  up\n";
  }
  EXPECT_EQ(Essence(TrimReply(log).visible), Essence(log));
  EXPECT_EQ(TrimReply("```\n# not\n----\n> code\n```\nend").visible, "```\n# not\n----\n> code\n```\nend");
}

TEST(TrimCorpora, AgreesWithPeople) {
  const auto folder = Corpora("reply_trimming");
  if (!folder) {
    GTEST_SKIP() << "no corpus reply_trimming on this machine";
  }
  std::size_t right = 0;
  std::size_t total = 0;
  for (const auto& file : fs::directory_iterator(*folder / "discourse/emails")) {
    const Trimmed got = TrimReply(ReadFile(file.path()));
    const std::string wanted = ReadFile(*folder / "discourse/trimmed" / file.path().filename());
    ++total;
    if (text::Trim(got.visible) == text::Trim(wanted)) {
      ++right;
    } else {
      std::cout << "differs: " << file.path().filename() << "\n--- got\n"
                << got.visible.substr(0, 600) << "\n--- wanted\n"
                << wanted.substr(0, 600) << "\n";
    }
  }
  std::cout << "discourse: " << right << '/' << total << '\n';
  EXPECT_GE(right * 100, total * 90);
}

TEST(TrimCorpora, FindsTheSameReplyInManyPrograms) {
  const auto folder = Corpora("reply_trimming");
  if (!folder) {
    GTEST_SKIP() << "no corpus reply_trimming on this machine";
  }
  std::size_t right = 0;
  std::size_t total = 0;
  for (const auto& file : fs::directory_iterator(*folder / "talon/standard_replies")) {
    if (file.path().extension() != ".eml") {
      continue;
    }
    const ParsedMail mail = ParseMail(ReadFile(file.path()));
    const std::string got = Essence(TrimReply(mail.text).visible);
    ++total;
    if (got == "Hello") {
      ++right;
    } else {
      std::cout << "differs: " << file.path().filename() << ": " << TrimReply(mail.text).visible << '\n';
    }
    html::Options options;
    options.drop_quotes = true;
    if (!mail.html.empty()) {
      ++total;
      const std::string visible = TrimReply(html::Sanitise(mail.html, options).text).visible;
      if (Essence(visible) == "Hello") {
        ++right;
      } else {
        std::cout << "differs (html): " << file.path().filename() << ": " << visible << '\n';
      }
    }
  }
  for (const auto& file : fs::directory_iterator(*folder / "talon/html_replies")) {
    html::Options options;
    options.drop_quotes = true;
    const std::string visible = TrimReply(html::Sanitise(ReadFile(file.path()), options).text).visible;
    ++total;
    if (Essence(visible).starts_with("Hi.Iamfine.") && !visible.contains("Hello! How are you") &&
        Essence(visible).size() < 40) {
      ++right;
    } else {
      std::cout << "differs: " << file.path().filename() << ": " << visible << '\n';
    }
  }
  std::cout << "talon: " << right << '/' << total << '\n';
  EXPECT_GE(right * 100, total * 85);
}

}  // namespace
}  // namespace propolis::mail
