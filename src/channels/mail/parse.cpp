#include "channels/mail/parse.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <mutex>

#include "channels/html/sanitise.h"
#include "channels/mail/charset.h"
#include "channels/mail/prepare.h"
#include "channels/mail/transfer.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define PROPOLIS_LEAK_SANITIZER 1
#endif
#endif

namespace propolis::mail {
namespace {

template <class T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref<T>>;

void StartGmime() {
  static std::once_flag once;
  std::call_once(once, [] {
#ifdef PROPOLIS_LEAK_SANITIZER
    const __lsan::ScopedDisabler kept;  // registering a type again loses GMime's own entry, once
#endif
    g_mime_init();
    // Nested messages are read by ParseAt, from their bytes as they are: what is no message stays readable as text.
    for (const char* subtype : {"rfc822", "rfc2822", "news", "global"}) {
      g_mime_object_register_type("message", subtype, g_mime_part_get_type());
    }
  });
}

// What the body choice needs to know of the tree: leaves by index, multiparts by subtype.
struct Node {
  std::string subtype;  // of a multipart
  std::vector<Node> children;
  std::optional<std::size_t> leaf;
};

std::string ReadRaw(GMimeDataWrapper* content) {
  std::string bytes;
  GMimeStream* stream = content == nullptr ? nullptr : g_mime_data_wrapper_get_stream(content);
  if (stream == nullptr) {
    return bytes;
  }
  g_mime_stream_reset(stream);
  char buffer[16384];
  for (ssize_t n = 0; (n = g_mime_stream_read(stream, buffer, sizeof buffer)) > 0;) {
    bytes.append(buffer, static_cast<std::size_t>(n));
  }
  return bytes;
}

std::vector<HeaderField> ReadHeaders(GMimeObject* object) {
  std::vector<HeaderField> fields;
  GMimeHeaderList* list = g_mime_object_get_header_list(object);
  const int count = g_mime_header_list_get_count(list);
  for (int i = 0; i < count; ++i) {
    GMimeHeader* header = g_mime_header_list_get_header_at(list, i);
    const char* name = g_mime_header_get_name(header);
    const char* value = g_mime_header_get_raw_value(header);
    fields.push_back({name == nullptr ? "" : name, Unfold(value == nullptr ? "" : value)});
  }
  return fields;
}

std::string FirstHeader(const std::vector<HeaderField>& fields, std::string_view name) {
  const std::string wanted = text::AsciiLower(name);
  for (const auto& field : fields) {
    if (text::AsciiLower(field.name) == wanted) {
      return field.value;
    }
  }
  return "";
}

std::string UnixLines(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\r') {
      if (i + 1 >= text.size() || text[i + 1] != '\n') {
        out += '\n';
      }
    } else if (c >= 0x20 || c == '\n' || c == '\t') {
      out += text[i];
    }
  }
  return out;
}

std::string OneLine(std::string_view value) {
  std::string clean = text::Clean(value);
  std::ranges::replace(clean, '\n', ' ');
  std::ranges::replace(clean, '\t', ' ');
  return std::string(text::Trim(clean));
}

std::string StripBrackets(std::string_view id) {
  id = text::Trim(id);
  if (id.starts_with('<')) {
    id.remove_prefix(1);
  }
  if (const auto end = id.find('>'); end != std::string_view::npos) {
    id = id.substr(0, end);
  }
  return OneLine(id);
}

// RFC 3676: paragraphs that were broken for the way are made whole; one space of stuffing goes.
std::string Unflow(std::string_view text, bool delete_space) {
  std::string out;
  bool open = false;  // the last line wants the next one
  std::size_t open_quote = 0;
  for (std::string_view line : text::Split(text, '\n')) {
    std::size_t quote = 0;
    while (quote < line.size() && line[quote] == '>') {
      ++quote;
    }
    std::string_view body = line.substr(quote);
    if (body.starts_with(' ')) {
      body.remove_prefix(1);
    }
    const bool signature = body == "-- ";
    const bool flowed = body.ends_with(' ') && !signature;
    if (open && quote == open_quote && !signature) {
      out.append(delete_space && flowed ? body.substr(0, body.size() - 1) : body);
    } else {
      if (open || !out.empty()) {
        out += '\n';
      }
      out.append(quote, '>');
      if (quote > 0 && !body.empty()) {
        out += ' ';
      }
      out.append(delete_space && flowed ? body.substr(0, body.size() - 1) : body);
    }
    open = flowed;
    open_quote = quote;
    if (out.empty() && !open) {
      out += '\n';
    }
  }
  return out;
}

