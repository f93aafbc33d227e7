#include "channels/mail/parse.h"

#include "channels/mail/charset.h"
#include "channels/mail/mail_test_support.h"
#include "channels/mail/transfer.h"

namespace propolis::mail {
namespace {

TEST(Parse, ReadsAnOrdinaryMail) {
  const ParsedMail mail = ParseMail(Crlf(R"(Return-Path: <ana@cliente.example>
From: =?UTF-8?Q?Ana_Garc=C3=ADa?= <Ana@Cliente.Example>
To: "Desk, Support" <soporte@desk.example>, otro@desk.example
Cc: Grupo: a@b.example, b@b.example;
Subject: =?utf-8?B?VMO6bmVsIGNh?= =?utf-8?B?w61kbyBlbiBs?=
 =?utf-8?Q?a_sede?=
Message-ID: <abc.1@cliente.example>
In-Reply-To: <old@desk.example>
References: <first@desk.example> <old@desk.example>
Date: Fri, 20 Nov 2026 10:00:00 -0300
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Buenos d=EDas, el t=FAnel VPN de la sede central est=E1 ca=EDdo desde anoche.
Necesitamos que lo revisen cuanto antes porque nadie puede trabajar.
)"));
  EXPECT_THAT(mail.from, testing::ElementsAre(Address{"Ana García", "Ana@cliente.example"}));
  EXPECT_THAT(mail.to,
              testing::ElementsAre(Address{"Desk, Support", "soporte@desk.example"}, Address{"", "otro@desk.example"}));
  EXPECT_THAT(mail.cc, testing::ElementsAre(Address{"", "a@b.example"}, Address{"", "b@b.example"}));
  EXPECT_EQ(mail.subject, "Túnel caído en la sede");
  EXPECT_EQ(mail.message_id, "abc.1@cliente.example");
  EXPECT_THAT(mail.references, testing::ElementsAre("first@desk.example", "old@desk.example"));
  EXPECT_EQ(mail.return_path, "ana@cliente.example");
  EXPECT_EQ(FormatTime(*mail.date), "2026-11-20T13:00:00Z");
  EXPECT_EQ(mail.text,
            "Buenos días, el túnel VPN de la sede central está caído desde anoche.\nNecesitamos que lo revisen cuanto "
            "antes porque nadie puede "
            "trabajar.\n");
  EXPECT_EQ(mail.language, Language::kEs);
  EXPECT_THAT(mail.defects, testing::IsEmpty());
}

TEST(Parse, ReadsAttachmentNamesHoweverTheyAreWritten) {
  const auto name_of = [](std::string_view disposition) {
    const ParsedMail mail = ParseMail(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\nContent-Type: "
        "application/pdf\nContent-Disposition: " +
        std::string(disposition) + "\n\nbytes\n--x--\n");
    return mail.attachments.empty() ? "none" : mail.parts[mail.attachments[0]].name;
  };
  EXPECT_EQ(name_of("attachment; filename=plain.pdf"), "plain.pdf");
  EXPECT_EQ(name_of("attachment; filename=\"=?utf-8?Q?a=C3=B1o.pdf?=\""), "año.pdf");
  EXPECT_EQ(name_of("attachment; filename*=UTF-8''a%C3%B1o%20nuevo.pdf"), "año nuevo.pdf");
  EXPECT_EQ(name_of("attachment;\n filename*0*=iso-8859-1''a%F1o;\n filename*1=\"-2026\";\n filename*2*=%2E.pdf"),
            "año-2026..pdf");
  EXPECT_EQ(name_of("attachment; filename=x.pdf; filename*=utf-8''%C3%A1.pdf"), "á.pdf");
  EXPECT_EQ(name_of("attachment; filename=informe final.pdf"), "informe final.pdf");
  EXPECT_EQ(name_of("attachment; filename=\"a\xf1o.pdf\""), "año.pdf");
  EXPECT_EQ(name_of("attachment; filename=\"../../etc/passwd\""), "_.._etc_passwd");
  EXPECT_EQ(name_of("attachment; filename=\"invoice\xe2\x80\xaegnp.exe\""), "invoicegnp.exe");
  EXPECT_EQ(name_of("attachment; filename=\"\""), "");
  EXPECT_EQ(name_of("attachment"), "");
}

TEST(Parse, ReadsCharsetsWithAndWithoutTheRightName) {
  EXPECT_EQ(DecodeCharset("\x1b$B$3$s$K$A$O\x1b(B", "iso-2022-jp").text, "こんにちは");
  EXPECT_EQ(DecodeCharset("\x1b$B$3$s$K$A$O\x1b(B", "").text, "こんにちは");
  EXPECT_EQ(DecodeCharset("\xc4\xe3\xba\xc3", "GB2312").text, "你好");
  EXPECT_EQ(DecodeCharset("\xf0\xd2\xc9\xd7\xc5\xd4", "KOI8-R").text, "Привет");
  EXPECT_EQ(DecodeCharset("Hi +2D3eAQ-", "UTF-7").text, "Hi 😁");
  EXPECT_EQ(DecodeCharset("\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251").text, "Привет");
  EXPECT_EQ(DecodeCharset("precio: 5 \x80", "iso-8859-1").text, "precio: 5 €");
  EXPECT_EQ(DecodeCharset("caf\xc3\xa9", "us-ascii").text, "café");
  EXPECT_EQ(DecodeCharset("caf\xc3\xa9", "iso-8859-1").text, "café");
  EXPECT_EQ(DecodeCharset("caf\xe9", "utf-8").text, "café");
  EXPECT_EQ(DecodeCharset("caf\xe9", "no-such-charset").text, "café");
  EXPECT_EQ(DecodeCharset("caf\xe9", "\"iso-8859-1\"").text, "café");
  EXPECT_EQ(DecodeCharset("\xef\xbb\xbfhola", "utf-8").text, "hola");
  EXPECT_EQ(DecodeCharset(std::string_view("\xff\xfeh\0i\0", 6), "").text, "hi");
  EXPECT_TRUE(DecodeCharset("caf\xe9", "").guessed);
  EXPECT_FALSE(DecodeCharset("caf\xc3\xa9", "utf8").guessed);
}

TEST(Parse, DecodesTransferEncodingsTolerantly) {
  EXPECT_EQ(DecodeBase64("aG9s\r\nYQ==").bytes, "hola");
  EXPECT_EQ(DecodeBase64("aG9sYQ").bytes, "hola");
  EXPECT_EQ(DecodeBase64("a-G9sYQ==").illegal, 1U);
  EXPECT_EQ(DecodeQuotedPrintable("a=\r\nb=20 \t\nc=3D=ZZ=").bytes, "ab \nc==ZZ");
  EXPECT_EQ(DecodeUuencode("begin 644 f\n$:&]L80  \n`\nend\n").bytes, "hola");
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)).bytes, bytes);
  }
  const std::string text = "línea con acentos y = y espacio al final \nFrom aquí\n.\n" + std::string(300, 'x') + "\n";
  const std::string encoded = EncodeQuotedPrintable(text);
  for (std::size_t at = 0; at < encoded.size();) {
    const auto end = encoded.find("\r\n", at);
    ASSERT_LE(end - at, 76U);
    at = end + 2;
  }
  std::string back = DecodeQuotedPrintable(encoded).bytes;
  std::erase(back, '\r');
  EXPECT_EQ(back, text);
}

