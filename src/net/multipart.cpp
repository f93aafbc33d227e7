#include "net/multipart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

#include "base/text.h"
#include "net/content_coding.h"
#include "net/head_value.h"
#include "net/url.h"

namespace propolis::net {
namespace {

std::unexpected<Error> TooLarge(std::string what) {
  return Fail(Code::kTooLarge, "multipart.too_large", {{"what", std::move(what)}});
}

constexpr std::uint64_t kMaxLeadingNewlines = 64;
constexpr std::size_t kMaxPadding = 100;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

// The body is read byte by byte through the heads and in bulk through the data. A boundary is CRLF "--" boundary; at
// the very start the CRLF may be missing. `held_` is how much of the delimiter has matched so far and is not yet known
// to be data.
struct MultipartParser::State {
  enum class At {
    kPreamble,       // before the first boundary
    kAfterBoundary,  // "--" ends, blanks and CRLF begin a part
    kDash,           // one dash seen
    kPadding,        // blanks after a boundary (RFC 2046: transport padding)
    kBoundaryLf,     // the LF after a boundary
    kHeadLineStart,
    kName,
    kValue,
    kValueLf,
    kHeadLf,  // the LF that ends the head
    kData,
    kEpilogue,
  };

  State(std::string_view boundary, MultipartLimits most, MultipartSink& out)
      : delimiter("\r\n--" + std::string(boundary)), limits(most), sink(out) {}

  Status Feed(std::string_view bytes);
  Status Step(char c);
  Status StepHead(char c);
  Status EndHeader();
  Status BeginPart();
  Status Data(std::string_view bytes, std::size_t& used);
  Status Emit(std::string_view piece);
  Status EndPart();
  Status NotBoundary();
  std::unexpected<Error> Wrong(std::string why) const {
    return Fail(Code::kInvalid, "multipart.syntax", {{"at", fmt::format("{}", offset)}, {"why", std::move(why)}});
  }

  const std::string delimiter;
  const MultipartLimits limits;
  MultipartSink& sink;

  At at = At::kPreamble;
  std::size_t held = 2;      // of the delimiter; two as if a CRLF had come before the body
  std::size_t borrowed = 2;  // of `held`: bytes that are not in the data themselves
  std::string tail;          // what came after the delimiter on its line
  bool in_part = false;
  bool again = false;  // the byte is to be looked at once more
  std::uint64_t offset = 0;
  std::optional<Error> failure;

