// auth.*: one-time passwords.
#include "app/try/rules.h"
#include "auth/otp.h"

namespace propolis::app {
namespace {

namespace otp = auth::otp;

Result<std::string> Secret(const std::optional<Verbatim>& ascii, const std::optional<std::string>& base64url) {
  if (ascii.has_value() == base64url.has_value()) {
    return FailField("key_ascii", "field.required");
  }
  if (ascii) {
    return ascii->text;
  }
  const auto bytes = text::Base64UrlDecode(*base64url);
  if (!bytes) {
    return FailField("key_base64url", "field.not_text");
  }
  return *bytes;
}

struct HotpInput {
  std::optional<Verbatim> key_ascii;
  std::optional<std::string> key_base64url;
  std::int64_t counter = 0;
  otp::Algorithm algorithm = otp::Algorithm::kSha1;
  int digits = 6;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<HotpInput>("HotpInput", "A secret, as one of the two, and a counter.")
            .Optional("key_ascii", &HotpInput::key_ascii, "The secret as it stands.")
            .Optional("key_base64url", &HotpInput::key_base64url, "The secret's bytes.", dto::Text(1, 2000))
            .Required("counter", &HotpInput::counter, "Of the code.", dto::Range(0, INT64_MAX))
            .Optional("algorithm", &HotpInput::algorithm, "Of the HMAC; SHA1 when left out.")
            .Optional("digits", &HotpInput::digits, "6 to 8; 6 when left out.")
            .Done();
    return type;
  }
};

struct CodeOutput {
  std::string code;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<CodeOutput>("CodeOutput", "").Required("code", &CodeOutput::code, "The code.").Done();
    return type;
  }
};

Result<CodeOutput> Hotp(const HotpInput& input) {
  const std::string secret = TRY(Secret(input.key_ascii, input.key_base64url));
  return CodeOutput{TRY(otp::Hotp(secret, static_cast<std::uint64_t>(input.counter), input.algorithm, input.digits))};
}

struct TotpInput {
  std::optional<Verbatim> key_ascii;
  std::optional<std::string> key_base64url;
  std::int64_t unix_time = 0;
  otp::Algorithm algorithm = otp::Algorithm::kSha1;
  int digits = 6;
  std::int64_t step_seconds = 30;
  std::int64_t t0 = 0;
  std::optional<Verbatim> code;
  std::optional<std::int64_t> last_used_step;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<TotpInput>("TotpInput", "A secret, as one of the two, and a time; a code to check too.")
            .Optional("key_ascii", &TotpInput::key_ascii, "The secret as it stands.")
            .Optional("key_base64url", &TotpInput::key_base64url, "The secret's bytes.", dto::Text(1, 2000))
            .Required("unix_time", &TotpInput::unix_time, "Seconds since 1970.")
            .Optional("algorithm", &TotpInput::algorithm, "Of the HMAC; SHA1 when left out.")
            .Optional("digits", &TotpInput::digits, "6 to 8; 6 when left out.")
            .Optional("step_seconds", &TotpInput::step_seconds, "30 when left out.")
            .Optional("t0", &TotpInput::t0, "Unix time of step 0; 0 when left out.")
            .Optional("code", &TotpInput::code, "What somebody typed.")
            .Optional("last_used_step", &TotpInput::last_used_step, "Step of the code that was accepted last.")
            .Done();
    return type;
  }
};

struct TotpOutput {
  std::string code;
  std::int64_t step = 0;
  std::optional<otp::Verdict> verdict;
  std::optional<std::int64_t> used_step;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TotpOutput>("TotpOutput", "")
                                      .Required("code", &TotpOutput::code, "The code of that time.")
                                      .Required("step", &TotpOutput::step, "The step that the time lies in.")
                                      .Optional("verdict", &TotpOutput::verdict, "On the code that was given.")
                                      .Optional("used_step", &TotpOutput::used_step, "The step of that code.")
                                      .Done();
    return type;
  }
};

Result<TotpOutput> Totp(const TotpInput& input) {
  const std::string secret = TRY(Secret(input.key_ascii, input.key_base64url));
  const otp::Scheme scheme{input.algorithm, input.digits, input.step_seconds, input.t0};
  TotpOutput output{.code = TRY(otp::Totp(secret, scheme, input.unix_time)),
                    .step = TRY(otp::StepAt(scheme, input.unix_time)),
                    .verdict = std::nullopt,
                    .used_step = std::nullopt};
  if (input.code) {
    const auto checked = TRY(otp::CheckTotp(secret, scheme, input.code->text, input.unix_time, input.last_used_step));
    output.verdict = checked.verdict;
    if (checked.verdict != otp::Verdict::kWrong) {
      output.used_step = checked.step;
    }
  }
  return output;
}

}  // namespace

std::vector<Rule> AuthRules() {
  return {MakeRule("auth.hotp", "The one-time password of a counter (RFC 4226).",
                   R"({"key_ascii":"12345678901234567890","counter":0})", Hotp),
          MakeRule("auth.totp", "The one-time password of a time, and whether a code is good then (RFC 6238).",
                   R"({"key_ascii":"12345678901234567890","unix_time":59,"digits":8,"code":"94287082"})", Totp)};
}

}  // namespace propolis::app
