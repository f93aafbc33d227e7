// The process and its supervisor: systemd's socket activation and readiness protocol, and signals. No library needed.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace propolis::net {

// Sockets handed over by the supervisor (sd_listen_fds(3)): LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES. Marks them
// close-on-exec and removes the variables. Call once, before other threads start.
struct HandedSocket {
  int fd;
  std::string name;  // "http", "lmtp"; empty when not named
};
std::vector<HandedSocket> TakeHandedSockets();

// Tells the supervisor (sd_notify(3)): "READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=...". False when there is
// none.
bool NotifySupervisor(std::string_view state);
// "RELOADING=1" with the time stamp that Type=notify-reload wants; follow it by "READY=1".
bool NotifyReloading();

// Signals as values: blocked for the whole process, taken one by one. Construct before other threads start.
class Signals {
 public:
  explicit Signals(std::initializer_list<int> signals);
  // Blocks until one of them comes.
  int Wait();

 private:
  std::vector<int> signals_;
};

}  // namespace propolis::net