  std::size_t parts = 0;
  std::uint64_t total = 0;
  std::uint64_t part_size = 0;
  std::size_t head_size = 0;
  std::string name;
  std::string value;
  PartHead head;
  bool has_disposition = false;
  ContentDecoder decoder;
  std::string decoded;
};

Status MultipartParser::State::Feed(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    if (at == At::kEpilogue) {
      return {};
    }
    if (at == At::kData || at == At::kPreamble) {
      TRY(Data(bytes, used));
      continue;
    }
    TRY(Step(bytes[used]));
    if (std::exchange(again, false)) {
      continue;
    }
    ++used;
    ++offset;
  }
  return {};
}

// Looks for the delimiter; everything else is data (or preamble, which is dropped).
Status MultipartParser::State::Data(std::string_view bytes, std::size_t& used) {
  const auto begin = used;
  if (held == 0) {
    const auto cr = bytes.find('\r', used);
    const auto stop = cr == std::string_view::npos ? bytes.size() : cr;
    used = stop;
    offset += stop - begin;
    if (stop > begin) {
      return Emit(bytes.substr(begin, stop - begin));
    }
  }
  const char c = bytes[used];
  if (c == delimiter[held]) {
    ++used;
    ++offset;
    if (++held < delimiter.size()) {
      return {};
    }
    held = 0;
    tail.clear();
    at = At::kAfterBoundary;
    return {};
  }
  if (at == At::kPreamble) {
    if (held == 2 && (c == '\r' || c == '\n') && offset < kMaxLeadingNewlines) {
      ++used;
      ++offset;
      return {};
    }
    // RFC 2046 allows a preamble; no client of forms sends one, and it may hide a form from a filter in front of us.
    return Wrong("the body does not begin with the boundary");
  }
  // Not the delimiter after all. The delimiter's only CR is its first byte, so the held bytes hold no other beginning.
  const auto was = std::exchange(held, 0);
  const auto skip = std::exchange(borrowed, 0);
  return Emit(std::string_view(delimiter).substr(skip, was - skip));
}

Status MultipartParser::State::Emit(std::string_view piece) {
  if (at == At::kPreamble || piece.empty()) {
    return {};
  }
  part_size += piece.size();
  total += piece.size();
  if (part_size > limits.part_bytes) {
    return TooLarge("part");
  }
  if (total > limits.total_bytes) {
    return TooLarge("total");
  }
  if (decoder.plain()) {
    return sink.OnData(piece);
  }
  decoded.clear();
  if (!decoder.Feed(piece, decoded)) {
    return Wrong("content transfer encoding");
  }
  return decoded.empty() ? Status() : sink.OnData(decoded);
}

Status MultipartParser::State::EndPart() {
  if (!std::exchange(in_part, false)) {
    return {};
  }
  decoded.clear();
  if (!decoder.Finish(decoded)) {
    return Wrong("content transfer encoding");
  }
  if (!decoded.empty()) {
    TRY(sink.OnData(decoded));
  }
  return sink.OnPartEnd();
}

// What looked like a boundary goes on otherwise: inside of a part it is data after all.
Status MultipartParser::State::NotBoundary() {
  if (!in_part) {
    return Wrong("boundary line");
  }
  at = At::kData;
  again = true;
  const auto text = delimiter + tail;
  return Emit(std::string_view(text).substr(std::exchange(borrowed, 0)));
}

Status MultipartParser::State::Step(char c) {
  const auto next = [&](At then) -> Status {
    tail.push_back(c);
    at = then;
    return {};
  };
  switch (at) {
    case At::kAfterBoundary:
      if (c == '-') {
        return next(At::kDash);
      }
      [[fallthrough]];
    case At::kPadding:
      if (c == '\r') {
        return next(At::kBoundaryLf);
      }
      return IsBlank(c) && tail.size() < kMaxPadding ? next(At::kPadding) : NotBoundary();
    case At::kDash:
      if (c != '-') {
        return NotBoundary();
      }
      at = At::kEpilogue;
      return EndPart();
    case At::kBoundaryLf:
      if (c != '\n') {
        return NotBoundary();
      }
      TRY(EndPart());
      if (++parts > limits.parts) {
        return TooLarge("parts");
      }
      head = {};
      has_disposition = false;
      decoder = {};
      head_size = 0;
      part_size = 0;
      at = At::kHeadLineStart;
      return {};
    default:
      return StepHead(c);
  }
}

Status MultipartParser::State::StepHead(char c) {
  if (++head_size > limits.header_bytes) {
    return TooLarge("header");
  }
  switch (at) {
    case At::kHeadLineStart:
      if (c == '\r') {
        at = At::kHeadLf;
        return {};
      }
      name.clear();
      value.clear();
      at = At::kName;
      [[fallthrough]];
    case At::kName:
      if (c == ':' && !name.empty()) {
        at = At::kValue;
        return {};
      }
      if (!IsTokenCharacter(c)) {
        return Wrong("header name");
      }
      name.push_back(c);
      return {};
    case At::kValue:
      if (c == '\r') {
        at = At::kValueLf;
        return {};
      }
      if (static_cast<unsigned char>(c) < ' ' && c != '\t') {
        return Wrong("header value");
      }
      value.push_back(c);
      return {};
    case At::kValueLf:
      if (c != '\n') {
        return Wrong("header line end");
      }
      at = At::kHeadLineStart;
      return EndHeader();
    case At::kHeadLf:
      if (c != '\n') {
        return Wrong("end of headers");
      }
      return BeginPart();
    default:
      return Wrong("state");
  }
}

Status MultipartParser::State::EndHeader() {
  const auto field = text::AsciiLower(name);
  const auto trimmed = text::Trim(value);
  if (field == "content-disposition") {
    const auto parsed = ParseHeadValue(trimmed);
    if (has_disposition || !parsed || parsed->value != "form-data") {
      return Wrong("Content-Disposition");
    }
    has_disposition = true;
    const auto given = parsed->Find("name");
    if (!given) {
      return Wrong("no name");
    }
    head.name = text::ToValidUtf8(*given);
    if (const auto extended = parsed->Find("filename*")) {  // RFC 7578 section 4.2 forbids it, but it is sent
      head.filename = DecodeExtendedValue(*extended);
    }
    if (const auto plain = parsed->Find("filename"); plain && !head.filename) {
      head.filename = text::ToValidUtf8(*plain);
    }
  } else if (field == "content-type") {
    head.content_type = text::ToValidUtf8(trimmed);
  } else if (field == "content-transfer-encoding" && !decoder.Choose(text::AsciiLower(trimmed))) {
    return Wrong("content transfer encoding");
  }
  return {};
}

Status MultipartParser::State::BeginPart() {
  if (!has_disposition) {
    return Wrong("no Content-Disposition");
  }
  at = At::kData;
  in_part = true;
  // A part without data: its head's last CRLF is the delimiter's first.
  held = 2;
  borrowed = 2;
  return sink.OnPart(head);
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartLimits limits, MultipartSink& sink)
    : state_(std::make_unique<State>(boundary, limits, sink)) {}
MultipartParser::~MultipartParser() = default;

Status MultipartParser::Feed(std::string_view bytes) {
  if (!state_->failure) {
    if (auto fed = state_->Feed(bytes); !fed) {
      state_->failure = std::move(fed).error();
    }
  }
  return state_->failure ? Status(std::unexpected(*state_->failure)) : Status();
}

Status MultipartParser::Finish() {
  if (state_->failure) {
    return std::unexpected(*state_->failure);
  }
  return state_->at == State::At::kEpilogue ? Status() : state_->Wrong("the last boundary is missing");
}

std::optional<std::string> BoundaryOf(std::string_view content_type) {
  const auto parsed = ParseHeadValue(content_type);
  if (!parsed || parsed->value != "multipart/form-data") {
    return std::nullopt;
  }
  const auto boundary = parsed->Find("boundary");
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("'()+_,-./:=? ").contains(c);
  };
  if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->back() == ' ' ||
      !std::all_of(boundary->begin(), boundary->end(), allowed)) {
    return std::nullopt;
  }
  return std::string(*boundary);
}

