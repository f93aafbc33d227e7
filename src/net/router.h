// Finds the route of a path: a trie over path segments. Built once before the server starts, read by all threads after.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace propolis::net {

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  // A pattern that is malformed or taken for that method is a bug and aborts.
  void Add(Route route);

  struct Match {
    const Route* route = nullptr;  // null: see `allow`
    std::string allow;             // methods the path has, "GET, HEAD, OPTIONS"; empty when the path is unknown
    Pairs params;
  };
  // `segments` are decoded. HEAD finds the GET route.
  [[nodiscard]] Match Find(Method method, std::span<const std::string> segments) const;
  // Every route, in the order added.
  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  static const Node* Walk(const Node& node, std::span<const std::string> segments, std::vector<std::string>& values);

  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace propolis::net
