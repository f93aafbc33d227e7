// Data that crosses the API: a C++ struct described once by a field table, from which reading (with every wrong field
// named), writing, and the OpenAPI schema all follow.
//
//   struct OpenTicket { std::string subject; std::optional<Impact> impact; static const dto::Type& Dto(); };
//   const dto::Type& OpenTicket::Dto() {
//     static const dto::Type type = dto::Object<OpenTicket>("OpenTicket", "A new request.")
//         .Required("subject", &OpenTicket::subject, "What it is about.", dto::Text(1, 300))
//         .Optional("impact", &OpenTicket::impact, "Chosen impact; proposed when left out.")
//         .Done();
//     return type;
//   }
//
// Members may be: bool, int, int64, double, string, Id<>, Time, named enums, json text (dto::Raw), other described
// structs, and optional<> or vector<> of these. Unknown names in a body are errors.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/names.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"

namespace propolis::dto {

class Type;

// JSON kept as text.
struct Raw {
  std::string json = "null";
};

// A member of a change that may also be emptied: absent (leave it), null (empty it), or a value.
template <class T>
struct Patch {
  bool given = false;
  std::optional<T> value;
};

// Bounds of a member. Lengths are code points for text, items for lists.
struct Rules {
  std::optional<std::size_t> min_length;
  std::optional<std::size_t> max_length;
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::string format;   // "email", "uri", "zone", "language", "multiline" (newlines allowed)
  std::string example;  // JSON text
};
inline Rules Text(std::size_t min, std::size_t max, std::string format = "", std::string example = "") {
  return Rules{.min_length = min,
               .max_length = max,
               .min = std::nullopt,
               .max = std::nullopt,
               .format = std::move(format),
               .example = std::move(example)};
}
inline Rules Range(std::int64_t min, std::int64_t max) {
  return Rules{
      .min_length = std::nullopt, .max_length = std::nullopt, .min = min, .max = max, .format = "", .example = ""};
}
inline Rules Items(std::size_t min, std::size_t max) { return Text(min, max); }

// Collects the wrong fields of one body.
struct Problems {
  std::vector<FieldError> fields;
  void Add(std::string path, std::string message, std::vector<Arg> args = {}) {
    fields.push_back({std::move(path), std::move(message), std::move(args)});
  }
};

struct Member {
  std::string name;
  std::string doc;
  bool required = false;
  bool takes_null = false;  // null reaches `read` instead of counting as absent
  Rules rules;
  std::function<void(json::View, void* object, const std::string& path, const Rules&, Problems&)> read;
  std::function<void(json::Writer&, const void* object)> write;  // writes key and value, or nothing when absent
  std::function<void(json::Writer&, const Rules&, const std::string& doc)> schema;
  std::function<void(std::vector<const Type*>&)> references;
};

class Type {
 public:
  std::string name;
  std::string doc;
  std::vector<Member> members;

