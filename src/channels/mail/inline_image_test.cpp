#include "channels/mail/inline_image.h"

#include <gtest/gtest.h>

#include "channels/html/sanitise.h"
#include "channels/mail/mail_test_support.h"

namespace propolis::mail {
namespace {

const std::string kMail = Crlf(
    "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=e\n\n"
    "--e\nContent-Type: text/html\n\n"
    "<p>See <img src=\"cid:shot@1\"><img src=\"cid:none@1\"><img src=\"propolis-cid:eA\"></p>\n"
    "--e\nContent-Type: image/png\nContent-ID: <shot@1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    "--e\nContent-Type: text/plain\nContent-ID: <words@1>\n\nNo image.\n--e--\n");

TEST(InlineImage, IsNamedLinkedAndFoundAgain) {
  const ParsedMail mail = ParseMail(kMail);
  html::Options options;
  options.resolve_cid = [&](std::string_view id) { return NameInlineImage(mail, id); };
  const std::string stored = html::Sanitise(mail.html, options).html;
  const std::string shown = LinkInlineImages(stored, "/t/1/images/");
  const auto at = shown.find("src=\"/t/1/images/");
  ASSERT_NE(at, std::string::npos) << shown;
  EXPECT_EQ(shown.find("cid:"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("src=", at + 1), std::string::npos) << shown;
  const std::string name = shown.substr(at + 17, shown.find('"', at + 17) - at - 17);
  EXPECT_EQ(FindInlineImage(kMail, name), "\x89PNG\r\n\x1a\n");
}

TEST(InlineImage, NamesOnlyImagesOfTheMail) {
  const ParsedMail mail = ParseMail(kMail);
  EXPECT_FALSE(NameInlineImage(mail, "none@1"));
  EXPECT_FALSE(NameInlineImage(mail, "words@1"));
  EXPECT_FALSE(NameInlineImage(mail, ""));
  for (const std::string name : {"", "!", "d29yZHNAMQ", "bm9uZUAx"}) {
    EXPECT_FALSE(FindInlineImage(kMail, name)) << name;
  }
}

}  // namespace
}  // namespace propolis::mail
