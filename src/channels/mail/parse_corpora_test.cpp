// The parser against other people's mails: what another good parser makes of them, and mails that must not hurt.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/corpora_test_support.h"
#include "base/json.h"
#include "channels/mail/mail_test_support.h"
#include "channels/mail/mime_corpus_test_support.h"
#include "channels/mail/parse.h"

namespace propolis::mail {
namespace {

namespace fs = std::filesystem;

TEST(ParseCorpora, AgreesWithAnotherParser) {
  const auto folder = Corpora("email_mime");
  if (!folder) {
    GTEST_SKIP() << "no corpus email_mime on this machine";
  }
  Comparison result;
  std::size_t files = 0;
  for (const auto& file : fs::recursive_directory_iterator(*folder)) {
    if (file.path().extension() != ".eml") {
      continue;
    }
    ++files;
    const auto expected = json::Document::Parse(ReadFile(fs::path(file.path()).replace_extension(".json")));
    ASSERT_TRUE(expected) << file.path();
    CompareMessage(expected->Root(), ParseMail(ReadFile(file.path())),
                   file.path().parent_path().filename() / file.path().filename(), result);
  }
  for (const auto& miss : result.misses) {
    std::cout << "differs: " << miss << '\n';
  }
  std::cout << "email_mime: " << result.total - result.misses.size() << '/' << result.total << " in " << files
            << " files\n";
  EXPECT_GT(files, 0U);
  // The other parser files text without a final boundary under attachments; here it stays in the body, on purpose.
  EXPECT_GE((result.total - result.misses.size()) * 100, result.total * 90);
}

TEST(ParseCorpora, BrokenMailsKeepTheirText) {
  const auto folder = Corpora("email_robustness");
  if (!folder) {
    GTEST_SKIP() << "no corpus email_robustness on this machine";
  }
  std::size_t files = 0;
  for (const auto& file : fs::recursive_directory_iterator(*folder)) {
    if (!file.is_regular_file() || file.path().filename() == "README.md") {
      continue;
    }
    const std::string raw = ReadFile(file.path());
    const ParsedMail mail = ParseMail(raw);
    ++files;
    EXPECT_TRUE(text::IsUtf8(mail.text)) << file.path();
    EXPECT_TRUE(text::IsUtf8(mail.subject)) << file.path();
    for (const auto& part : mail.parts) {
      if (part.type == "text/plain" && !part.disposition_attachment && part.name.empty() &&
          !text::Trim(part.content).empty()) {
        EXPECT_FALSE(text::Trim(mail.text).empty()) << file.path();
      }
    }
    EXPECT_FALSE(mail.parts.empty() && raw.contains("\n\n")) << file.path();
    if (std::getenv("VERBOSE") != nullptr) {
      std::cout << file.path().filename().string() << " | " << mail.subject << " | " << mail.text.size() << " | "
                << mail.parts.size() << " parts |";
      for (const auto defect : mail.defects) {
        std::cout << ' ' << NameOf(defect);
      }
      std::cout << '\n';
    }
  }
  EXPECT_GT(files, 0U);
}

// Each mail cut at many places and with bytes changed: still no crash, still valid text.
TEST(ParseCorpora, MangledMailsAreRead) {
  const auto folder = Corpora("email_mime");
  if (!folder) {
    GTEST_SKIP() << "no corpus email_mime on this machine";
  }
  for (const auto& file : fs::recursive_directory_iterator(*folder)) {
    if (file.path().extension() != ".eml") {
      continue;
    }
    const std::string raw = ReadFile(file.path());
    for (std::size_t cut = 0; cut < raw.size(); cut += raw.size() / 20 + 1) {
      EXPECT_TRUE(text::IsUtf8(ParseMail(raw.substr(0, cut)).text));
      std::string changed = raw;
      changed[cut] = static_cast<char>(changed[cut] ^ 0x55);
      EXPECT_TRUE(text::IsUtf8(ParseMail(changed).text));
    }
  }
}

}  // namespace
}  // namespace propolis::mail