// Works through one message's tree.
class Builder {
 public:
  Builder(ParsedMail& mail, const ParseLimits& limits, int depth, std::size_t* parts_left)
      : mail_(mail), limits_(limits), depth_(depth), parts_left_(parts_left) {}

  void Build(GMimeMessage* message) {
    mail_.headers = ReadHeaders(GMIME_OBJECT(message));
    GMimeObject* body = g_mime_message_get_mime_part(message);
    // GMime keeps the Content-* fields with the outermost part.
    for (auto& field : body == nullptr ? std::vector<HeaderField>() : ReadHeaders(body)) {
      if (!mail_.HasHeader(field.name)) {
        mail_.headers.push_back(std::move(field));
      }
    }
    ReadEnvelope();
    Node root;
    if (body != nullptr) {
      Walk(body, root, depth_);
    }
    ChooseBodies({&root}, "mixed", false, &mail_.html_body, &mail_.text_body);
    MarkInline();
    FillBodies();
  }

 private:
  void Note(Defect defect) {
    if (!mail_.Has(defect)) {
      mail_.defects.push_back(defect);
    }
  }

  void ReadEnvelope() {
    const auto& fields = mail_.headers;
    const auto first = [&](std::string_view name) { return FirstHeader(fields, name); };
    const auto addresses = [&](std::string_view name, bool all) {
      std::vector<Address> found;
      for (const auto& value : RawHeaders(name)) {
        auto some = ParseAddresses(value);
        found.insert(found.end(), some.begin(), some.end());
        if (!all) {
          break;
        }
      }
      return found;
    };
    mail_.from = addresses("From", false);
    mail_.sender = addresses("Sender", false);
    mail_.reply_to = addresses("Reply-To", false);
    mail_.to = addresses("To", true);
    mail_.cc = addresses("Cc", true);
    auto ids = ParseMessageIds(first("Message-ID"));
    mail_.message_id = !ids.empty() ? ids.front() : OneLine(StripBrackets(first("Message-ID"))).substr(0, 998);
    mail_.in_reply_to = ParseMessageIds(first("In-Reply-To"));
    for (const auto& value : RawHeaders("References")) {
      for (auto& id : ParseMessageIds(value)) {
        if (std::ranges::find(mail_.references, id) == mail_.references.end()) {
          mail_.references.push_back(std::move(id));
        }
      }
    }
    mail_.subject = std::string(text::Prefix(OneLine(DecodeWords(first("Subject"))), 998));
    ReadDate(first("Date"));
    if (mail_.HasHeader("Return-Path")) {
      const std::string path = StripBrackets(first("Return-Path"));
      mail_.return_path = path.empty() ? "<>" : path;
    }
    if (mail_.from.empty()) {
      Note(Defect::kNoFrom);
    } else if (RawHeaders("From").size() > 1 || mail_.from.size() > 1) {
      Note(Defect::kManyFrom);
    }
    if (mail_.message_id.empty()) {
      Note(Defect::kNoMessageId);
    }
    for (const std::string_view once : {"Subject", "Message-ID", "Date", "Content-Type", "Reply-To", "Sender"}) {
      if (RawHeaders(once).size() > 1) {
        Note(Defect::kDuplicateHeader);
      }
    }
  }

  void ReadDate(const std::string& value) {
    GDateTime* parsed = value.empty() ? nullptr : g_mime_utils_header_decode_date(value.c_str());
    if (parsed == nullptr) {
      Note(Defect::kNoDate);
      return;
    }
    mail_.date = Time{Seconds{g_date_time_to_unix(parsed)}};
    g_date_time_unref(parsed);
  }

  std::vector<std::string> RawHeaders(std::string_view name) const {
    std::vector<std::string> values;
    const std::string wanted = text::AsciiLower(name);
    for (const auto& field : mail_.headers) {
      if (text::AsciiLower(field.name) == wanted) {
        values.push_back(field.value);
      }
    }
    return values;
  }

