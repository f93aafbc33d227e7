// multipart/form-data (RFC 7578, RFC 2046 section 5.1), parsed as it streams in. Strict where tolerance would let two
// readers see two different forms: header lines end with CRLF, names are tokens, every part says its name. What follows
// the last boundary is ignored (RFC 2046: the epilogue). Content-Transfer-Encoding is honoured (quoted-printable,
// base64).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace propolis::net {

struct PartHead {
  std::string name;
  std::optional<std::string> filename;  // as the client says: never use it as a path
  std::string content_type;             // as it came; empty when not given
};

struct MultipartLimits {
  std::size_t parts = 100;
  std::size_t header_bytes = 8192;           // of one part
  std::uint64_t part_bytes = 100ULL << 20;   // of one part
  std::uint64_t total_bytes = 200ULL << 20;  // of all parts
};

// Where parts go. A failure returned by the sink ends the parsing with it.
class MultipartSink {
 public:
  virtual ~MultipartSink() = default;
  virtual Status OnPart(const PartHead& head) = 0;
  virtual Status OnData(std::string_view piece) = 0;
  virtual Status OnPartEnd() = 0;
};

class MultipartParser {
 public:
  // The sink is borrowed.
  MultipartParser(std::string_view boundary, MultipartLimits limits, MultipartSink& sink);
  ~MultipartParser();
  // Fails with kInvalid "multipart.syntax" (at: offset of the wrong byte, why) or kTooLarge "multipart.too_large".
  // After a failure the parser stays failed.
  Status Feed(std::string_view bytes);
  // The end of the body: fails when the last boundary is missing.
  Status Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The boundary of a Content-Type value; nullopt when it is not multipart/form-data or the boundary is missing or
// malformed (RFC 2046: 1 to 70 characters of a small set).
std::optional<std::string> BoundaryOf(std::string_view content_type);

// A form read whole: fields in memory, files on disk.
struct Form {
  struct File {
    PartHead head;
    std::unique_ptr<SpooledFile> file;
  };
  Pairs fields;
  std::vector<File> files;
};
struct FormLimits {
  MultipartLimits multipart;
  std::size_t field_bytes = 1U << 20;  // of one field that is not a file
};
// Reads Request::body or Request::file as its Content-Type says (multipart/form-data or x-www-form-urlencoded, else
// kUnsupported "http.unsupported_media_type"). Files are put into `folder`.
Result<Form> ReadForm(const Request& request, const FormLimits& limits, const std::filesystem::path& folder);

// All parts of one body in memory: for tests, fuzzing and scoring.
struct WholePart {
  PartHead head;
  std::string data;
};
Result<std::vector<WholePart>> ParseMultipart(std::string_view body, std::string_view boundary,
                                              const MultipartLimits& limits);

}  // namespace propolis::net