namespace {

class WholeSink final : public MultipartSink {
 public:
  Status OnPart(const PartHead& head) override {
    parts.push_back({head, {}});
    return {};
  }
  Status OnData(std::string_view piece) override {
    parts.back().data.append(piece);
    return {};
  }
  Status OnPartEnd() override { return {}; }
  std::vector<WholePart> parts;
};

// Fields into memory, files onto disk.
class FormSink final : public MultipartSink {
 public:
  FormSink(const FormLimits& limits, const std::filesystem::path& folder, std::string prefix)
      : limits_(limits), folder_(folder), prefix_(std::move(prefix)) {}

  Status OnPart(const PartHead& head) override {
    head_ = head;
    data_.clear();
    size_ = 0;
    if (head.filename) {
      path_ = folder_ / fmt::format("{}-{}", prefix_, form.files.size());
      // Owned at once, so that a failure on the way leaves nothing behind.
      form.files.push_back({head, std::make_unique<SpooledFile>(path_, 0)});
      out_ = std::ofstream(path_, std::ios::binary | std::ios::trunc);
      std::error_code error;
      std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                   error);
    }
    return {};
  }
  Status OnData(std::string_view piece) override {
    size_ += piece.size();
    if (head_.filename) {
      out_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
      return out_ ? Status() : Fail(Code::kUnavailable, "http.busy");
    }
    if (size_ > limits_.field_bytes) {
      return TooLarge("field");
    }
    data_.append(piece);
    return {};
  }
  Status OnPartEnd() override {
    if (!head_.filename) {
      form.fields.Add(head_.name, text::ToValidUtf8(data_));
      return {};
    }
    out_.close();
    auto& file = form.files.back().file;
    const bool written = !out_.fail();
    file = std::make_unique<SpooledFile>(file->Release(), size_);
    return written ? Status() : Fail(Code::kUnavailable, "http.busy");
  }

  Form form;

 private:
  const FormLimits& limits_;
  const std::filesystem::path& folder_;
  std::string prefix_;
  PartHead head_;
  std::filesystem::path path_;
  std::ofstream out_;
  std::string data_;
  std::uint64_t size_ = 0;
};

// The body in pieces, wherever it is.
Status FeedBody(const Request& request, MultipartParser& parser) {
  if (!request.file) {
    TRY(parser.Feed(request.body));
    return parser.Finish();
  }
  std::ifstream in(request.file->path(), std::ios::binary);
  std::string piece(64U << 10, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    TRY(parser.Feed(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount()))));
  }
  return parser.Finish();
}

}  // namespace

Result<Form> ReadForm(const Request& request, const FormLimits& limits, const std::filesystem::path& folder) {
  if (request.ContentType() == "application/x-www-form-urlencoded" && !request.file) {
    Form form;
    form.fields = TRY(ParseForm(request.body));
    return form;
  }
  const auto boundary = BoundaryOf(request.headers.Find("Content-Type").value_or(""));
  if (!boundary) {
    return Fail(Code::kUnsupported, "http.unsupported_media_type");
  }
  static std::atomic<std::uint64_t> number{0};
  FormSink sink(limits, folder, fmt::format("body-part-{}-{}", ::getpid(), number.fetch_add(1)));
  MultipartParser parser(*boundary, limits.multipart, sink);
  TRY(FeedBody(request, parser));
  return std::move(sink.form);
}

Result<std::vector<WholePart>> ParseMultipart(std::string_view body, std::string_view boundary,
                                              const MultipartLimits& limits) {
  WholeSink sink;
  MultipartParser parser(boundary, limits, sink);
  TRY(parser.Feed(body));
  TRY(parser.Finish());
  return std::move(sink.parts);
}

}  // namespace propolis::net
