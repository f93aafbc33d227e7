#include "store/sqlite/engine.h"
#include "store/store.h"

namespace propolis::store {

Result<std::unique_ptr<Store>> Open(const OpenOptions& options) {
  if (options.location.empty() || options.location.find("://") != std::string::npos) {
    return Fail(Code::kUnsupported, "store.engine_unknown",
                {{"location", options.location.substr(0, options.location.find("://"))}});
  }
  return sqlite::OpenFolder(options);
}

}  // namespace propolis::store
