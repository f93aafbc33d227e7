// push.seal: a message as a browser gets it.
#include "channels/push/push.h"

#include "app/try/rules.h"
#include "base/text.h"

namespace propolis::app {
namespace {

Result<std::string> Bytes(std::string_view field, const std::string& base64url) {
  const auto bytes = text::Base64UrlDecode(base64url);
  return bytes ? Result<std::string>(*bytes) : FailField(std::string(field), "field.not_text");
}

struct SealInput {
  std::string point;
  std::string auth;
  std::string once;
  std::string salt;
  std::string text;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SealInput>("SealInput", "A message; keys in base64url.")
                                      .Required("point", &SealInput::point, "The browser's key, on P-256.")
                                      .Required("auth", &SealInput::auth, "The browser's secret, 16 bytes.")
                                      .Required("once", &SealInput::once, "The sender's secret, on P-256.")
                                      .Required("salt", &SealInput::salt, "16 bytes.")
                                      .Required("text", &SealInput::text, "At most 3993 bytes.", dto::Text(0, 5000))
                                      .Done();
    return type;
  }
};

struct SealOutput {
  std::optional<std::string> body;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SealOutput>("SealOutput", "")
                                      .Optional("body", &SealOutput::body, "In base64url; absent when refused.")
                                      .Done();
    return type;
  }
};

Result<SealOutput> Seal(const SealInput& input) {
  const push::Browser browser{TRY(Bytes("point", input.point)), TRY(Bytes("auth", input.auth))};
  const auto body = push::Seal(browser, TRY(Bytes("once", input.once)), TRY(Bytes("salt", input.salt)), input.text);
  return SealOutput{body ? std::optional(text::Base64UrlEncode(*body)) : std::nullopt};
}

}  // namespace

std::vector<Rule> PushRules() {
  return {MakeRule(
      "push.seal", "A message encrypted for one browser (RFC 8291).",
      R"({"point":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg","once":"yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw","salt":"DGv6ra1nlYgDCS1FRnbzlw","text":"When I grow up, I want to be a watermelon"})",
      Seal)};
}

}  // namespace propolis::app
