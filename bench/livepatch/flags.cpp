// What room for live patches costs where functions are small and many: the same work, compiled with and without it.
// Prints milliseconds of processor time for one round.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

class Term {
 public:
  virtual ~Term() = default;
  [[nodiscard]] virtual long Value(long x) const = 0;
};

class Number : public Term {
 public:
  explicit Number(long value) : value_(value) {}
  [[nodiscard]] long Value(long x) const override { return value_ ^ x; }

 private:
  long value_;
};

class Sum : public Term {
 public:
  Sum(std::unique_ptr<Term> left, std::unique_ptr<Term> right) : left_(std::move(left)), right_(std::move(right)) {}
  [[nodiscard]] long Value(long x) const override { return left_->Value(x) + right_->Value(x + 1); }

 private:
  std::unique_ptr<Term> left_;
  std::unique_ptr<Term> right_;
};

std::unique_ptr<Term> MakeTerm(int depth) {
  if (depth == 0) {
    return std::make_unique<Number>(7);
  }
  return std::make_unique<Sum>(MakeTerm(depth - 1), MakeTerm(depth - 1));
}

[[gnu::noinline]] long Fibonacci(long n) { return n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2); }

std::size_t CountWords(const std::string& text) {
  std::map<std::string, int> counts;
  std::string word;
  for (const char c : text) {
    if (c == ' ') {
      ++counts[word];
      word.clear();
    } else {
      word += c;
    }
  }
  return counts.size();
}

std::size_t Sort(const std::vector<std::string>& words) {
  auto copy = words;
  std::ranges::sort(
      copy, std::function<bool(const std::string&, const std::string&)>([](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
      }));
  return copy.front().size();
}

}  // namespace

int main() {
  std::mt19937 random(7);
  std::vector<std::string> words(20000);
  std::string text;
  for (std::string& word : words) {
    word = std::to_string(random() % 5000);
    text += word + " ";
  }
  const auto term = MakeTerm(14);
  const std::clock_t begin = std::clock();
  std::size_t sum = 0;
  for (int i = 0; i < 10; ++i) {
    sum += static_cast<std::size_t>(term->Value(i)) + static_cast<std::size_t>(Fibonacci(27)) + CountWords(text) +
           Sort(words);
  }
  std::printf("%.3f\n", static_cast<double>(std::clock() - begin) * 1000 / CLOCKS_PER_SEC + (sum == 42 ? 1 : 0));
}
