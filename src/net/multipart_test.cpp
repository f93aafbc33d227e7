#include "net/multipart.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/corpora_test_support.h"
#include "net/content_coding.h"
#include "net/head_value.h"
#include "net/multipart_test_support.h"

namespace propolis::net {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Part(std::string_view head, std::string_view data) {
  return "--b\r\nContent-Disposition: form-data; " + std::string(head) + "\r\n\r\n" + std::string(data) + "\r\n";
}

TEST(Multipart, FieldsAndFiles) {
  const auto body = "\r\n" + Part("name=a", "1") + Part("name=\"f\"; filename=\"x\\\"y.txt\"", "\r\n--\r\n--bx\r\n") +
                    Part("name=c", "") + "--b\r\nContent-Disposition: form-data; name=d\r\n\r\n--b--\r\nepilogue";
  const auto parts = ParseMultipart(body, "b", {});
  ASSERT_TRUE(parts) << Describe(parts.error());
  ASSERT_EQ(parts->size(), 4U);
  EXPECT_EQ((*parts)[0].data, "1");
  EXPECT_EQ((*parts)[1].head.filename, "x\"y.txt");
  EXPECT_EQ((*parts)[1].data, "\r\n--\r\n--bx\r\n");
  EXPECT_EQ((*parts)[2].data, "");
  EXPECT_EQ((*parts)[3].head.name, "d");
}

TEST(Multipart, AnySplitGivesTheSame) {
  const auto body = Part("name=a", "\r\n-\r\n--\r\r\n--bb\r\n--") + Part("name=b; filename=f", "-b-") + "--b--\r\n";
  class Sink final : public MultipartSink {
   public:
    Status OnPart(const PartHead& head) override {
      seen += "[" + head.name + "]";
      return {};
    }
    Status OnData(std::string_view piece) override {
      seen += piece;
      return {};
    }
    Status OnPartEnd() override {
      seen += "|";
      return {};
    }
    std::string seen;
  };
  for (std::size_t first = 0; first <= body.size(); ++first) {
    Sink sink;
    MultipartParser parser("b", {}, sink);
    ASSERT_TRUE(parser.Feed(body.substr(0, first)));
    for (const char c : body.substr(first)) {
      ASSERT_TRUE(parser.Feed(std::string_view(&c, 1)));
    }
    ASSERT_TRUE(parser.Finish());
    EXPECT_EQ(sink.seen, "[a]\r\n-\r\n--\r\r\n--bb\r\n--|[b]-b-|");
  }
}

TEST(Multipart, RefusesWhatIsBroken) {
  for (const std::string_view body :
       {"", "--b", "--b\r\n", "x--b--", "--c--", "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--",
        "--b\r\n\r\nno head\r\n--b--", "--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b", "--b\r\nA B: c\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: rot13\r\n\r\nx\r\n--b--"}) {
    const auto parts = ParseMultipart(body, "b", {});
    EXPECT_FALSE(parts) << body;
    if (!parts) {
      EXPECT_EQ(parts.error().code, Code::kInvalid);
    }
  }
}

TEST(Multipart, Limits) {
  MultipartLimits limits;
  limits.parts = 2;
  const auto three = Part("name=a", "1") + Part("name=b", "2") + Part("name=c", "3") + "--b--";
  EXPECT_EQ(ParseMultipart(three, "b", limits).error().code, Code::kTooLarge);
  limits = {};
  limits.part_bytes = 10;
  EXPECT_EQ(ParseMultipart(Part("name=a", std::string(11, 'x')) + "--b--", "b", limits).error().code, Code::kTooLarge);
  limits = {};
  limits.total_bytes = 3;
  EXPECT_EQ(ParseMultipart(Part("name=a", "12") + Part("name=b", "34") + "--b--", "b", limits).error().code,
            Code::kTooLarge);
  limits = {};
  limits.header_bytes = 100;
  EXPECT_EQ(ParseMultipart(Part("name=" + std::string(200, 'n'), "") + "--b--", "b", limits).error().code,
            Code::kTooLarge);
}

TEST(Multipart, Boundaries) {
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(BoundaryOf("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b\""), "a b");
  EXPECT_EQ(BoundaryOf("multipart/form-data"), std::nullopt);
  EXPECT_EQ(BoundaryOf("multipart/mixed; boundary=abc"), std::nullopt);
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=" + std::string(71, 'a')), std::nullopt);
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=\"a\r\nb\""), std::nullopt);
  EXPECT_EQ(BoundaryOf("multipart/form-data; boundary=a; boundary=b"), std::nullopt);
}

