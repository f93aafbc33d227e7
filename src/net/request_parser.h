// Beast's incremental parser, filling a Request. Holds no buffer of its own.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <string>

#include "net/http.h"

namespace propolis::net {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  using error_code = boost::beast::error_code;

  explicit RequestParser(Request& request) : request_(request) {}

  // The method as it came.
  [[nodiscard]] const std::string& method() const { return method_; }
  [[nodiscard]] int version() const { return version_; }  // 10 or 11

  // Where the body goes and how large it may become; without a call nothing may come.
  void SetBody(std::string* out, std::uint64_t most) {
    out_ = out;
    most_ = most;
  }
  [[nodiscard]] std::uint64_t body_size() const { return size_; }
  // The body is read and thrown away from now on.
  void DiscardBody(std::uint64_t most) {
    out_ = nullptr;
    most_ = most;
    discard_ = true;
  }

 private:
  using string_view = boost::beast::string_view;
  using verb = boost::beast::http::verb;
  using field = boost::beast::http::field;

  void on_request_impl(verb, string_view method, string_view target, int version, error_code&) override {
    method_.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
    version_ = version;
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(field, string_view name, string_view value, error_code&) override {
    if (!head_done_) {  // trailers are dropped (RFC 9110 section 6.5.1)
      request_.headers.Add(std::string_view(name.data(), name.size()), std::string_view(value.data(), value.size()));
    }
  }
  void on_header_impl(error_code&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code& error) override { return Take(body, error); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& error) override {
    return Take(body, error);
  }
  void on_finish_impl(error_code&) override {}

  std::size_t Take(string_view body, error_code& error) {
    size_ += body.size();
    if (size_ > most_ || (out_ == nullptr && !discard_)) {
      error = boost::beast::http::error::body_limit;
      return 0;
    }
    if (out_ != nullptr) {
      out_->append(body.data(), body.size());
    }
    return body.size();
  }

  Request& request_;
  std::string method_;
  int version_ = 11;
  bool head_done_ = false;
  std::string* out_ = nullptr;
  bool discard_ = false;
  std::uint64_t most_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace propolis::net
