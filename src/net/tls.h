// The TLS side of the server: TLS 1.2 and 1.3, forward secrecy only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "base/result.h"

namespace propolis::net {

// Fails with kInvalid "net.tls_files" (why) when a file cannot be read or the key does not fit the certificate.
Result<std::shared_ptr<boost::asio::ssl::context>> LoadTls(const std::filesystem::path& certificate,
                                                           const std::filesystem::path& private_key);

}  // namespace propolis::net