  void Walk(GMimeObject* object, Node& node, int depth, const std::string& default_type = "text/plain") {
    if (depth > limits_.depth) {
      Note(Defect::kTooDeep);
      AddRaw(object, node);
      return;
    }
    if (GMIME_IS_MULTIPART(object)) {
      WalkMultipart(GMIME_MULTIPART(object), node, depth);
    } else if (GMIME_IS_PART(object)) {
      auto headers = ReadHeaders(object);
      if (FirstHeader(headers, "Content-Type").empty()) {
        headers.push_back({"Content-Type", default_type});
      }
      AddLeaf(headers, ReadRaw(g_mime_part_get_content(GMIME_PART(object))), node, depth);
    } else {
      AddRaw(object, node);
    }
  }

  void WalkMultipart(GMimeMultipart* multipart, Node& node, int depth) {
    GMimeContentType* type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
    const char* subtype = type == nullptr ? nullptr : g_mime_content_type_get_media_subtype(type);
    node.subtype = text::AsciiLower(subtype == nullptr ? "mixed" : subtype);
    const int count = g_mime_multipart_get_count(multipart);
    if (count == 0) {
      AddStray(multipart, node);
      return;
    }
    for (int i = 0; i < count; ++i) {
      if (*parts_left_ == 0) {
        Note(Defect::kTooManyParts);
        return;
      }
      node.children.emplace_back();
      Walk(g_mime_multipart_get_part(multipart, i), node.children.back(), depth + 1,
           node.subtype == "digest" ? "message/rfc822" : "text/plain");
    }
  }

  // A multipart without parts: what stands before or after the boundary is all there is.
  void AddStray(GMimeMultipart* multipart, Node& node) {
    std::string stray;
    for (const char* text : {g_mime_multipart_get_prologue(multipart), g_mime_multipart_get_epilogue(multipart)}) {
      if (text != nullptr) {
        stray += text;
      }
    }
    if (text::Trim(stray).empty()) {
      return;
    }
    Note(Defect::kNoBoundary);
    node.children.emplace_back();
    AddLeaf({{"Content-Type", "text/plain"}}, std::move(stray), node.children.back(), limits_.depth);
    mail_.parts.back().encoding_problem = true;
  }

  static std::string ToText(GMimeObject* object) {
    const Held<GMimeStream> stream(g_mime_stream_mem_new());
    g_mime_object_write_to_stream(object, nullptr, stream.get());
    GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
  }

  // Too deep to be read: kept whole as a file.
  void AddRaw(GMimeObject* object, Node& node) {
    if (*parts_left_ == 0) {
      Note(Defect::kTooManyParts);
      return;
    }
    --*parts_left_;
    Part part;
    part.type = "application/octet-stream";
    part.name = "nested.eml";
    part.content = ToText(object);
    part.disposition_attachment = true;
    node.leaf = mail_.parts.size();
    mail_.parts.push_back(std::move(part));
  }

  void AddLeaf(const std::vector<HeaderField>& headers, std::string raw, Node& node, int depth) {
    if (*parts_left_ == 0) {
      Note(Defect::kTooManyParts);
      return;
    }
    // A boundary right after a boundary.
    if (raw.empty() && depth > 0 && FirstHeader(headers, "Content-Disposition").empty() && headers.size() <= 1) {
      return;
    }
    --*parts_left_;
    Part part;
    ReadType(headers, part);
    Decode(part, std::move(raw), FirstHeader(headers, "Content-Transfer-Encoding"));
    if (part.type == "message/rfc822" || part.type == "message/global") {
      ReadNested(part, depth);
    }
    node.leaf = mail_.parts.size();
    mail_.parts.push_back(std::move(part));
  }

  void ReadType(const std::vector<HeaderField>& headers, Part& part) {
    part.content_type = ParseParameters(FirstHeader(headers, "Content-Type"));
    part.type = part.content_type.value;
    if (const auto slash = part.type.find('/');
        slash == std::string::npos || slash == 0 || slash + 1 == part.type.size()) {
      part.type = part.type == "html" ? "text/html" : "text/plain";
    }
    if (part.type.starts_with("multipart/")) {  // without a boundary: whatever it holds is read as text
      Note(Defect::kNoBoundary);
      part.type = "text/plain";
    }
    const Parameters disposition = ParseParameters(FirstHeader(headers, "Content-Disposition"));
    part.disposition_attachment = !disposition.value.empty() && disposition.value != "inline";
    part.is_inline = disposition.value == "inline";
    std::string name = disposition.Find("filename");
    if (text::Trim(name).empty()) {
      name = part.content_type.Find("name");
    }
    part.name = SafeFilename(name);
    part.content_id = StripBrackets(FirstHeader(headers, "Content-ID"));
  }

