// Digests as values of the store: tokens, keys and codes are kept only so.
#pragma once

#include "base/crypto.h"
#include "store/store.h"

namespace propolis::auth {

// Borrowed: lives as long as the digest.
inline store::Blob Bytes(const crypto::Digest& digest) {
  return {{reinterpret_cast<const char*>(digest.data()), digest.size()}};
}

}  // namespace propolis::auth
