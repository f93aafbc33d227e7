// The running server's side of live patching.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/args.h"

namespace propolis::app {

// Runs the agent while it lives, when DATA/livepatch/keys says whose patches are taken; without that file nothing is
// started. Must be made before any other thread is: the patches of the last run are applied again first.
class LivepatchService {
 public:
  static Result<std::unique_ptr<LivepatchService>> Start(const std::string& data);
  ~LivepatchService();
  LivepatchService(const LivepatchService&) = delete;
  LivepatchService& operator=(const LivepatchService&) = delete;

  // How to make sleeping loops pass a safe point; empty: no more.
  void OnWake(std::function<void()> wake);

 private:
  explicit LivepatchService(std::string folder);
  struct Callbacks;
  std::string folder_;
  bool started_ = false;
  std::mutex mutex_;
  std::function<void()> wake_;
};

}  // namespace propolis::app
