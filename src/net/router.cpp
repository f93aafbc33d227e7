#include "net/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "net/url.h"

namespace propolis::net {
namespace {

constexpr std::size_t kMethods = 7;

std::size_t IndexOf(Method method) { return static_cast<std::size_t>(method); }

[[noreturn]] void Refuse(std::string_view pattern, std::string_view why) {
  fmt::print(stderr, "route {}: {}\n", pattern, why);
  std::abort();
}

}  // namespace

// Of one node, at most one child is taken by each kind of step: fixed name, parameter, rest.
struct Router::Node {
  struct Target {
    const Route* route = nullptr;
    std::vector<std::string> names;  // of the parameters on the way
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
  std::unique_ptr<Node> parameter;
  std::unique_ptr<Node> rest;
  std::array<Target, kMethods> targets;

  [[nodiscard]] bool HasTarget() const {
    return std::any_of(targets.begin(), targets.end(), [](const Target& target) { return target.route != nullptr; });
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::Add(Route route) {
  const std::string_view pattern = route.pattern;
  if (!pattern.starts_with('/') || !route.handler) {
    Refuse(pattern, "needs a pattern from / and a handler");
  }
  auto* node = root_.get();
  std::vector<std::string> names;
  const auto steps = text::Split(pattern.substr(1), '/');
  if (steps.size() > kMaxSegments) {
    Refuse(pattern, "too long");
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto step = steps[i];
    auto* next = &node->rest;
    if (!step.starts_with('{')) {
      next = &node->fixed[std::string(step)];
    } else if (!step.ends_with('}')) {
      Refuse(pattern, "unbalanced brace");
    } else if (step.ends_with("...}")) {
      if (i + 1 != steps.size()) {
        Refuse(pattern, "the rest must come last");
      }
      names.emplace_back(step.substr(1, step.size() - 5));
    } else {
      next = &node->parameter;
      names.emplace_back(step.substr(1, step.size() - 2));
    }
    if (!*next) {
      *next = std::make_unique<Node>();
    }
    node = next->get();
  }
  auto& target = node->targets[IndexOf(route.method)];
  if (target.route != nullptr) {
    Refuse(pattern, "taken");
  }
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  target = Node::Target{routes_.back().get(), std::move(names)};
}

// Depth first, fixed names before parameters before the rest. Bounded: a path has at most kMaxSegments steps and the
// trie only as many nodes as the routes have segments.
const Router::Node* Router::Walk(const Node& node, std::span<const std::string> segments,
                                 std::vector<std::string>& values) {
  if (segments.empty()) {
    return node.HasTarget() ? &node : nullptr;
  }
  const auto& segment = segments.front();
  if (const auto found = node.fixed.find(segment); found != node.fixed.end()) {
    if (const auto* end = Walk(*found->second, segments.subspan(1), values)) {
      return end;
    }
  }
  if (node.parameter && !segment.empty()) {
    values.push_back(segment);
    if (const auto* end = Walk(*node.parameter, segments.subspan(1), values)) {
      return end;
    }
    values.pop_back();
  }
  if (node.rest) {
    std::string joined = segment;
    for (const auto& more : segments.subspan(1)) {
      joined.append("/").append(more);
    }
    values.push_back(std::move(joined));
    return node.rest.get();
  }
  return nullptr;
}

Router::Match Router::Find(Method method, std::span<const std::string> segments) const {
  Match match;
  std::vector<std::string> values;
  const auto* node = Walk(*root_, segments, values);
  if (node == nullptr) {
    return match;
  }
  const auto& own = node->targets[IndexOf(method)];
  const auto& target = own.route == nullptr && method == Method::kHead ? node->targets[IndexOf(Method::kGet)] : own;
  if (target.route != nullptr) {
    match.route = target.route;
    for (std::size_t i = 0; i < values.size(); ++i) {
      match.params.Add(target.names[i], std::move(values[i]));
    }
    return match;
  }
  for (const auto& [candidate, name] : Names<Method>::kTable) {
    const bool head = candidate == Method::kHead && node->targets[IndexOf(Method::kGet)].route != nullptr;
    if (node->targets[IndexOf(candidate)].route != nullptr || head) {
      match.allow.append(name).append(", ");
    }
  }
  match.allow.append("OPTIONS");
  return match;
}

}  // namespace propolis::net
