pkg_check_modules(FIDO2 REQUIRED IMPORTED_TARGET libfido2)
pkg_check_modules(CBOR REQUIRED IMPORTED_TARGET libcbor)
target_link_libraries(propolis_auth PRIVATE OpenSSL::Crypto PkgConfig::FIDO2 PkgConfig::CBOR)
