// The running desk: everything that `serve` starts, in the order in which it is stopped again.
#pragma once

#include <memory>

#include "app/args.h"

namespace propolis::app {

class Desk {
 public:
  static Result<std::unique_ptr<Desk>> Start(const Args& args);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Lets requests in hand finish, then stops everything. Called by the destructor if not before.
  void Stop();
  void ReloadCertificate();
  // Lets threads that wait for sockets pass a point where live patches are switched.
  void Wake();
  // "http://127.0.0.1:8080", one for each listener.
  [[nodiscard]] std::vector<std::string> Addresses() const;

  struct Parts;

 private:
  explicit Desk(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace propolis::app
