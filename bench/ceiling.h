// What SQLite itself can do on this machine and this store: the same rows, the same indexes, the same durability (WAL,
// synchronous=FULL), without a desk around them. docs/performance.md says what each ceiling is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "load.h"
#include "repeat.h"

namespace propolis::bench {

class Ceiling {
 public:
  // `folder` is a filled store of its own; commits change it.
  explicit Ceiling(const std::string& folder);
  ~Ceiling();

  enum class Write { kCreate, kReply };
  // `clients` threads, each waiting until its own rows are durable; one thread commits for all who wait.
  Measured Commit(Write what, int clients, std::chrono::milliseconds duration);
  // One thread, one durable transaction after the other.
  Measured CommitAlone(Write what, std::chrono::milliseconds duration);

  // Statements that read what an answer holds, on as many connections as there are clients. `statements` are given the
  // same parameter: the next of `values`.
  struct Reading {
    std::vector<std::string> statements;
    std::vector<std::string> texts;     // parameters as text, or
    std::vector<std::int64_t> numbers;  // as numbers
  };
  Measured Read(const Reading& reading, int clients, std::chrono::milliseconds duration);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace propolis::bench
