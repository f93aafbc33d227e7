#include "base/dto.h"

#include <date/tz.h>

namespace propolis::dto {
namespace {

std::string Join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "/" + std::string(name);
}

// One @, something on both sides, no blanks or controls, at most 254 bytes (RFC 5321 section 4.5.3.1.3). Whether mail
// can really be delivered only a delivery tells.
bool LooksLikeEmail(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > 254 || at == std::string_view::npos || at == 0 || at > 64 || at + 1 == text.size()) {
    return false;
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == ',' || c == ';') {
      return false;
    }
  }
  const std::string_view domain = text.substr(at + 1);
  return text.find('@') == at && domain.front() != '.' && domain.back() != '.' &&
         domain.find("..") == std::string_view::npos && domain.find('.') != std::string_view::npos;
}

bool IsZone(const std::string& text) {
  try {
    return date::locate_zone(text) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void CheckFormat(const std::string& value, const std::string& path, const Rules& rules, Problems& problems) {
  if (rules.format == "email" && !LooksLikeEmail(value)) {
    problems.Add(path, "field.not_email");
  } else if (rules.format == "uri" && !value.starts_with("https://") && !value.starts_with("http://")) {
    problems.Add(path, "field.not_uri");
  } else if (rules.format == "zone" && !IsZone(value)) {
    problems.Add(path, "field.not_zone");
  } else if (rules.format == "language" && !FromName<Language>(value)) {
    problems.Add(path, "field.not_one_of", {{"choices", "en, es, pt"}});
  }
}

}  // namespace

void ReadText(json::View value, std::string& out, const std::string& path, const Rules& rules, Problems& problems) {
  const auto given = value.AsString();
  if (!given) {
    problems.Add(path, "field.not_text");
    return;
  }
  if (given->size() > rules.max_length.value_or(100000) * 4) {
    problems.Add(path, "field.too_long", {{"max", std::to_string(rules.max_length.value_or(100000))}});
    return;
  }
  std::string clean = text::Clean(*given);
  const bool blank = text::Trim(clean).empty();
  if (rules.format == "password") {
    clean = *given;  // whoever chose it must be able to give it again exactly
  } else if (rules.format != "multiline") {
    std::ranges::replace_if(clean, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    clean = std::string(text::Trim(clean));
  }
  const std::size_t length = text::Length(clean);
  if (length < rules.min_length.value_or(0) || (rules.min_length.value_or(0) > 0 && blank)) {
    problems.Add(path, rules.min_length.value_or(0) <= 1 ? "field.empty" : "field.too_short",
                 {{"min", std::to_string(*rules.min_length)}});
    return;
  }
  if (length > rules.max_length.value_or(100000)) {
    problems.Add(path, "field.too_long", {{"max", std::to_string(rules.max_length.value_or(100000))}});
    return;
  }
  if (!clean.empty()) {
    CheckFormat(clean, path, rules, problems);
  }
  out = std::move(clean);
}

void ReadInteger(json::View value, std::int64_t& out, const std::string& path, const Rules& rules, Problems& problems) {
  const auto given = value.AsInteger();
  if (!given) {
    problems.Add(path, "field.not_integer");
  } else if ((rules.min && *given < *rules.min) || (rules.max && *given > *rules.max)) {
    problems.Add(path, "field.out_of_range",
                 {{"min", std::to_string(rules.min.value_or(INT64_MIN))},
                  {"max", std::to_string(rules.max.value_or(INT64_MAX))}});
  } else {
    out = *given;
  }
}

void WriteScalarSchema(json::Writer& writer, std::string_view type, std::string_view format, const Rules& rules,
                       const std::string& doc) {
  writer.BeginObject().Field("type", type);
  if (!format.empty() && format != "multiline" && format != "zone" && format != "language") {
    writer.Field("format", format);
  }
  if (!doc.empty()) {
    writer.Field("description", doc);
  }
  if (type == "string") {
    if (rules.min_length) {
      writer.Field("minLength", static_cast<std::int64_t>(*rules.min_length));
    }
    if (rules.max_length) {
      writer.Field("maxLength", static_cast<std::int64_t>(*rules.max_length));
    }
  }
  if (rules.min) {
    writer.Field("minimum", *rules.min);
  }
  if (rules.max) {
    writer.Field("maximum", *rules.max);
  }
  if (!rules.example.empty()) {
    writer.Key("examples").BeginArray().Raw(rules.example).EndArray();
  }
  writer.EndObject();
}

void WriteEnumSchema(json::Writer& writer, const std::vector<std::string_view>& names, const std::string& doc) {
  writer.BeginObject().Field("type", "string");
  if (!doc.empty()) {
    writer.Field("description", doc);
  }
  writer.Key("enum").BeginArray();
  for (const auto name : names) {
    writer.String(name);
  }
  writer.EndArray().EndObject();
}

void WriteReference(json::Writer& writer, const Type& type, const std::string& doc) {
  writer.BeginObject().Field("$ref", "#/components/schemas/" + type.name);
  if (!doc.empty()) {
    writer.Field("description", doc);
  }
  writer.EndObject();
}

void Type::Read(json::View value, void* object, const std::string& path, Problems& problems) const {
  if (value.kind() != json::Kind::kObject) {
    problems.Add(path, "field.not_object");
    return;
  }
  value.ForEachMember([&](std::string_view key, json::View member) {
    const auto found = std::ranges::find(members, key, &Member::name);
    if (found == members.end()) {
      problems.Add(Join(path, text::Prefix(key, 60)), "field.unknown");
    } else if (found->required && member.kind() == json::Kind::kNull) {
      problems.Add(Join(path, key), "field.required");
    } else if (member.kind() != json::Kind::kNull || found->takes_null) {
      found->read(member, object, Join(path, key), found->rules, problems);
    }
  });
  for (const Member& member : members) {
    if (member.required && !value.Find(member.name)) {
      problems.Add(Join(path, member.name), "field.required");
    }
  }
}

void Type::Write(json::Writer& writer, const void* object) const {
  writer.BeginObject();
  for (const Member& member : members) {
    member.write(writer, object);
  }
  writer.EndObject();
}

void Type::WriteSchema(json::Writer& writer) const {
  writer.BeginObject().Field("type", "object");
  if (!doc.empty()) {
    writer.Field("description", doc);
  }
  writer.Key("required").BeginArray();
  for (const Member& member : members) {
    if (member.required) {
      writer.String(member.name);
    }
  }
  writer.EndArray().Key("properties").BeginObject();
  for (const Member& member : members) {
    writer.Key(member.name);
    member.schema(writer, member.rules, member.doc);
  }
  writer.EndObject().Field("additionalProperties", false).EndObject();
}

void Type::CollectTypes(std::vector<const Type*>& into) const {
  if (std::ranges::find(into, this) != into.end()) {
    return;
  }
  into.push_back(this);
  for (const Member& member : members) {
    member.references(into);
  }
}

}  // namespace propolis::dto
