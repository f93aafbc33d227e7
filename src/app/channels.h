// What runs beside the web server: mail in and out, followers of events, timers.
#pragma once

#include <memory>

#include "api/resource.h"
#include "app/args.h"
#include "channels/mail/intake.h"

namespace propolis::app {

// How mail becomes tickets here: attachments are kept as evidence.
mail::IntakeOptions IntakeOptionsFor(const mail::Desk& desk);

class Channels {
 public:
  static Result<std::unique_ptr<Channels>> Start(const Args& args, api::Desk& desk);
  ~Channels();
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;
  void Stop();

 private:
  struct Parts;
  explicit Channels(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace propolis::app
