#include "channels/html/sanitise.h"

#include <fstream>
#include <iostream>

#include "base/corpora_test_support.h"
#include "base/json.h"
#include "base/text.h"
#include "channels/html/policy.h"
#include "channels/html/safety_test_support.h"

namespace propolis::html {
namespace {

TEST(Sanitise, KeepsWhatIsHarmless) {
  EXPECT_EQ(Sanitise("<p dir=rtl>Hola <b>mundo</b></p>").html, "<p dir=\"rtl\">Hola <b>mundo</b></p>");
  EXPECT_EQ(Sanitise("<table border=1><tr><td colspan=2>x</table>").html,
            "<table border=\"1\"><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>");
  EXPECT_EQ(Sanitise("<span style='color:red;position:fixed;background:url(x)'>x</span>").html,
            "<span style=\"color:red\">x</span>");
  EXPECT_EQ(Sanitise("a &lt;b&gt; &amp; c").html, "a &lt;b&gt; &amp; c");
}

TEST(Sanitise, MakesLinksSafe) {
  EXPECT_EQ(Sanitise("<a href='HTTPS://x.example/a?b=1&c=2' onclick=x()>x</a>").html,
            "<a href=\"https://x.example/a?b=1&amp;c=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>");
  for (const std::string_view bad :
       {"javascript:alert(1)", " java\tscript:alert(1)", "\x01javascript:x", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "relative", "#frag", "http:///x"}) {
    EXPECT_EQ(SafeLink(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(SafeLink("mailto:a@b.example"), "mailto:a@b.example");
  EXPECT_EQ(SafeLink("http://x.example/\"onmouseover=\"x"), "http://x.example/%22onmouseover=%22x");
}

TEST(Sanitise, BlocksRemoteImagesAndServesInlineOnes) {
  Options options;
  options.resolve_cid = [](std::string_view id) {
    return id == "logo@x" ? std::optional<std::string>("/api/v1/evidence/1") : std::nullopt;
  };
  const auto result = Sanitise(
      "<img src=cid:logo@x alt=l><img src='https://t.example/p.gif'><img src=cid:other><img "
      "src=data:image/png;base64,AA>",
      options);
  EXPECT_EQ(result.html,
            "<img alt=\"l\" src=\"/api/v1/evidence/1\"><img data-src=\"https://t.example/p.gif\" "
            "data-blocked=\"remote\"><img><img>");
  EXPECT_EQ(result.blocked_images, 1U);
}

TEST(Sanitise, DropsActiveContent) {
  for (const std::string_view bad :
       {"<script>alert(1)</script>", "<svg onload=x>", "<iframe src=x></iframe>", "<object data=x></object>",
        "<style>p{}</style>", "<base href=//x>", "<template><img src=x onerror=y></template>",
        "<math><mi xlink:href=javascript:x></math>", "<meta http-equiv=refresh content=0>"}) {
    EXPECT_EQ(Sanitise(bad).html, "") << bad;
  }
  EXPECT_EQ(Sanitise("<form action=x><input name=p><button>Send</button></form>").html, "Send");
}

TEST(Sanitise, Defangs) {
  Options options;
  options.defang = true;
  const auto result = Sanitise("see <a href='http://evil.example/x'>http://evil.example/x</a>", options);
  EXPECT_EQ(result.html, "see <a title=\"hxxp://evil[.]example/x\">hxxp://evil[.]example/x</a>");
  EXPECT_EQ(Defang("a https://x.example/p.html b"), "a hxxps://x[.]example/p.html b");
}

TEST(Sanitise, FallsBackInBoundedTime) {
  const auto repeat = [](std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
      out += piece;
    }
    return out;
  };
  std::string attributes = "<p ";
  for (int i = 0; i < 50000; ++i) {
    attributes += "a" + std::to_string(i) + "=1 ";
  }
  for (const std::string& bomb :
       {repeat("<div>", 100000) + "kept", repeat("<b></i>", 50000) + "kept", attributes + ">kept",
        repeat("<p><b id=x>", 20000) + "kept", "kept" + repeat("x", 3 * 1024 * 1024)}) {
    const auto result = Sanitise(bomb);
    EXPECT_TRUE(result.fell_back);
    EXPECT_TRUE(result.text.contains("kept"));
    EXPECT_EQ(FindDanger(result.html), "");
  }
}

TEST(Sanitise, SurvivesMutation) {
  for (const std::string_view payload :
       {"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<xmp><img src=x onerror=alert(1)></xmp>",
        "<plaintext><img src=x onerror=alert(1)>", "<textarea></textarea><img src=x onerror=alert(1)>",
        "<title>&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;</title>",
        "<img src=\"x` `<script>alert(1)</script>\"` `>", "<a href=\"java&#x0D;script:alert(1)\">x</a>",
        "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src "
        "onerror=alert(1)>\">",
        "<div style=\"background:u\\rl(javascript:x)\">x</div>", "<p style=\"width:expression(alert(1))\">x</p>"}) {
    const auto once = Sanitise(payload);
    EXPECT_EQ(FindDanger(once.html), "") << payload << "\n-> " << once.html;
    const auto twice = Sanitise(once.html);
    EXPECT_EQ(twice.html, once.html) << payload;
  }
}

TEST(Sanitise, Corpus) {
  const auto folder = Corpora("web");
  if (!folder) {
    GTEST_SKIP() << "no corpus web on this machine";
  }
  std::ifstream file(*folder / "html_sanitize_dompurify.jsonl");
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    const auto document = json::Document::Parse(line);
    ASSERT_TRUE(document);
    const auto payload = document->Root().Find("payload");
    ASSERT_TRUE(payload && payload->AsString());
    const auto once = Sanitise(*payload->AsString());
    EXPECT_EQ(FindDanger(once.html), "") << *payload->AsString() << "\n-> " << once.html;
    EXPECT_EQ(FindDanger(Sanitise(once.html).html), "");
    ++lines;
  }
  EXPECT_GT(lines, 0U);
}

TEST(ToText, ReadsLikeThePage) {
  EXPECT_EQ(ToText("<p>One</p><p>Two<br>three</p>"), "One\n\nTwo\nthree");
  EXPECT_EQ(ToText("<div>a</div><div>b</div>"), "a\nb");
  EXPECT_EQ(ToText("<ul><li>x<li>y</ul>"), "- x\n- y");
  EXPECT_EQ(ToText("<p>said:</p><blockquote>first<br>second</blockquote>"), "said:\n\n> first\n> second");
  EXPECT_EQ(ToText("<pre>a\n  b</pre>"), "a\n  b");
  EXPECT_EQ(ToText("<table><tr><td>a<td>b</table>"), "a b");
  EXPECT_EQ(ToText("  <p> much   space </p> "), "much space");
  EXPECT_EQ(ToText("<style>x</style><title>t</title>seen"), "seen");
}

TEST(FromText, KeepsLinesAndLinks) {
  EXPECT_EQ(FromText("a\nb\n\nc <x>"), "<p>a<br>b</p><p>c &lt;x&gt;</p>");
  EXPECT_EQ(FromText("see https://x.example/a."),
            "<p>see <a href=\"https://x.example/a\" target=\"_blank\" rel=\"noopener noreferrer "
            "nofollow\">https://x.example/a</a>.</p>");
}

}  // namespace
}  // namespace propolis::html