TEST(Parse, PrefersTextAndKeepsHtml) {
  const ParsedMail mail = ParseMail(R"(From: a@b.example
Content-Type: multipart/related; boundary=r

--r
Content-Type: multipart/alternative; boundary=a

--a
Content-Type: text/plain

plain
--a
Content-Type: text/html

<p>rich <img src="cid:logo@x"></p>
--a--
--r
Content-Type: application/octet-stream
Content-ID: <logo@x>

png
--r--
)");
  EXPECT_EQ(text::Trim(mail.text), "plain");
  EXPECT_TRUE(mail.html.contains("<p>rich"));
  ASSERT_EQ(mail.attachments.size(), 1U);
  EXPECT_TRUE(mail.parts[mail.attachments[0]].is_inline);
  EXPECT_FALSE(mail.text_from_html);
}

TEST(Parse, DerivesTextFromHtml) {
  const ParsedMail mail = ParseMail("Content-Type: text/html\n\n<div>Hola<br>mundo</div><script>x()</script>");
  EXPECT_EQ(mail.text, "Hola\nmundo");
  EXPECT_TRUE(mail.text_from_html);
  EXPECT_TRUE(mail.Has(Defect::kNoFrom));
}

TEST(Parse, ReadsNestedMessagesAndCalendars) {
  const ParsedMail mail = ParseMail(R"(From: a@b.example
Content-Type: multipart/mixed; boundary=m

--m

see below
--m
Content-Type: message/rfc822

From: real@customer.example
Subject: inner

inner text
--m
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
--m
Content-Type: application/ms-tnef; name=winmail.dat

x
--m--
)");
  ASSERT_EQ(mail.attachments.size(), 3U);
  const Part& nested = mail.parts[mail.attachments[0]];
  ASSERT_NE(nested.message, nullptr);
  EXPECT_EQ(nested.message->from[0].email, "real@customer.example");
  EXPECT_EQ(text::Trim(nested.message->text), "inner text");
  EXPECT_EQ(mail.parts[mail.attachments[1]].type, "text/calendar");
  EXPECT_EQ(mail.parts[mail.attachments[2]].name, "winmail.dat");
}

TEST(Parse, JoinsFlowedText) {
  EXPECT_EQ(ParseMail("Content-Type: text/plain; format=flowed\n\nOne \nline.\n> quoted \n> too\n-- \nsig\n").text,
            "One line.\n> quoted too\n-- \nsig\n");
}

