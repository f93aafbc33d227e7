#include "channels/mail/thread.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/number.h"
#include "base/text.h"
#include "domain/ticket/number.h"

namespace propolis::mail {
namespace {

constexpr std::size_t kSignatureBytes = 10;  // 80 bits: 16 characters

std::string Base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648 section 6, lower case
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 5) {
      out += kAlphabet[(bits >> (count - 5)) & 31];
      count -= 5;
    }
  }
  return out;
}

std::string Sign(std::string_view key, std::string_view purpose, std::string_view what) {
  const auto digest = crypto::Hmac(key, std::string(purpose) + ":" + std::string(what));
  return Base32({reinterpret_cast<const char*>(digest.data()), kSignatureBytes});
}

std::optional<std::int64_t> Number(std::string_view text) {
  const auto number = text::ParseNumber<std::int64_t>(text);
  return number && *number > 0 ? number : std::nullopt;
}

bool IsEntry(std::string_view entry) {
  return !entry.empty() && entry.size() <= 40 &&
         std::ranges::all_of(entry, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

}  // namespace

std::string ReplyAddress(std::string_view key, std::string_view domain, std::int64_t number) {
  const std::string digits = std::to_string(number);
  return "reply+" + digits + "." + Sign(key, "reply", digits) + "@" + std::string(domain);
}

std::optional<std::int64_t> OwnReply(std::string_view key, std::string_view domain, std::string_view email) {
  const std::string lower = text::AsciiLower(text::Trim(email));
  const auto at = lower.rfind('@');
  if (key.empty() || at == std::string::npos || lower.substr(at + 1) != text::AsciiLower(domain)) {
    return std::nullopt;
  }
  const std::string local = lower.substr(0, at);
  const auto plus = local.find('+');
  const auto dot = local.find('.', plus == std::string::npos ? 0 : plus);
  if (plus == std::string::npos || dot == std::string::npos) {
    return std::nullopt;
  }
  const std::string digits = local.substr(plus + 1, dot - plus - 1);
  const auto number = Number(digits);
  return number && crypto::Equal(Sign(key, "reply", digits), local.substr(dot + 1)) ? number : std::nullopt;
}

std::string MakeMessageId(std::string_view key, std::string_view domain, std::int64_t number, std::string_view entry) {
  const std::string what = std::to_string(number) + "." + std::string(entry);
  return "pr-" + what + "." + Sign(key, "message", what) + "@" + std::string(domain);
}

std::optional<OwnId> OwnMessage(std::string_view key, std::string_view domain, std::string_view message_id) {
  const std::string lower = text::AsciiLower(text::Trim(message_id));
  // Some relays keep our id but put their own domain behind it, so the part before the @ decides.
  const std::string_view local = std::string_view(lower).substr(0, lower.find('@'));
  const auto parts = text::Split(local, '.');
  if (key.empty() || parts.size() != 3 || !parts[0].starts_with("pr-") || !IsEntry(parts[1]) ||
      (domain.empty() && lower.contains('@'))) {
    return std::nullopt;
  }
  const auto number = Number(parts[0].substr(3));
  const std::string what = std::string(parts[0].substr(3)) + "." + std::string(parts[1]);
  if (!number || !crypto::Equal(Sign(key, "message", what), parts[2])) {
    return std::nullopt;
  }
  return OwnId{*number, std::string(parts[1])};
}

std::string SubjectTag(std::int64_t number) { return "[" + ticket::FormatNumber(number) + "]"; }

std::optional<std::int64_t> FindSubjectTag(std::string_view subject) {
  for (auto open = subject.find('['); open != std::string_view::npos; open = subject.find('[', open + 1)) {
    const auto close = subject.find(']', open);
    if (close == std::string_view::npos) {
      break;
    }
    const std::string_view inside = subject.substr(open + 1, close - open - 1);
    // Without its check character a number is only a number.
    if (inside.size() <= 30 && std::ranges::count(inside, '-') == 2) {
      if (const auto number = ticket::ParseNumber(inside)) {
        return number;
      }
    }
  }
  return std::nullopt;
}

std::vector<Clue> FindClues(const ParsedMail& mail, const std::vector<std::string>& envelope_to, std::string_view key,
                            std::string_view domain, const FindMessage& find) {
  std::vector<Clue> clues;
  const auto add = [&](ClueKind kind, std::int64_t number) {
    if (std::ranges::none_of(clues, [&](const Clue& clue) { return clue.number == number; })) {
      clues.push_back({kind, number});
    }
  };
  for (const auto& email : envelope_to) {
    if (const auto number = OwnReply(key, domain, email)) {
      add(ClueKind::kReplyAddress, *number);
    }
  }
  for (const auto* list : {&mail.to, &mail.cc}) {
    for (const auto& address : *list) {
      if (const auto number = OwnReply(key, domain, address.email)) {
        add(ClueKind::kReplyAddress, *number);
      }
    }
  }
  std::vector<std::string> ids(mail.references.rbegin(), mail.references.rend());
  // Some clients shorten References and keep the newest only in In-Reply-To.
  ids.insert(ids.begin(), mail.in_reply_to.begin(), mail.in_reply_to.end());
  for (const auto& id : ids) {
    if (const auto own = OwnMessage(key, domain, id)) {
      add(ClueKind::kOwnMessageId, own->number);
    }
  }
  for (const auto& id : ids) {
    if (const auto number = find ? find(id) : std::nullopt) {
      add(ClueKind::kReference, *number);
    }
  }
  if (const auto number = FindSubjectTag(mail.subject)) {
    add(ClueKind::kSubjectTag, *number);
  }
  return clues;
}

ThreadDecision DecideThread(const std::vector<Clue>& clues, std::string_view sender, const FindTicket& find) {
  const std::string from = text::ToLower(sender);
  const auto at = from.rfind('@');
  const std::string domain = at == std::string::npos ? std::string() : from.substr(at + 1);
  std::int64_t link = 0;
  for (const auto& clue : clues) {
    const auto side = find(clue.number);
    if (!side) {
      continue;
    }
    const bool known =
        std::ranges::any_of(side->participants,
                            [&](const std::string& who) { return !from.empty() && text::ToLower(who) == from; }) ||
        std::ranges::any_of(side->domains,
                            [&](const std::string& own) { return !domain.empty() && text::ToLower(own) == domain; });
    const bool strong = clue.kind == ClueKind::kReplyAddress || clue.kind == ClueKind::kOwnMessageId;
    if (strong || known) {
      return {ThreadAction::kAppend, clue.number, std::string(NameOf(clue.kind)),
              known ? auth::Assurance::kClaimed : auth::Assurance::kUnknown, strong};
    }
    if (link == 0) {
      link = clue.number;
    }
  }
  if (link != 0) {
    return {ThreadAction::kNewLinked, link, "stranger", auth::Assurance::kUnknown, false};
  }
  return {ThreadAction::kNew, 0, "no_clue", auth::Assurance::kUnknown, false};
}

}  // namespace propolis::mail
