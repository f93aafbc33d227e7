// multipart: forms as the desk reads them.
#include "net/multipart.h"

#include "app/try/rules.h"
#include "channels/mail/transfer.h"

namespace propolis::app {
namespace {

struct MultipartInput {
  std::optional<Verbatim> body;
  std::optional<Verbatim> base64;
  std::string boundary;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<MultipartInput>("MultipartInput", "A body; one of body and base64.")
            .Optional("body", &MultipartInput::body, "The body, when it is valid UTF-8.")
            .Optional("base64", &MultipartInput::base64, "The body in base64.")
            .Required("boundary", &MultipartInput::boundary, "From the Content-Type.", dto::Text(1, 70))
            .Done();
    return type;
  }
};
struct PartOutput {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;
  std::int64_t size = 0;
  std::string data;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<PartOutput>("MultipartPart", "One field or file.")
                                      .Required("name", &PartOutput::name, "Of the field.")
                                      .Optional("filename", &PartOutput::filename, "As the client says.")
                                      .Required("content_type", &PartOutput::content_type, "As it came.")
                                      .Required("size", &PartOutput::size, "Bytes.")
                                      .Required("data", &PartOutput::data, "In base64url, without padding.")
                                      .Done();
    return type;
  }
};
struct MultipartOutput {
  bool valid = false;
  std::optional<std::string> at;
  std::optional<std::string> why;
  std::vector<PartOutput> parts;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<MultipartOutput>("MultipartOutput", "")
                                      .Required("valid", &MultipartOutput::valid, "Whether the desk takes it.")
                                      .Optional("at", &MultipartOutput::at, "Byte at which it goes wrong.")
                                      .Optional("why", &MultipartOutput::why, "What is wrong there.")
                                      .Required("parts", &MultipartOutput::parts, "Fields and files, in order.")
                                      .Done();
    return type;
  }
};

Result<MultipartOutput> Read(const MultipartInput& input) {
  if (input.body.has_value() == input.base64.has_value()) {
    return FailField("body", "field.required");
  }
  const std::string body = input.body ? input.body->text : mail::DecodeBase64(input.base64->text).bytes;
  const auto parts = net::ParseMultipart(body, input.boundary, {});
  MultipartOutput output;
  output.valid = parts.has_value();
  if (!parts) {
    for (const Arg& arg : parts.error().args) {
      (arg.name == "at" ? output.at : output.why) = arg.value;
    }
    return output;
  }
  for (const net::WholePart& part : *parts) {
    output.parts.push_back({part.head.name, part.head.filename, part.head.content_type,
                            static_cast<std::int64_t>(part.data.size()), text::Base64UrlEncode(part.data)});
  }
  return output;
}

}  // namespace

std::vector<Rule> MultipartRules() {
  return {MakeRule("multipart", "The fields and files of a multipart/form-data body.",
                   R"({"boundary":"b","body":"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\n"})",
                   Read)};
}

}  // namespace propolis::app
