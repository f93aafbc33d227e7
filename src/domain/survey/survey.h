// The survey after a resolution: one question (1 very bad - 5 very good) and room for words, by a signed link.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/actor.h"
#include "base/dto.h"
#include "store/store.h"

namespace propolis::survey {

// Days in which an answer may be given and changed.
constexpr int kDaysOpen = 30;
// Scores up to this one are told as `survey.low`, so that somebody calls.
constexpr int kLowScore = 2;

struct Asked {
  std::string number;
  std::string subject;
  static const dto::Type& Dto();
};

struct View {
  Asked ticket;
  std::optional<int> score;
  std::optional<std::string> comment;
  Language language = Language::kEn;
  static const dto::Type& Dto();
};

struct Answer {
  int score = 0;
  std::optional<std::string> comment;
  static const dto::Type& Dto();
};

// The token of a survey's link: its id and a keyed hash of it, base64url. Pure.
std::string MakeToken(std::string_view secret, SurveyId id);
std::optional<SurveyId> ReadToken(std::string_view secret, std::string_view token);

// Asks once for each ticket, when it is resolved; an event `survey.sent` {survey_id} follows. True when it was asked
// now.
Result<bool> AskFor(store::WriteTx& tx, std::int64_t number);
// The token of a ticket's survey; nullopt when none was asked. The secret is made for the first one. Errors: those of
// auth::secrets.
Result<std::optional<std::string>> TokenOf(store::WriteTx& tx, std::int64_t number);

// By the link: whoever has it may look and answer. Error: kNotFound for tokens that are not ours, kConflict after the
// time.
Result<View> Look(store::ReadTx& tx, std::string_view token);
Result<View> Take(store::WriteTx& tx, std::string_view token, const Answer& answer);
// By a customer who is signed in, on a resolved or closed ticket of her organisation.
Result<View> Rate(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Answer& answer);

}  // namespace propolis::survey
