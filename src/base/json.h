// JSON (RFC 8259): a bounded parser that answers with views, and an append-only writer. Boost.JSON stays behind it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace propolis::json {

enum class Kind { kNull, kBool, kInteger, kDouble, kString, kArray, kObject };

// A look at a value inside a Document; valid as long as the Document lives.
class View {
 public:
  explicit View(const void* value) : value_(value) {}
  [[nodiscard]] Kind kind() const;
  // The As... functions answer nullopt when the value is of another kind.
  [[nodiscard]] std::optional<bool> AsBool() const;
  [[nodiscard]] std::optional<std::int64_t> AsInteger() const;
  [[nodiscard]] std::optional<double> AsDouble() const;  // integers too
  [[nodiscard]] std::optional<std::string_view> AsString() const;
  // Arrays and objects: number of members; 0 for everything else.
  [[nodiscard]] std::size_t Size() const;
  [[nodiscard]] View At(std::size_t index) const;  // arrays only, index < Size()
  [[nodiscard]] std::optional<View> Find(std::string_view name) const;
  void ForEachMember(const std::function<void(std::string_view name, View value)>& visit) const;
  [[nodiscard]] std::string ToText() const;  // serialised again

 private:
  const void* value_;
};

class Document {
 public:
  // Refuses: more than 32 levels, invalid UTF-8, duplicate names, anything after the value. The error is a field error
  // on "" with message "json.syntax" and the arguments `at` (byte offset) and `why`.
  static Result<Document> Parse(std::string_view text);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  [[nodiscard]] View Root() const;

 private:
  struct Body;
  explicit Document(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

// Writes compact JSON. Commas are its business; balance is the caller's (checked by an assert in Take()).
class Writer {
 public:
  Writer& BeginObject();
  Writer& EndObject();
  Writer& BeginArray();
  Writer& EndArray();
  Writer& Key(std::string_view name);
  Writer& String(std::string_view text);  // invalid UTF-8 becomes U+FFFD
  Writer& Integer(std::int64_t value);
  Writer& Double(double value);  // NaN and infinities become null
  Writer& Bool(bool value);
  Writer& Null();
  Writer& Raw(std::string_view json);  // already serialised
  // Key and value in one.
  Writer& Field(std::string_view name, std::string_view text) { return Key(name).String(text); }
  Writer& Field(std::string_view name, const char* text) { return Key(name).String(text); }
  Writer& Field(std::string_view name, std::int64_t value) { return Key(name).Integer(value); }
  Writer& Field(std::string_view name, int value) { return Key(name).Integer(value); }
  Writer& Field(std::string_view name, double value) { return Key(name).Double(value); }
  Writer& Field(std::string_view name, bool value) { return Key(name).Bool(value); }
  [[nodiscard]] std::string Take();

 private:
  void Separate();
  std::string out_;
  int depth_ = 0;
  bool comma_ = false;
};

// `text` as a JSON string, quotes included.
std::string Quote(std::string_view text);

}  // namespace propolis::json
