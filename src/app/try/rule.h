// What `propolis try` can try: a pure rule with its input and output described, so that help and errors come by
// themselves. A rule is one file here that makes one or more Rules; rules.h lists them all.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/dto.h"
#include "base/result.h"

namespace propolis::app {

struct Rule {
  std::string name;     // "sla.add"
  std::string summary;  // one line
  std::string example;  // an input that works, JSON
  const dto::Type* input = nullptr;
  const dto::Type* output = nullptr;
  std::function<Result<std::string>(std::string_view json)> run;  // one input to one output, both JSON
  // For a rule that remembers the lines before: a `run` that begins anew.
  std::function<decltype(run)()> begin = {};
};

template <dto::Described In, dto::Described Out>
Rule MakeRule(std::string name, std::string summary, std::string example, Result<Out> (*decide)(const In&)) {
  return {std::move(name),
          std::move(summary),
          std::move(example),
          &In::Dto(),
          &Out::Dto(),
          [decide](std::string_view json) -> Result<std::string> {
            const In input = TRY(dto::Parse<In>(json));
            return dto::ToJson(TRY(decide(input)));
          },
          {}};
}

// Text that a rule must see exactly as it came: not cleaned, not shortened.
struct Verbatim {
  std::string text;
};

}  // namespace propolis::app

template <>
struct propolis::dto::Codec<propolis::app::Verbatim> {
  static void Read(json::View v, app::Verbatim& out, const std::string& p, const Rules&, Problems& e) {
    if (const auto text = v.AsString()) {
      out.text = *text;
    } else {
      e.Add(p, "field.not_text");
    }
  }
  static void Write(json::Writer& w, const app::Verbatim& value) { w.String(value.text); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};
