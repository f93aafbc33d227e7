// What another good parser makes of a mail (corpus email_mime) against what ours makes of it, fact by fact; shared by
// the tests and the score program.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "channels/mail/parse.h"

namespace propolis::mail {

// Letters and digits only: line ends and blanks are a matter of taste.
inline std::string Essence(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') {
      out += c;
    }
  }
  return out;
}

class Comparison {
 public:
  void Check(bool right, const std::string& what) {
    ++total;
    if (!right) {
      misses.push_back(what);
    }
  }
  std::size_t total = 0;
  std::vector<std::string> misses;
};

inline std::string Member(json::View value, std::string_view name) {
  const auto found = value.Find(name);
  return found && found->AsString() ? std::string(*found->AsString()) : std::string();
}

inline void CompareAddresses(json::View expected, const std::vector<Address>& got, const std::string& where,
                             Comparison& result) {
  const auto address = expected.Find("Address");
  const auto list = address ? address->Find("List") : std::nullopt;
  if (!list) {
    return;
  }
  result.Check(list->Size() == got.size(), where + ": number of addresses");
  for (std::size_t i = 0; i < std::min(list->Size(), got.size()); ++i) {
    result.Check(Member(list->At(i), "address") == got[i].email, where + ": " + got[i].email);
    result.Check(Member(list->At(i), "name") == got[i].name, where + ": " + got[i].name);
  }
}

inline void CompareHeaders(json::View part, const ParsedMail& mail, const std::string& where, Comparison& result) {
  const auto headers = part.Find("headers");
  for (std::size_t i = 0; headers && i < headers->Size(); ++i) {
    const std::string name = Member(headers->At(i), "name");
    const auto value = headers->At(i).Find("value");
    if (!value) {
      continue;
    }
    if (name == "subject") {
      result.Check(Member(*value, "Text") == mail.subject, where + " subject: " + mail.subject);
    } else if (name == "message_id") {
      result.Check(Member(*value, "Text") == mail.message_id, where + " message id: " + mail.message_id);
    } else if (name == "from") {
      CompareAddresses(*value, mail.from, where + " from", result);
    } else if (name == "to") {
      CompareAddresses(*value, mail.to, where + " to", result);
    } else if (name == "cc") {
      CompareAddresses(*value, mail.cc, where + " cc", result);
    } else if (name == "reply_to") {
      CompareAddresses(*value, mail.reply_to, where + " reply-to", result);
    } else if (name == "date") {
      const auto date = value->Find("DateTime");
      const auto part_of = [&](std::string_view member) {
        return date ? date->Find(member)->AsInteger().value_or(0) : 0;
      };
      const bool west = date && date->Find("tz_before_gmt")->AsBool().value_or(false);
      const auto offset = (part_of("tz_hour") * 60 + part_of("tz_minute")) * 60 * (west ? -1 : 1);
      const std::chrono::sys_days day = std::chrono::year(static_cast<int>(part_of("year"))) /
                                        std::chrono::month(static_cast<unsigned>(part_of("month"))) /
                                        std::chrono::day(static_cast<unsigned>(part_of("day")));
      const Time expected =
          Time{day} + Seconds{part_of("hour") * 3600 + part_of("minute") * 60 + part_of("second") - offset};
      result.Check(mail.date == expected, where + " date");
    }
  }
}

inline void CompareMessage(json::View expected, const ParsedMail& mail, const std::string& where, Comparison& result);

inline void CompareLeaf(json::View expected, const Part& got, const std::string& where, Comparison& result) {
  const auto body = expected.Find("body");
  for (const std::string_view kind : {"Text", "Html"}) {
    if (const auto text = body->Find(kind)) {
      result.Check(Essence(*text->AsString()) == Essence(got.content), where + " text of " + got.type);
    }
  }
  for (const std::string_view kind : {"Binary", "InlineBinary"}) {
    if (const auto bytes = body->Find(kind)) {
      std::string wanted;
      for (std::size_t i = 0; i < bytes->Size(); ++i) {
        wanted += static_cast<char>(bytes->At(i).AsInteger().value_or(0));
      }
      result.Check(wanted == got.content, where + " bytes of " + got.type);
    }
  }
  if (const auto message = body->Find("Message")) {
    result.Check(got.message != nullptr, where + " nested");
    if (got.message) {
      CompareMessage(*message, *got.message, where + "/", result);
    }
  }
  const auto headers = expected.Find("headers");
  for (std::size_t i = 0; headers && i < headers->Size(); ++i) {
    if (Member(headers->At(i), "name") != "content_disposition") {
      continue;
    }
    const auto type = headers->At(i).Find("value")->Find("ContentType");
    const auto attributes = type ? type->Find("attributes") : std::nullopt;
    for (std::size_t k = 0; attributes && k < attributes->Size(); ++k) {
      if (Member(attributes->At(k), "name") == "filename") {
        result.Check(Member(attributes->At(k), "value") == got.name, where + " name " + got.name);
      }
    }
  }
}

// Indexes of `list` that are text, as leaf numbers.
inline std::vector<std::size_t> TextLeaves(json::View expected, std::string_view list,
                                           const std::vector<std::size_t>& leaf_of) {
  std::vector<std::size_t> leaves;
  const auto indexes = expected.Find(list);
  for (std::size_t i = 0; indexes && i < indexes->Size(); ++i) {
    leaves.push_back(leaf_of[static_cast<std::size_t>(indexes->At(i).AsInteger().value_or(0))]);
  }
  return leaves;
}

inline void CompareMessage(json::View expected, const ParsedMail& mail, const std::string& where, Comparison& result) {
  const auto parts = *expected.Find("parts");
  CompareHeaders(parts.At(0), mail, where, result);
  std::vector<std::size_t> leaf_of(parts.Size());
  std::size_t leaves = 0;
  for (std::size_t i = 0; i < parts.Size(); ++i) {
    if (parts.At(i).Find("body")->Find("Multipart")) {
      continue;
    }
    leaf_of[i] = leaves;
    if (leaves < mail.parts.size()) {
      CompareLeaf(parts.At(i), mail.parts[leaves], where + "part " + std::to_string(i), result);
    }
    ++leaves;
  }
  result.Check(leaves == mail.parts.size(), where + " parts: " + std::to_string(mail.parts.size()));
  result.Check(TextLeaves(expected, "text_body", leaf_of) == mail.text_body, where + " text body");
  result.Check(TextLeaves(expected, "html_body", leaf_of) == mail.html_body, where + " html body");
  result.Check(TextLeaves(expected, "attachments", leaf_of) == mail.attachments, where + " attachments");
}

}  // namespace propolis::mail
