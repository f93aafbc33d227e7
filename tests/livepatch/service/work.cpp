#include "work.h"

#include <coroutine>
#include <exception>
#include <stdexcept>

#include "version.h"

namespace work {
namespace {

class Failure : public std::runtime_error {
 public:
  explicit Failure(int version) : std::runtime_error("failure " + std::to_string(version)), version_(version) {}
  [[nodiscard]] int version() const { return version_; }

 private:
  int version_;
};

long counter = 0;
thread_local long own_counter = 0;

[[gnu::noinline]] void Fail(int version) { throw Failure(version); }

template <class T>
[[gnu::noinline]] T Twice(T value) {
  return value * 2 + kVersion;
}

}  // namespace

int first_value = 7;

int Make() { return kVersion; }

int Check() { return kVersion; }

int Throw() {
  try {
    Fail(kVersion);
  } catch (const Failure& failure) {
    return failure.version() == kVersion && std::string(failure.what()) == "failure " + std::to_string(kVersion)
               ? failure.version()
               : -1;
  }
  return -2;
}

long NextId() {
  static long next = std::stol("1000");
  return __atomic_add_fetch(&next, 1, __ATOMIC_RELAXED) * 10 + kVersion;
}

long Counted() { return __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED) * 10 + kVersion; }

long CountedByThread() { return ++own_counter * 10 + kVersion; }

int Doubled() { return Twice(20) - 40; }

const char* Text(int which) {
  switch (which) {
    case 0:
      return "zero";
    case 1:
      return "one";
    case 2:
      return "two";
    case 3:
      return "three";
    case 4:
      return std::stoi("4") == 4 ? "four" : "five";
    default:
      return "many";
  }
}

Shape::~Shape() = default;
int Shape::Version() const { return kVersion; }
std::unique_ptr<Shape> MakeShape() { return std::make_unique<Shape>(); }

int Limit(const Settings& settings) { return settings.limit + settings.burst + first_value; }

namespace {

struct Task {
  struct promise_type {
    int value = 0;
    Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int given) {
      value = given;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

Task Count() {
  for (int i = 0;; ++i) {
    co_yield i * 10 + Step();
  }
}

}  // namespace

struct Sequence::State {
  Task task = Count();
};

Sequence::Sequence() : state_(std::make_unique<State>()) {}
Sequence::~Sequence() { state_->task.handle.destroy(); }

int Sequence::Next() {
  state_->task.handle.resume();
  return state_->task.handle.promise().value;
}

}  // namespace work
