#include "net/assets.h"

#include <algorithm>
#include <cstring>

#include "base/json.h"
#include "base/text.h"

extern "C" {
extern const char propolis_assets_begin[];
extern const char propolis_assets_end[];
}

namespace propolis::net {
namespace {

constexpr std::string_view kMagic = "PPACK01\n";

std::unexpected<Error> BadPack() { return Fail(Code::kInvalid, "assets.bad_pack"); }

// Does an Accept-Encoding field (RFC 9110 section 12.5.3) take `coding`?
bool TakesCoding(std::string_view field, std::string_view coding) {
  for (const auto item : text::Split(field, ',')) {
    const auto name = text::AsciiLower(text::Trim(item.substr(0, item.find(';'))));
    if (name != coding) {
      continue;
    }
    const auto weight = item.find("q=");
    if (weight == std::string_view::npos) {
      return true;
    }
    // "0", "0.0", "0.000": not acceptable
    return text::Trim(item.substr(weight + 2)).find_first_not_of("0.") != std::string_view::npos;
  }
  return false;
}

// If-None-Match, weak comparison (RFC 9110 section 13.1.2).
bool Matches(std::string_view field, std::string_view etag) {
  for (const auto item : text::Split(field, ',')) {
    auto tag = text::Trim(item);
    if (tag.starts_with("W/")) {
      tag.remove_prefix(2);
    }
    if (tag == etag || tag == "*") {
      return true;
    }
  }
  return false;
}

bool Under(std::string_view path, std::string_view root) {
  if (root == "/") {
    return true;
  }
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

}  // namespace

std::vector<AppRoot> WebApps() {
  return {{"/", "/index.html"},
          {"/portal", "/portal.html"},
          {"/survey", "/survey.html"},
          {"/sign-in", "/sign-in.html"},
          {"/setup", "/sign-in.html"}};
}

std::string_view Assets::Embedded() {
  return {propolis_assets_begin, static_cast<std::size_t>(propolis_assets_end - propolis_assets_begin)};
}

Result<Assets> Assets::Open(std::string_view pack, std::vector<AppRoot> apps) {
  Assets assets;
  assets.apps_ = std::move(apps);
  // The longest root first.
  std::sort(assets.apps_.begin(), assets.apps_.end(),
            [](const AppRoot& a, const AppRoot& b) { return a.root.size() > b.root.size(); });
  if (pack.empty()) {
    return assets;
  }
  std::uint32_t index_size = 0;
  const auto head = kMagic.size() + sizeof index_size;
  if (!pack.starts_with(kMagic) || pack.size() < head) {
    return BadPack();
  }
  std::memcpy(&index_size, pack.data() + kMagic.size(), sizeof index_size);
  if (index_size > pack.size() - head) {
    return BadPack();
  }
  const auto bytes = pack.substr(head + index_size);
  const auto document = TRY(json::Document::Parse(pack.substr(head, index_size)));
  const auto files = document.Root().Find("files");
  if (!files || files->kind() != json::Kind::kArray) {
    return BadPack();
  }
  for (std::size_t i = 0; i < files->Size(); ++i) {
    const auto entry = files->At(i);
    const auto text_of = [&](std::string_view name) {
      const auto value = entry.Find(name);
      return std::string(value ? value->AsString().value_or("") : "");
    };
    File file;
    file.content_type = text_of("type");
    file.etag = text_of("etag");
    const auto immutable = entry.Find("immutable");
    file.immutable = immutable && immutable->AsBool().value_or(false);
    const auto variants = entry.Find("variants");
    for (std::size_t v = 0; variants && v < variants->Size(); ++v) {
      const auto variant = variants->At(v);
      const auto encoding = variant.Find("encoding");
      const auto offset = variant.Find("offset");
      const auto length = variant.Find("length");
      if (!encoding || !offset || !length) {
        return BadPack();
      }
      const auto from = static_cast<std::size_t>(offset->AsInteger().value_or(-1));
      const auto count = static_cast<std::size_t>(length->AsInteger().value_or(-1));
      if (from > bytes.size() || count > bytes.size() - from) {
        return BadPack();
      }
      file.variants.push_back({bytes.substr(from, count), std::string(encoding->AsString().value_or(""))});
    }
    if (file.variants.empty() || !file.variants.back().encoding.empty()) {
      return BadPack();  // the plain bytes must be there for those who take nothing else
    }
    assets.files_.emplace(text_of("path"), std::move(file));
  }
  return assets;
}

const Assets::File* Assets::PageFor(std::string_view path) const {
  // "/assets/gone.js" must be a plain 404, not a page that a browser would take for a script.
  const auto last = path.substr(path.rfind('/') + 1);
  if (last.contains('.')) {
    return nullptr;
  }
  for (const auto& app : apps_) {
    if (Under(path, app.root)) {
      const auto found = files_.find(app.page);
      return found == files_.end() ? nullptr : &found->second;
    }
  }
  return nullptr;
}

std::optional<Response> Assets::Serve(const Request& request) const {
  const auto found = files_.find(request.path);
  const auto* file = found == files_.end() ? PageFor(request.path) : &found->second;
  return file == nullptr ? std::nullopt : std::optional(Answer(*file, request));
}

Response Assets::Answer(const File& file, const Request& request) {
  Response response;
  auto& headers = response.headers;
  headers.Add("ETag", file.etag);
  headers.Add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  headers.Add("Vary", "Accept-Encoding");
  if (const auto known = request.headers.Find("If-None-Match"); known && Matches(*known, file.etag)) {
    response.status = 304;
    return response;
  }
  headers.Add("Content-Type", file.content_type);
  headers.Add("X-Content-Type-Options", "nosniff");
  if (file.content_type.starts_with("text/html")) {
    PageHeaders(headers);
  } else if (file.content_type.starts_with("text/javascript")) {
    // A script's own policy is that of the worker it may become (push.js): it asks this desk and nobody else.
    headers.Set("Content-Security-Policy",
                "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'");
  }
  const auto accepted = request.headers.Find("Accept-Encoding").value_or("");
  const auto variant = std::find_if(file.variants.begin(), file.variants.end(), [&](const Variant& candidate) {
    return candidate.encoding.empty() || TakesCoding(accepted, candidate.encoding);
  });
  if (!variant->encoding.empty()) {
    headers.Add("Content-Encoding", variant->encoding);
  }
  response.static_body = variant->bytes;
  return response;
}

Route AssetsRoute(std::shared_ptr<const Assets> assets, std::vector<std::string> not_ours,
                  std::function<Response(const Request&)> missing) {
  Route route;
  route.pattern = "/{path...}";
  route.pool = Pool::kInline;
  route.handler = [assets = std::move(assets), not_ours = std::move(not_ours),
                   missing = std::move(missing)](Request& request) {
    const bool ours = std::none_of(not_ours.begin(), not_ours.end(),
                                   [&](const std::string& prefix) { return request.path.starts_with(prefix); });
    if (ours) {
      if (auto response = assets->Serve(request)) {
        return *std::move(response);
      }
      if (assets->Empty() && request.path == "/") {
        return Response::Text(200,
                              "Propolis runs. This program was built without the web interface: run `npm ci && npm run "
                              "build` in web/ and build again. The API is at /api/v1/.\n");
      }
    }
    return missing(request);
  };
  return route;
}

}  // namespace propolis::net
