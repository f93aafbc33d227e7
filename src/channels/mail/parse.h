// A mail from its bytes: headers, bodies, attachments (RFC 5322, 2045-2049, 2183, 2231, 2047). GMime finds the parts;
// what they say is read here, tolerantly. Parsing never fails and never throws for what the bytes are: what is wrong
// becomes a defect beside the best reading, and text is never lost.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "base/text.h"
#include "base/time.h"
#include "channels/mail/header.h"

namespace propolis::mail {

struct ParseLimits {
  std::size_t total_bytes = 50 * 1024 * 1024;
  std::size_t header_bytes = 256 * 1024;  // of the outer header; the rest of it is dropped
  std::size_t parts = 500;                // leaves, nested messages included
  int depth = 20;                         // multiparts and nested messages
};

enum class Defect {
  kTruncated,  // over the size limit: the end is missing
  kHeaderTooLong,
  kBadHeaderLine,  // a line in the header that is none
  kNoHeader,
  kTooManyParts,
  kTooDeep,
  kNoBoundary,      // a multipart whose parts cannot be found: read as text
  kBadEncoding,     // base64 or quoted-printable that is not: kept as it came, or decoded with gaps
  kCharsetGuessed,  // no, wrong or unknown charset
  kNoFrom,
  kManyFrom,
  kNoMessageId,
  kNoDate,
  kDuplicateHeader,  // a header that may stand once stands twice: the first counts
};

// A leaf of the tree.
struct ParsedMail;
struct Part {
  std::string type;        // "text/plain", lower case, never empty
  std::string charset;     // that the text was read with
  std::string name;        // decoded and made safe; empty when the sender gave none
  std::string content_id;  // without brackets
  std::string content;     // decoded; text/* as UTF-8 with \n line ends, everything else as bytes
  Parameters content_type;
  bool is_inline = false;  // disposition inline, or referred to by the HTML
  bool disposition_attachment = false;
  bool encoding_problem = false;
  std::shared_ptr<const ParsedMail> message;  // message/rfc822: what is in it
};

struct ParsedMail {
  std::vector<HeaderField> headers;  // in order
  std::string message_id;            // without brackets; empty when there is none
  std::vector<std::string> in_reply_to;
  std::vector<std::string> references;  // oldest first, as in the header
  std::vector<Address> from;
  std::vector<Address> sender;
  std::vector<Address> reply_to;
  std::vector<Address> to;
  std::vector<Address> cc;
  std::string subject;
  std::optional<Time> date;
  std::string return_path;  // without brackets; "<>" when it is empty on purpose; "" when there is none

  std::vector<Part> parts;
  // Indexes into `parts`, chosen as RFC 8621 section 4.1.4 does.
  std::vector<std::size_t> text_body;
  std::vector<std::size_t> html_body;
  std::vector<std::size_t> attachments;

  std::string text;  // what the sender wrote as text; derived from the HTML when there is only that
  std::string html;  // raw, NOT sanitised; empty when there is none
  bool text_from_html = false;
  std::optional<Language> language;
  std::vector<Defect> defects;  // each once

  // The first header of that name (any case), encoded words decoded; empty when missing.
  [[nodiscard]] std::string Header(std::string_view name) const;
  [[nodiscard]] bool HasHeader(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> Headers(std::string_view name) const;
  [[nodiscard]] bool Has(Defect defect) const;
};

ParsedMail ParseMail(std::string_view raw, const ParseLimits& limits = {});

}  // namespace propolis::mail

namespace propolis {
template <>
struct Names<mail::Defect> {
  using D = mail::Defect;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{D::kTruncated, S("truncated")},
                                        std::pair{D::kHeaderTooLong, S("header_too_long")},
                                        std::pair{D::kBadHeaderLine, S("bad_header_line")},
                                        std::pair{D::kNoHeader, S("no_header")},
                                        std::pair{D::kTooManyParts, S("too_many_parts")},
                                        std::pair{D::kTooDeep, S("too_deep")},
                                        std::pair{D::kNoBoundary, S("no_boundary")},
                                        std::pair{D::kBadEncoding, S("bad_encoding")},
                                        std::pair{D::kCharsetGuessed, S("charset_guessed")},
                                        std::pair{D::kNoFrom, S("no_from")},
                                        std::pair{D::kManyFrom, S("many_from")},
                                        std::pair{D::kNoMessageId, S("no_message_id")},
                                        std::pair{D::kNoDate, S("no_date")},
                                        std::pair{D::kDuplicateHeader, S("duplicate_header")}};
};
}  // namespace propolis
