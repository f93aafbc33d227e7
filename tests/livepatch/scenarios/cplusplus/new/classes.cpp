#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "scenario.h"

namespace {

class Named {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  virtual ~Named() = default;
  [[nodiscard]] virtual std::string Say() const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
};

class Loud : public Named {
 public:
  using Named::Named;
  [[nodiscard]] std::string Say() const override;
};

int calls = 0;

[[gnu::noinline]] std::string Word() { return "new"; }

std::string Named::Say() const { return Word() + ", " + name_ + "."; }
std::string Loud::Say() const { return Word() + "! " + name(); }

template <class T>
class Queue {
 public:
  [[gnu::noinline]] void Push(T value) { items_.push_back(value + kStep); }
  [[gnu::noinline]] T Pop() {
    T value = items_.front();
    items_.pop_front();
    return value;
  }

 private:
  static constexpr T kStep = 2;
  std::deque<T> items_;
};

Queue<int> numbers;

const std::unique_ptr<Named> kept = std::make_unique<Loud>("kept");
const std::function<std::string(int)> chosen = [](int x) { return Word() + std::to_string(x + ++calls); };

}  // namespace

void Ask(const char* line, char* answer, size_t size) {
  const std::string what = line;
  std::string said;
  if (what == "class") {
    said = Named("ana").Say();
  } else if (what == "virtual") {
    said = kept->Say();
  } else if (what == "function") {
    said = chosen(10);
  } else if (what == "push") {
    numbers.Push(40);
  } else if (what == "pop") {
    said = std::to_string(numbers.Pop());
  }
  snprintf(answer, size, "%s: %s", line, said.c_str());
}