TEST(Parse, HoldsItsLimits) {
  std::string deep;
  for (int i = 0; i < 300; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  EXPECT_TRUE(ParseMail(deep + "Content-Type: text/plain\n\nx").Has(Defect::kTooDeep));

  std::string wide = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 2000; ++i) {
    wide += "--b\nContent-Type: text/plain\n\n" + std::to_string(i) + "\n";
  }
  const ParsedMail many = ParseMail(wide);
  EXPECT_TRUE(many.Has(Defect::kTooManyParts));
  EXPECT_EQ(many.parts.size(), 500U);

  std::string russian = "x";
  for (int i = 0; i < 40; ++i) {
    russian = "Content-Type: message/rfc822\n\n" + russian;
  }
  EXPECT_TRUE(ParseMail(russian).message_id.empty());

  ParseLimits small;
  small.header_bytes = 100;
  const ParsedMail long_header = ParseMail("Subject: hi\nX-Long: " + std::string(500, 'x') + "\n\nbody", small);
  EXPECT_TRUE(long_header.Has(Defect::kHeaderTooLong));
  EXPECT_EQ(long_header.subject, "hi");
  EXPECT_EQ(long_header.text, "body");
}

TEST(Parse, ReadsWhatIsHardlyAMail) {
  EXPECT_EQ(ParseMail("just some words\nand more").text, "just some words\nand more");
  EXPECT_EQ(ParseMail("").text, "");
  EXPECT_EQ(ParseMail("From a@b Mon Jan 1\nSubject: x\n\ny").subject, "x");
  EXPECT_EQ(ParseMail("Subject: x\rFrom: a@b.example\r\rbody").text, "body");
  EXPECT_EQ(ParseMail("Subject: x\njunk line\nFrom: a@b.example\n\nbody").from.size(), 1U);
  EXPECT_EQ(ParseMail("Subject: x\nThis is text without a blank line\nmore").text,
            "This is text without a blank line\nmore");
}

TEST(Header, ReadsAddressesAsPeopleWriteThem) {
  const auto first = [](std::string_view text) {
    const auto found = ParseAddresses(text);
    return found.empty() ? Address{"none", ""} : found[0];
  };
  EXPECT_EQ(first("a@b.example"), (Address{"", "a@b.example"}));
  EXPECT_EQ(first("Jo Bloggs a@b.example"), (Address{"Jo Bloggs", "a@b.example"}));
  EXPECT_EQ(first("a@b.example (Jo (the) Bloggs)"), (Address{"Jo (the) Bloggs", "a@b.example"}));
  EXPECT_EQ(first("\"Bloggs, Jo\" <a@B.Example>"), (Address{"Bloggs, Jo", "a@b.example"}));
  EXPECT_EQ(first("'Jo' <mailto:a@b.example>"), (Address{"Jo", "a@b.example"}));
  EXPECT_EQ(first("Jo <a@b.example"), (Address{"Jo", "a@b.example"}));
  EXPECT_EQ(first("<@r.example:a@b.example>"), (Address{"", "a@b.example"}));
  EXPECT_EQ(first("\"odd local\"@b.example"), (Address{"", "\"odd local\"@b.example"}));
  EXPECT_EQ(first("undisclosed-recipients:;"), (Address{"undisclosed-recipients", ""}));
  EXPECT_EQ(first("evil@x.example\r\nBcc: all <a@b.example>").email, "a@b.example");
  EXPECT_THAT(ParseAddresses(",, ;"), testing::IsEmpty());
}

TEST(Header, ReadsMessageIds) {
  EXPECT_THAT(ParseMessageIds("<a@b> (x) <c@\n d>"), testing::ElementsAre("a@b", "c@d"));
  EXPECT_THAT(ParseMessageIds("a@b, c@d"), testing::ElementsAre("a@b", "c@d"));
  EXPECT_THAT(ParseMessageIds("<a@b> <a@b>"), testing::ElementsAre("a@b"));
  EXPECT_THAT(ParseMessageIds("<a@b"), testing::ElementsAre("a@b"));
  EXPECT_THAT(ParseMessageIds("\"Jo\" of 3 May"), testing::IsEmpty());
}

TEST(Header, KnowsDeliverableAddresses) {
  for (const std::string_view good : {"a@b.example", "a.b+c@x-y.example", "josé@correo.example", "x@localhost"}) {
    EXPECT_TRUE(IsDeliverable(good)) << good;
  }
  for (const std::string_view bad : {"", "a", "@b", "a@", "a b@c.example", "a@b..c", ".a@b.c", "a@-b.c",
                                     "a@b.c\r\nX: y", "a@b.c>", "a@[127.0.0.1]"}) {
    EXPECT_FALSE(IsDeliverable(bad)) << bad;
  }
}

}  // namespace
}  // namespace propolis::mail