  void Decode(Part& part, std::string raw, std::string_view encoding_header) {
    const std::string encoding = text::AsciiLower(text::Trim(encoding_header));
    Transfer transfer;
    if (encoding == "base64") {
      transfer = DecodeBase64(raw);
      // More than a stray footer or a dropped character: it was never base64.
      if (transfer.illegal * 50 > raw.size() || (transfer.illegal > 0 && raw.size() < 50)) {
        transfer.bytes = raw;
      }
    } else if (encoding == "quoted-printable") {
      transfer = DecodeQuotedPrintable(raw);
    } else if (encoding == "x-uuencode" || encoding == "uuencode" || encoding == "x-uue" || encoding == "uue") {
      transfer = DecodeUuencode(raw);
      if (transfer.bytes.empty()) {
        transfer.bytes = raw;
      }
    } else {
      transfer.bytes = std::move(raw);
    }
    if (transfer.illegal > 0) {
      part.encoding_problem = true;
      Note(Defect::kBadEncoding);
    }
    if (!part.type.starts_with("text/")) {
      part.content = std::move(transfer.bytes);
      return;
    }
    Decoded decoded = DecodeCharset(transfer.bytes, part.content_type.Find("charset"));
    if (decoded.guessed) {
      Note(Defect::kCharsetGuessed);
    }
    part.charset = std::move(decoded.charset);
    part.content = UnixLines(decoded.text);
    if (part.type == "text/plain" && text::AsciiLower(part.content_type.Find("format")) == "flowed" &&
        !part.disposition_attachment) {
      part.content = Unflow(part.content, text::AsciiLower(part.content_type.Find("delsp")) == "yes");
    }
  }

  void ReadNested(Part& part, int depth);

  // ---------------------------------------------------------------- RFC 8621 section 4.1.4

  static bool IsInlineMedia(std::string_view type) {
    return type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
  }

  // The recursion is bounded by limits.depth, which bounded the tree.
  void ChooseBodies(const std::vector<const Node*>& nodes, std::string_view multipart, bool in_alternative,
                    std::vector<std::size_t>* html, std::vector<std::size_t>* text) {
    const std::size_t text_before = text != nullptr ? text->size() : 0;
    const std::size_t html_before = html != nullptr ? html->size() : 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Node& node = *nodes[i];
      if (!node.leaf) {
        std::vector<const Node*> children;
        for (const auto& child : node.children) {
          children.push_back(&child);
        }
        ChooseBodies(children, node.subtype, in_alternative || node.subtype == "alternative", html, text);
        continue;
      }
      PlaceLeaf(*node.leaf, i, multipart, in_alternative, html, text);
    }
    if (multipart == "alternative" && text != nullptr && html != nullptr) {
      if (text_before == text->size() && html_before != html->size()) {
        text->insert(text->end(), html->begin() + static_cast<std::ptrdiff_t>(html_before), html->end());
      } else if (html_before == html->size() && text_before != text->size()) {
        html->insert(html->end(), text->begin() + static_cast<std::ptrdiff_t>(text_before), text->end());
      }
    }
  }

  void PlaceLeaf(std::size_t leaf, std::size_t position, std::string_view multipart, bool in_alternative,
                 std::vector<std::size_t>*& html, std::vector<std::size_t>*& text) {
    const Part& part = mail_.parts[leaf];
    const bool media = IsInlineMedia(part.type) && !part.encoding_problem;
    const bool body = (part.type == "text/plain" || part.type == "text/html" || media) &&
                      !part.disposition_attachment &&
                      (position == 0 || (multipart != "related" && (media || part.name.empty())));
    if (!body) {
      mail_.attachments.push_back(leaf);
      return;
    }
    if (multipart == "alternative") {
      if (part.type == "text/plain" && text != nullptr) {
        text->push_back(leaf);
      } else if (part.type == "text/html" && html != nullptr) {
        html->push_back(leaf);
      } else {
        mail_.attachments.push_back(leaf);
      }
      return;
    }
    if (in_alternative) {
      if (part.type == "text/plain") {
        html = nullptr;
      }
      if (part.type == "text/html") {
        text = nullptr;
      }
    }
    if (text != nullptr) {
      text->push_back(leaf);
    }
    if (html != nullptr) {
      html->push_back(leaf);
    }
    if ((text == nullptr || html == nullptr) && media) {
      mail_.attachments.push_back(leaf);
    } else if (media) {
      mail_.attachments.push_back(leaf);
    }
  }

  void MarkInline() {
    std::string html;
    for (const auto leaf : mail_.html_body) {
      if (mail_.parts[leaf].type == "text/html") {
        html += mail_.parts[leaf].content;
      }
    }
    for (auto& part : mail_.parts) {
      if (!part.content_id.empty() && html.contains("cid:" + part.content_id)) {
        part.is_inline = true;
      }
    }
  }

  void FillBodies() {
    const auto join = [](std::string& whole, std::string_view piece, std::string_view separator) {
      if (!text::Trim(whole).empty() && !text::Trim(piece).empty()) {
        whole += separator;
      }
      whole += piece;
    };
    bool from_text = false;
    bool from_html = false;
    for (const auto leaf : mail_.text_body) {
      const Part& part = mail_.parts[leaf];
      if (part.type == "text/plain") {
        join(mail_.text, part.content, mail_.text.ends_with('\n') ? "" : "\n");
        from_text = from_text || !text::Trim(part.content).empty();
      } else if (part.type == "text/html") {
        join(mail_.text, html::ToText(part.content), "\n");
        from_html = true;
      }
    }
    for (const auto leaf : mail_.html_body) {
      const Part& part = mail_.parts[leaf];
      if (part.type == "text/html") {
        join(mail_.html, part.content, "\n");
      } else if (part.type == "text/plain" && mail_.html_body.size() > 1) {
        join(mail_.html, "<div style=\"white-space:pre-wrap\">" + html::Escape(part.content) + "</div>", "\n");
      }
    }
    const bool any_html =
        std::ranges::any_of(mail_.html_body, [&](std::size_t leaf) { return mail_.parts[leaf].type == "text/html"; });
    if (!any_html) {
      mail_.html.clear();
    }
    // An empty text alternative beside a full HTML one.
    if (text::Trim(mail_.text).empty() && !mail_.html.empty()) {
      mail_.text = html::ToText(mail_.html);
      from_html = true;
    }
    mail_.text_from_html = from_html && !from_text;
    mail_.language = text::DetectLanguage(text::Prefix(mail_.text, 4000));
  }

  ParsedMail& mail_;
  const ParseLimits& limits_;
  int depth_;
  std::size_t* parts_left_;
};

