// crypto, webauthn: one-time passwords by the RFCs' tables, and recorded answers of passkeys.
#include <charconv>

#include "auth/otp.h"
#include "auth/webauthn_json.h"
#include "base/text.h"
#include "score/score.h"

namespace propolis::score {
namespace {

namespace fs = std::filesystem;
namespace webauthn = auth::webauthn;

std::int64_t Number(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// rfc, algorithm, key, step (empty: a counter), t0, counter or time, digits, code.
Set ScoreOtp(const fs::path& file) {
  Set set{"otp", 0, {}};
  for (const std::string& line : Lines(file)) {
    const auto cells = Columns(line);
    const auto algorithm = cells.size() == 8 ? FromName<auth::otp::Algorithm>(cells[1]) : std::nullopt;
    if (!algorithm) {
      continue;  // the head of the table
    }
    const int digits = static_cast<int>(Number(cells[6]));
    const std::int64_t number = Number(cells[5]);
    const auto code = cells[3].empty()
                          ? auth::otp::Hotp(cells[2], static_cast<std::uint64_t>(number), *algorithm, digits)
                          : auth::otp::Totp(cells[2], {*algorithm, digits, Number(cells[3]), Number(cells[4])}, number);
    set.Check(line, cells[7], code.value_or("refused"));
  }
  return set;
}

std::vector<Set> ScoreCrypto(const fs::path& folder) {
  std::vector<Set> sets;
  for (const fs::path& file : Files(folder, ".tsv")) {
    if (file.stem().string().contains("rfc6238")) {
      sets.push_back(ScoreOtp(file));
    }
  }
  std::ranges::move(ScoreSignatures(folder), std::back_inserter(sets));
  return sets;
}

struct Recording {
  std::string name;
  json::Document document;
};

// What the client was asked, by its own word: recordings do not always lie beside their options.
std::string TextIn(std::string_view client_data, std::string_view member) {
  const auto document = json::Document::Parse(client_data);
  const auto value = document ? document->Root().Find(member) : std::nullopt;
  return std::string(value ? value->AsString().value_or("") : "");
}

std::string HostOf(std::string_view origin) {
  origin.remove_prefix(std::min(origin.size(), origin.find("://") + 3));
  return std::string(origin.substr(0, origin.find(':')));
}

// The options with the challenge of this answer; made from the answer when none were recorded.
webauthn::Expected Asked(const std::vector<Recording>& all, std::string_view client_data) {
  const std::string origin = TextIn(client_data, "origin");
  const std::string challenge = text::Base64UrlDecode(TextIn(client_data, "challenge")).value_or("");
  for (const Recording& recording : all) {
    auto expected = webauthn::ExpectedFromJson(recording.document.Root(), {origin});
    if (expected.challenge == challenge && !expected.rp_id.empty()) {
      return expected;
    }
  }
  return {.rp_id = HostOf(origin), .origins = {origin}, .challenge = challenge, .user_verification = false};
}

template <class T>
std::string Outcome(const webauthn::Checked<T>& checked) {
  return checked ? "accepted" : std::string(NameOf(checked.error()));
}

// Every recording was made by a real authenticator: it is accepted, and refused once its challenge is another.
std::vector<Set> ScoreWebauthn(const fs::path& folder) {
  std::vector<Recording> all;
  for (const fs::path& file : Files(folder, ".json")) {
    if (auto document = json::Document::Parse(ReadFile(file))) {
      all.push_back({file.filename().string(), *std::move(document)});
    }
  }
  Set registered{"registrations", 0, {}};
  Set used{"assertions", 0, {}};
  std::vector<webauthn::Credential> keys;
  for (const Recording& recording : all) {
    const auto answer = webauthn::RegistrationFromJson(recording.document.Root());
    if (!answer || answer->attestation_object.empty()) {
      continue;
    }
    webauthn::RegistrationOptions options{.expected = Asked(all, answer->client_data)};
    const auto made = webauthn::VerifyRegistration(options, *answer);
    registered.Check(recording.name, "accepted", Outcome(made));
    options.expected.challenge += "x";
    registered.Check(recording.name + ", another challenge", "challenge",
                     Outcome(webauthn::VerifyRegistration(options, *answer)));
    if (made) {
      keys.push_back(*made);
    }
  }
  for (const Recording& recording : all) {
    const auto answer = webauthn::AssertionFromJson(recording.document.Root());
    const auto key = answer ? std::ranges::find(keys, answer->id, &webauthn::Credential::id) : keys.end();
    if (!answer || answer->signature.empty() || key == keys.end()) {
      continue;
    }
    const webauthn::AssertionOptions options{.expected = Asked(all, answer->client_data),
                                             .allowed = {answer->id},
                                             .user_handle = answer->user_handle.value_or("")};
    used.Check(recording.name, "accepted", Outcome(webauthn::VerifyAssertion(options, *key, *answer)));
    webauthn::Assertion other = *answer;
    other.signature.back() = static_cast<char>(other.signature.back() ^ 1);
    used.Check(recording.name + ", a bit changed", "signature",
               Outcome(webauthn::VerifyAssertion(options, *key, other)));
  }
  return {registered, used};
}

}  // namespace

std::vector<Scorer> AuthScorers() { return {{"crypto", ScoreCrypto}, {"webauthn", ScoreWebauthn}}; }

}  // namespace propolis::score
