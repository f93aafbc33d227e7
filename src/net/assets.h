// The web interface, embedded in the program: one pack made by web/scripts/pack.mjs (format there), served from memory.
//
// Negotiates br, gzip or identity; ETag and 304; `immutable` for files with a hash in their name, no-cache for pages;
// unknown paths under an application's root get its page, so that its own router can take over.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace propolis::net {

// An application: paths at or under `root` that name no file are answered with `page`. The longest root wins.
struct AppRoot {
  std::string root;  // "/", "/portal"
  std::string page;  // "/index.html", "/portal/index.html"
};

// The applications of web/: console, customers' portal, surveys, sign-in and first set-up.
std::vector<AppRoot> WebApps();

class Assets {
 public:
  // `pack` must live as long as the object. Fails with kInvalid "assets.bad_pack".
  static Result<Assets> Open(std::string_view pack, std::vector<AppRoot> apps);
  // The pack in this program; empty when it was built without web/dist.
  static std::string_view Embedded();

  // The answer to a GET (or HEAD) of any path; 404 by std::nullopt.
  [[nodiscard]] std::optional<Response> Serve(const Request& request) const;
  [[nodiscard]] bool Empty() const { return files_.empty(); }

 private:
  struct Variant {
    std::string_view bytes;
    std::string encoding;  // "br", "gzip" or "" for identity
  };
  struct File {
    std::string content_type;
    std::string etag;
    bool immutable = false;
    std::vector<Variant> variants;  // best first
  };
  [[nodiscard]] const File* PageFor(std::string_view path) const;
  static Response Answer(const File& file, const Request& request);

  std::map<std::string, File, std::less<>> files_;
  std::vector<AppRoot> apps_;
};

// The route that serves everything no other route takes: inline, GET "/{path...}". Unknown files and `not_ours`
// prefixes ("/api/") are answered by `missing`.
Route AssetsRoute(std::shared_ptr<const Assets> assets, std::vector<std::string> not_ours,
                  std::function<Response(const Request&)> missing);

}  // namespace propolis::net
