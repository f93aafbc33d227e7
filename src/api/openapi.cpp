// The OpenAPI 3.1 document, written from the same declarations that route and parse.
#include "api/resource.h"

namespace propolis::api {
namespace {

constexpr std::string_view kProblemSchema =
    R"({"type":"object","description":"RFC 9457 problem document.","required":["type","title","status","code"],)"
    R"("properties":{"type":{"type":"string","format":"uri"},"title":{"type":"string"},"status":{"type":"integer"},)"
    R"("detail":{"type":"string","description":"For people, in the reader's language."},"code":{"type":"string"},)"
    R"("request_id":{"type":"string"},"errors":{"type":"array","items":{"type":"object","required":["field","message"],)"
    R"("properties":{"field":{"type":"string"},"message":{"type":"string"}}}}}})";

void WritePathParameters(json::Writer& writer, std::string_view path) {
  for (const auto segment : text::Split(path, '/')) {
    if (segment.starts_with('{')) {
      writer.BeginObject()
          .Field("name", segment.substr(1, segment.size() - 2))
          .Field("in", "path")
          .Field("required", true)
          .Key("schema")
          .BeginObject()
          .Field("type", "string")
          .EndObject()
          .EndObject();
    }
  }
}

void WriteHeaderParameter(json::Writer& writer, std::string_view name, std::string_view doc) {
  writer.BeginObject()
      .Field("name", name)
      .Field("in", "header")
      .Field("required", false)
      .Field("description", doc)
      .Key("schema")
      .BeginObject()
      .Field("type", "string")
      .EndObject()
      .EndObject();
}

void WriteParameters(json::Writer& writer, const Operation& operation) {
  writer.Key("parameters").BeginArray();
  WritePathParameters(writer, operation.path);
  if (operation.query != nullptr) {
    for (const dto::Member& member : operation.query->members) {
      writer.BeginObject()
          .Field("name", member.name)
          .Field("in", "query")
          .Field("required", member.required)
          .Field("description", member.doc)
          .Key("schema");
      member.schema(writer, member.rules, "");
      writer.EndObject();
    }
  }
  if (operation.versioned) {
    WriteHeaderParameter(writer, "If-Match", "The version that was read (its ETag); another answers 412.");
  }
  if (operation.method == net::Method::kPost && operation.status == 201 && operation.replayable) {
    WriteHeaderParameter(writer, "Idempotency-Key", "The same key twice does the act once and gets the first answer.");
  }
  writer.EndArray();
}

void WriteReference(json::Writer& writer, std::string_view name) {
  writer.BeginObject().Field("$ref", "#/components/schemas/" + std::string(name)).EndObject();
}

void WriteBody(json::Writer& writer, const Operation& operation) {
  if (operation.multipart) {
    writer.Key("requestBody")
        .Raw(R"({"required":true,"content":{"multipart/form-data":{"schema":{"type":"object","required":["file"],)"
             R"("properties":{"file":{"type":"string","contentMediaType":"application/octet-stream"},)"
             R"("source":{"type":"string","maxLength":200},"note":{"type":"string","maxLength":2000},)"
             R"("public":{"type":"string","enum":["true","false"],"description":"Whether the customer sees it."}},)"
             R"("additionalProperties":false}}}})");
    return;
  }
  if (operation.body == nullptr) {
    return;
  }
  writer.Key("requestBody").BeginObject().Field("required", true).Key("content").BeginObject();
  writer.Key("application/json").BeginObject().Key("schema");
  WriteReference(writer, operation.body->name);
  if (!operation.example.empty()) {
    writer.Key("example").Raw(operation.example);
  }
  writer.EndObject().EndObject().EndObject();
}

void WriteProblem(json::Writer& writer) {
  writer.Key("default").Raw(R"({"description":"What went wrong.","content":{"application/problem+json":{"schema":)"
                            R"({"$ref":"#/components/schemas/Problem"}}}})");
}

void WriteAnswers(json::Writer& writer, const Operation& operation) {
  writer.Key("responses").BeginObject().Key(std::to_string(operation.status)).BeginObject();
  writer.Field("description", operation.status == 204 ? "Done." : "The answer.");
  if (operation.answer != nullptr || !operation.media_type.empty()) {
    writer.Key("content").BeginObject();
    writer.Key(operation.media_type.empty() ? "application/json" : operation.media_type).BeginObject().Key("schema");
    if (operation.answer == nullptr) {
      writer.BeginObject().Field("type", operation.media_type == "application/json" ? "object" : "string").EndObject();
    } else if (operation.answers_list) {
      writer.BeginObject().Field("type", "object").Key("required").BeginArray().String("items").EndArray();
      writer.Key("properties").BeginObject().Key("items").BeginObject().Field("type", "array").Key("items");
      WriteReference(writer, operation.answer->name);
      writer.EndObject().EndObject().EndObject();
    } else {
      WriteReference(writer, operation.answer->name);
    }
    writer.EndObject().EndObject();
  }
  writer.EndObject();
  WriteProblem(writer);
  writer.EndObject();
}

void WriteAccess(json::Writer& writer, const Operation& operation) {
  if (const auto* permission = std::get_if<auth::Permission>(&operation.access)) {
    writer.Field("x-permission", NameOf(*permission));
    if (operation.customers || *permission == auth::Permission::kPortalUse) {
      writer.Field("x-customers", true);
    }
  } else if (std::get<Open>(operation.access) == Open::kAnyone) {
    writer.Key("security").BeginArray().EndArray();
  }
}

void WriteOperation(json::Writer& writer, const Operation& operation) {
  writer.Key(text::AsciiLower(NameOf(operation.method))).BeginObject();
  writer.Field("operationId", operation.id).Field("summary", operation.summary);
  if (!operation.doc.empty()) {
    writer.Field("description", operation.doc);
  }
  writer.Key("tags").BeginArray().String(operation.tag).EndArray();
  WriteAccess(writer, operation);
  if (operation.step_up) {
    writer.Field("x-step-up", true);
  }
  WriteParameters(writer, operation);
  WriteBody(writer, operation);
  WriteAnswers(writer, operation);
  writer.EndObject();
}

void WriteSchemas(json::Writer& writer, const Api& api) {
  std::vector<const dto::Type*> types;
  for (const auto& operation : api.operations()) {
    for (const dto::Type* type : {operation->body, operation->answer}) {
      if (type != nullptr) {
        type->CollectTypes(types);
      }
    }
  }
  std::ranges::sort(types, {}, &dto::Type::name);
  writer.Key("schemas").BeginObject();
  for (const dto::Type* type : types) {
    writer.Key(type->name);
    type->WriteSchema(writer);
  }
  writer.Key("Problem").Raw(kProblemSchema).EndObject();
}

}  // namespace

std::string OpenApi(const Api& api) {
  json::Writer writer;
  writer.BeginObject().Field("openapi", "3.1.0");
  writer.Key("info")
      .BeginObject()
      .Field("title", "Propolis")
      .Field("version", "1")
      .Field("description",
             "A support desk for cybersecurity teams. Everything the console and the portal do is done here.")
      .EndObject();
  writer.Key("servers").BeginArray().BeginObject().Field("url", "/api/v1").EndObject().EndArray();
  writer.Key("security").Raw(R"([{"key":[]},{"session":[]}])");
  writer.Key("paths").BeginObject();
  std::vector<const Operation*> operations;
  for (const auto& operation : api.operations()) {
    operations.push_back(operation.get());
  }
  std::ranges::sort(operations, {}, [](const Operation* each) { return std::pair(each->path, each->method); });
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (i == 0 || operations[i]->path != operations[i - 1]->path) {
      writer.Key(operations[i]->path).BeginObject();
    }
    WriteOperation(writer, *operations[i]);
    if (i + 1 == operations.size() || operations[i]->path != operations[i + 1]->path) {
      writer.EndObject();
    }
  }
  writer.EndObject().Key("components").BeginObject();
  writer.Key("securitySchemes")
      .Raw(R"({"key":{"type":"http","scheme":"bearer","description":"An API key."},)"
           R"("session":{"type":"apiKey","in":"cookie","name":"propolis_session","description":"A signed-in browser; )"
           R"(under TLS its name is __Host-propolis_session. Writes also send X-Propolis-CSRF."}})");
  WriteSchemas(writer, api);
  writer.EndObject().EndObject();
  return writer.Take();
}

}  // namespace propolis::api
