#include "net/tls.h"

#include <openssl/ssl.h>

#include <string_view>

namespace propolis::net {
namespace {

namespace ssl = boost::asio::ssl;

std::unexpected<Error> Bad(std::string why) { return Fail(Code::kInvalid, "net.tls_files", {{"why", std::move(why)}}); }

// RFC 7301: we speak http/1.1 and nothing else; a client that offers only others gets no_application_protocol.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                   void*) {
  static constexpr std::string_view kOurs = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int result = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(kOurs.data()),
                                           static_cast<unsigned>(kOurs.size()), in, in_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<std::shared_ptr<ssl::context>> LoadTls(const std::filesystem::path& certificate,
                                              const std::filesystem::path& private_key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                  SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set1_groups_list(native, "X25519:P-256:P-384");
  SSL_CTX_set_alpn_select_cb(native, ChooseProtocol, nullptr);
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>("propolis"), 8);
  boost::system::error_code error;
  context->use_certificate_chain_file(certificate.string(), error);
  if (error) {
    return Bad("certificate: " + error.message());
  }
  context->use_private_key_file(private_key.string(), ssl::context::pem, error);
  if (error) {
    return Bad("private key: " + error.message());
  }
  if (SSL_CTX_check_private_key(native) != 1) {
    return Bad("the private key does not fit the certificate");
  }
  return context;
}

}  // namespace propolis::net