TEST(Multipart, FormsOnDisk) {
  const auto folder = std::filesystem::temp_directory_path() / ("form_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  Request request;
  request.headers.Add("Content-Type", "multipart/form-data; boundary=b");
  request.body = Part("name=a", "one") + Part("name=f; filename=x.bin", std::string(100'000, 'x')) + "--b--\r\n";
  {
    const auto form = ReadForm(request, {}, folder);
    ASSERT_TRUE(form) << Describe(form.error());
    EXPECT_EQ(form->fields.Find("a"), "one");
    ASSERT_EQ(form->files.size(), 1U);
    EXPECT_EQ(form->files[0].file->size(), 100'000U);
    EXPECT_EQ(ReadFile(form->files[0].file->path()).size(), 100'000U);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  request.body = request.body.substr(0, 5000);
  EXPECT_FALSE(ReadForm(request, {}, folder));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
  request.body = "a=1&b=x+y";
  EXPECT_EQ(ReadForm(request, {}, folder)->fields.Find("b"), "x y");
  request.headers.Set("Content-Type", "text/plain");
  EXPECT_EQ(ReadForm(request, {}, folder).error().code, Code::kUnsupported);
  std::filesystem::remove_all(folder);
}

TEST(HeadValue, Parameters) {
  const auto value = ParseHeadValue("Form-Data ; NAME = x");
  EXPECT_FALSE(value);  // no blanks around the equals sign
  const auto path = ParseHeadValue(R"(form-data; name="a%22b"; filename="C:\temp\x.txt"; filename*=UTF-8''%e2%82%ac)");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->Find("name"), "a\"b");
  EXPECT_EQ(path->Find("filename"), R"(C:\temp\x.txt)");
  EXPECT_EQ(DecodeExtendedValue(*path->Find("filename*")), "€");
  EXPECT_EQ(DecodeExtendedValue("iso-8859-1'en'%A3"), "£");
  EXPECT_EQ(DecodeExtendedValue("utf-7''x"), std::nullopt);
}

TEST(ContentDecoder, QuotedPrintableAndBase64) {
  const auto decode = [](std::string_view coding, std::string_view text) -> std::optional<std::string> {
    ContentDecoder decoder;
    EXPECT_TRUE(decoder.Choose(coding));
    std::string out;
    for (const char c : text) {
      if (!decoder.Feed(std::string_view(&c, 1), out)) {
        return std::nullopt;
      }
    }
    return decoder.Finish(out) ? std::optional(out) : std::nullopt;
  };
  EXPECT_EQ(decode("quoted-printable", "a=3Db=\r\nc=zz=4"), "a=bc=zz=4");
  EXPECT_EQ(decode("base64", "aGVs\r\nbG8="), "hello");
  EXPECT_EQ(decode("base64", "aGVsbG8"), "hello");
  EXPECT_EQ(decode("base64", "a"), std::nullopt);
  EXPECT_EQ(decode("base64", "aGVs*"), std::nullopt);
}

TEST(Multipart, Corpus) {
  const auto corpora = Corpora("web");
  if (!corpora) {
    GTEST_SKIP() << "no corpora: set PROPOLIS_CORPORA";
  }
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*corpora / "multipart")) {
    if (entry.path().extension() != ".http") {
      continue;
    }
    ++cases;
    auto yaml = entry.path();
    const auto expected = ReadMultipartCase(ReadFile(yaml.replace_extension(".yaml")));
    const auto parts = ParseMultipart(ReadFile(entry.path()), expected.boundary, {});
    EXPECT_EQ(DescribeParts(parts), expected.outcome) << entry.path();
  }
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace propolis::net
