#include "app/livepatch_service.h"

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "base/crypto.h"
#include "base/i18n.h"
#include "base/log.h"
#include "livepatch/engine/elf.h"
#include "livepatch/engine/patch.h"
#include "livepatch/runtime/runtime.h"

namespace propolis::app {
namespace {

std::string Explain(const Error& error) {
  std::string text = i18n::Translate(Language::kEn, error.message, error.args);
  for (const FieldError& field : error.fields) {
    text += " " + field.field + ": " + i18n::Translate(Language::kEn, field.message, field.args);
  }
  return text;
}

// The keys are read anew for each patch: one that was withdrawn counts no more.
Status Trust(const std::string& folder, std::string_view patch) {
  const auto text = TRY(livepatch::ReadFileWhole(folder + "/keys"));
  const auto trusted = TRY(livepatch::TrustedKeys::Parse(*text));
  TRY(livepatch::Verify(patch, trusted, SystemClock().Now()));
  return {};
}

}  // namespace

struct LivepatchService::Callbacks {
  static void Verify(void* context, const void* patch, size_t size, livepatch_verdict* verdict) {
    const auto& service = *static_cast<LivepatchService*>(context);
    const std::string_view bytes(static_cast<const char*>(patch), size);
    const auto status = Trust(service.folder_, bytes);
    verdict->sound = status.has_value();
    std::snprintf(verdict->digest, sizeof verdict->digest, "%s", crypto::Hex(crypto::Sha256(bytes)).c_str());
    if (!status) {
      std::snprintf(verdict->why, sizeof verdict->why, "%s", Explain(status.error()).c_str());
    }
  }

  static void Wake(void* context) {
    auto& service = *static_cast<LivepatchService*>(context);
    const std::lock_guard lock(service.mutex_);
    if (service.wake_) {
      service.wake_();
    }
  }

  static void Log(void*, const char* event, const char* detail) { log::Info(event, {{"detail", detail}}); }
};

LivepatchService::LivepatchService(std::string folder) : folder_(std::move(folder)) {}

Result<std::unique_ptr<LivepatchService>> LivepatchService::Start(const std::string& data) {
  std::unique_ptr<LivepatchService> service(new LivepatchService(data + "/livepatch"));
  if (!std::filesystem::exists(service->folder_ + "/keys")) {
    return service;
  }
  livepatch_options options = {};
  options.folder = service->folder_.c_str();
  options.verify = &Callbacks::Verify;
  options.wake = &Callbacks::Wake;
  options.log = &Callbacks::Log;
  options.context = service.get();
  char why[512];
  service->started_ = livepatch_start(&options, why, sizeof why);
  if (!service->started_) {
    return Fail(Code::kInternal, "livepatch.not_started", {{"why", why}});
  }
  return service;
}

LivepatchService::~LivepatchService() {
  if (started_) {
    livepatch_stop();
  }
}

void LivepatchService::OnWake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

}  // namespace propolis::app
