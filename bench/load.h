// Clients that ask as fast as they are answered, over connections that stay open.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/demo/random.h"

namespace propolis::bench {

struct Request {
  std::string target;
  std::string body = {};  // a POST when there is one
};

// One operation: its requests are sent one after the other on one connection, and timed together.
using Operation = std::function<std::vector<Request>(demo::Random&)>;

struct Measured {
  double per_s = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  std::int64_t done = 0;           // operations, those of the warm-up too
  double cpu_ms = 0;               // processor time of the one who answers, for each
  std::int64_t failed = 0;         // answers that were not 2xx
  std::string first_failure = {};  // one of them
};

// From the latencies (in seconds) of what was done within `elapsed`.
Measured Summarise(std::vector<double> latencies, double elapsed);

struct Target {
  unsigned short port = 0;
  std::string key;  // an API key; may be empty
};

// `clients` connections for `duration` after a warm-up of a tenth of it. One thread.
Measured Drive(const Target& target, int clients, std::chrono::milliseconds duration, const Operation& operation);

// One answer's body; empty when it was not 2xx. `encoding` is sent as Accept-Encoding.
std::string Fetch(const Target& target, const std::string& path, const std::string& encoding = "");

}  // namespace propolis::bench