GMimeMessage* Construct(const std::string& bytes) {
  const Held<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Held<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
  g_mime_parser_set_persist_stream(parser.get(), FALSE);
  return g_mime_parser_construct_message(parser.get(), nullptr);
}

ParsedMail ParseAt(std::string_view raw, const ParseLimits& limits, int depth, std::size_t* parts_left) {
  ParsedMail mail;
  const std::string bytes = PrepareMail(raw, limits, mail.defects);
  Builder builder(mail, limits, depth, parts_left);
  if (const Held<GMimeMessage> message(Construct(bytes)); message != nullptr) {
    builder.Build(message.get());
  }
  return mail;
}

void Builder::ReadNested(Part& part, int depth) {
  if (depth + 1 > limits_.depth) {
    Note(Defect::kTooDeep);
    return;
  }
  auto nested = std::make_shared<ParsedMail>(ParseAt(part.content, limits_, depth + 1, parts_left_));
  if (nested->Has(Defect::kNoHeader)) {
    part.encoding_problem = true;  // it says message, but is only text
  }
  part.message = std::move(nested);
}

}  // namespace

std::string ParsedMail::Header(std::string_view name) const { return DecodeWords(FirstHeader(headers, name)); }

bool ParsedMail::HasHeader(std::string_view name) const {
  const std::string wanted = text::AsciiLower(name);
  return std::ranges::any_of(headers, [&](const HeaderField& field) { return text::AsciiLower(field.name) == wanted; });
}

std::vector<std::string> ParsedMail::Headers(std::string_view name) const {
  std::vector<std::string> values;
  const std::string wanted = text::AsciiLower(name);
  for (const auto& field : headers) {
    if (text::AsciiLower(field.name) == wanted) {
      values.push_back(DecodeWords(field.value));
    }
  }
  return values;
}

bool ParsedMail::Has(Defect defect) const { return std::ranges::find(defects, defect) != defects.end(); }

ParsedMail ParseMail(std::string_view raw, const ParseLimits& limits) {
  StartGmime();
  std::size_t parts_left = limits.parts;
  return ParseAt(raw, limits, 0, &parts_left);
}

}  // namespace propolis::mail