  void Read(json::View value, void* object, const std::string& path, Problems& problems) const;
  void Write(json::Writer& writer, const void* object) const;
  void WriteSchema(json::Writer& writer) const;             // the object schema itself
  void CollectTypes(std::vector<const Type*>& into) const;  // this and all it refers to, each once
};

// --- how one member type is read, written and described
// ---------------------------------------------------------------

void ReadText(json::View, std::string&, const std::string& path, const Rules&, Problems&);
void ReadInteger(json::View, std::int64_t&, const std::string& path, const Rules&, Problems&);
void WriteScalarSchema(json::Writer&, std::string_view type, std::string_view format, const Rules&,
                       const std::string& doc);
void WriteEnumSchema(json::Writer&, const std::vector<std::string_view>& names, const std::string& doc);
void WriteReference(json::Writer&, const Type&, const std::string& doc);

template <class T>
concept Described = requires {
  { T::Dto() } -> std::convertible_to<const Type&>;
};

template <class T>
struct Codec;

template <>
struct Codec<std::string> {
  static void Read(json::View v, std::string& out, const std::string& p, const Rules& r, Problems& e) {
    ReadText(v, out, p, r, e);
  }
  static void Write(json::Writer& w, const std::string& value) { w.String(value); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", r.format, r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <class T>
  requires std::same_as<T, int> || std::same_as<T, std::int64_t>
struct Codec<T> {
  static void Read(json::View v, T& out, const std::string& p, const Rules& r, Problems& e) {
    std::int64_t wide = 0;
    if constexpr (sizeof(T) < sizeof(std::int64_t)) {
      Rules narrow = r;
      narrow.min = std::max<std::int64_t>(r.min.value_or(INT32_MIN), INT32_MIN);
      narrow.max = std::min<std::int64_t>(r.max.value_or(INT32_MAX), INT32_MAX);
      ReadInteger(v, wide, p, narrow, e);
    } else {
      ReadInteger(v, wide, p, r, e);
    }
    out = static_cast<T>(wide);
  }
  static void Write(json::Writer& w, T value) { w.Integer(value); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "integer", "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <>
struct Codec<bool> {
  static void Read(json::View v, bool& out, const std::string& p, const Rules&, Problems& e) {
    if (const auto value = v.AsBool()) {
      out = *value;
    } else {
      e.Add(p, "field.not_boolean");
    }
  }
  static void Write(json::Writer& w, bool value) { w.Bool(value); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "boolean", "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <>
struct Codec<double> {
  static void Read(json::View v, double& out, const std::string& p, const Rules& r, Problems& e) {
    const auto value = v.AsDouble();
    if (!value) {
      e.Add(p, "field.not_number");
    } else if ((r.min && *value < static_cast<double>(*r.min)) || (r.max && *value > static_cast<double>(*r.max))) {
      e.Add(p, "field.out_of_range",
            {{"min", std::to_string(r.min.value_or(0))}, {"max", std::to_string(r.max.value_or(0))}});
    } else {
      out = *value;
    }
  }
  static void Write(json::Writer& w, double value) { w.Double(value); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "number", "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <class Tag>
struct Codec<Id<Tag>> {
  static void Read(json::View v, Id<Tag>& out, const std::string& p, const Rules&, Problems& e) {
    const auto text = v.AsString();
    const auto id = text ? Id<Tag>::Parse(*text) : std::nullopt;
    if (id) {
      out = *id;
    } else {
      e.Add(p, "field.not_id");
    }
  }
  static void Write(json::Writer& w, const Id<Tag>& value) { w.String(value.ToString()); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", "uuid", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <>
struct Codec<Time> {
  static void Read(json::View v, Time& out, const std::string& p, const Rules&, Problems& e) {
    const auto text = v.AsString();
    const auto time = text ? ParseTime(*text) : std::nullopt;
    if (time) {
      out = *time;
    } else {
      e.Add(p, "field.not_time");
    }
  }
  static void Write(json::Writer& w, Time value) { w.String(FormatTime(value)); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", "date-time", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

template <>
struct Codec<Raw> {
  static void Read(json::View v, Raw& out, const std::string&, const Rules&, Problems&) { out.json = v.ToText(); }
  static void Write(json::Writer& w, const Raw& value) { w.Raw(value.json); }
  static void Schema(json::Writer& w, const Rules&, const std::string& doc) {
    w.BeginObject().Field("description", doc).EndObject();
  }
  static void References(std::vector<const Type*>&) {}
};

template <Named E>
struct Codec<E> {
  static std::vector<std::string_view> All() {
    std::vector<std::string_view> names;
    for (const auto& entry : Names<E>::kTable) {
      names.push_back(entry.second);
    }
    return names;
  }
  static void Read(json::View v, E& out, const std::string& p, const Rules&, Problems& e) {
    const auto text = v.AsString();
    const auto value = text ? FromName<E>(*text) : std::nullopt;
    if (value) {
      out = *value;
      return;
    }
    std::string choices;
    for (const auto name : All()) {
      choices += choices.empty() ? "" : ", ";
      choices += name;
    }
    e.Add(p, "field.not_one_of", {{"choices", choices}});
  }
  static void Write(json::Writer& w, E value) { w.String(NameOf(value)); }
  static void Schema(json::Writer& w, const Rules&, const std::string& doc) { WriteEnumSchema(w, All(), doc); }
  static void References(std::vector<const Type*>&) {}
};

template <Described T>
struct Codec<T> {
  static void Read(json::View v, T& out, const std::string& p, const Rules&, Problems& e) {
    T::Dto().Read(v, &out, p, e);
  }
  static void Write(json::Writer& w, const T& value) { T::Dto().Write(w, &value); }
  static void Schema(json::Writer& w, const Rules&, const std::string& doc) { WriteReference(w, T::Dto(), doc); }
  static void References(std::vector<const Type*>& into) { T::Dto().CollectTypes(into); }
};

template <class T>
struct Codec<std::vector<T>> {
  static void Read(json::View v, std::vector<T>& out, const std::string& p, const Rules& r, Problems& e) {
    if (v.kind() != json::Kind::kArray) {
      e.Add(p, "field.not_list");
      return;
    }
    if (v.Size() < r.min_length.value_or(0)) {
      e.Add(p, "field.too_few", {{"min", std::to_string(*r.min_length)}});
      return;
    }
    if (v.Size() > r.max_length.value_or(1000)) {
      e.Add(p, "field.too_many", {{"max", std::to_string(r.max_length.value_or(1000))}});
      return;
    }
    Rules item;
    item.format = r.format;
    item.max_length = 10000;
    for (std::size_t i = 0; i < v.Size(); ++i) {
      T value{};
      Codec<T>::Read(v.At(i), value, p + "/" + std::to_string(i), item, e);
      out.push_back(std::move(value));
    }
  }
  static void Write(json::Writer& w, const std::vector<T>& values) {
    w.BeginArray();
    for (const auto& value : values) {
      Codec<T>::Write(w, value);
    }
    w.EndArray();
  }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    w.BeginObject().Field("type", "array");
    if (!doc.empty()) {
      w.Field("description", doc);
    }
    if (r.min_length) {
      w.Field("minItems", static_cast<std::int64_t>(*r.min_length));
    }
    w.Field("maxItems", static_cast<std::int64_t>(r.max_length.value_or(1000)));
    w.Key("items");
    Codec<T>::Schema(w, Rules{}, "");
    w.EndObject();
  }
  static void References(std::vector<const Type*>& into) { Codec<T>::References(into); }
};

// --- building a type
// --------------------------------------------------------------------------------------------------

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using Value = T;
};

template <class T>
struct IsPatch : std::false_type {};
template <class T>
struct IsPatch<Patch<T>> : std::true_type {
  using Value = T;
};

template <class T>
class Object {
 public:
  Object(std::string name, std::string doc) {
    type_.name = std::move(name);
    type_.doc = std::move(doc);
  }

  // Must be there in a request; always there in an answer.
  template <class M>
  Object&& Required(const std::string& name, M T::* member, std::string doc, Rules rules = {}) && {
    Add(name, member, std::move(doc), std::move(rules), /*required=*/true);
    return std::move(*this);
  }
  // May be left out (or null when the member is std::optional); an empty optional is left out of an answer.
  template <class M>
  Object&& Optional(const std::string& name, M T::* member, std::string doc, Rules rules = {}) && {
    Add(name, member, std::move(doc), std::move(rules), /*required=*/false);
    return std::move(*this);
  }
  Type Done() && { return std::move(type_); }

 private:
  template <class M>
  void Add(const std::string& name, M T::* member, std::string doc, Rules rules, bool required) {
    Member m;
    m.name = name;
    m.doc = std::move(doc);
    m.required = required;
    m.rules = std::move(rules);
    if constexpr (IsOptional<M>::value) {
      using V = typename IsOptional<M>::Value;
      m.read = [member](json::View v, void* object, const std::string& p, const Rules& r, Problems& e) {
        if (v.kind() == json::Kind::kNull) {
          return;
        }
        V value{};
        Codec<V>::Read(v, value, p, r, e);
        static_cast<T*>(object)->*member = std::move(value);
      };
      m.write = [member, name](json::Writer& w, const void* object) {
        if (const auto& value = static_cast<const T*>(object)->*member) {
          w.Key(name);
          Codec<V>::Write(w, *value);
        }
      };
      m.schema = &Codec<V>::Schema;
      m.references = &Codec<V>::References;
    } else if constexpr (IsPatch<M>::value) {
      using V = typename IsPatch<M>::Value;
      m.takes_null = true;
      m.read = [member](json::View v, void* object, const std::string& p, const Rules& r, Problems& e) {
        M& patch = static_cast<T*>(object)->*member;
        patch.given = true;
        if (v.kind() != json::Kind::kNull) {
          Codec<V>::Read(v, patch.value.emplace(), p, r, e);
        }
      };
      m.write = [](json::Writer&, const void*) {};  // changes are only read
      m.schema = [](json::Writer& w, const Rules& r, const std::string& text) {
        w.BeginObject().Key("anyOf").BeginArray();
        Codec<V>::Schema(w, r, text);
        w.BeginObject().Field("type", "null").EndObject().EndArray().EndObject();
      };
      m.references = &Codec<V>::References;
    } else {
      m.read = [member](json::View v, void* object, const std::string& p, const Rules& r, Problems& e) {
        Codec<M>::Read(v, static_cast<T*>(object)->*member, p, r, e);
      };
      m.write = [member, name](json::Writer& w, const void* object) {
        w.Key(name);
        Codec<M>::Write(w, static_cast<const T*>(object)->*member);
      };
      m.schema = &Codec<M>::Schema;
      m.references = &Codec<M>::References;
    }
    type_.members.push_back(std::move(m));
  }
  Type type_;
};

// Reads a whole body. Invalid with every wrong field named.
template <Described T>
Result<T> Parse(std::string_view body) {
  const json::Document document = TRY(json::Document::Parse(body));
  T value{};
  Problems problems;
  T::Dto().Read(document.Root(), &value, "", problems);
  if (!problems.fields.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(problems.fields)});
  }
  return value;
}

template <Described T>
std::string ToJson(const T& value) {
  json::Writer writer;
  T::Dto().Write(writer, &value);
  return writer.Take();
}

}  // namespace propolis::dto
