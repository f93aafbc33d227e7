// The file that holds the keys of a desk's secrets: outside of the database and of its backups, mode 0600.
#pragma once

#include <optional>
#include <string>

#include "auth/secrets.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth::secrets {

inline constexpr std::string_view kKeyFile = "secrets.key";                // in the desk's folder
inline constexpr std::string_view kCredential = "propolis.secrets-key";    // of systemd's LoadCredential=
inline constexpr std::string_view kCredentials = "CREDENTIALS_DIRECTORY";  // where systemd put it

// Where the file is: as `given`; else systemd's credential, when there is one; else in the desk's folder.
std::string KeyPath(const std::string& given, const std::string& folder);

// nullopt: there is no such file. Errors: kUnavailable when it cannot be read; kInternal "secrets.bad_key" when it
// holds no keys, "secrets.key_open" when everybody on the machine may read it.
Result<std::optional<Keyring>> ReadKeys(const std::string& path);
// A new file with one key. Answers what is there when somebody else was first.
Result<Keyring> MakeKeys(const std::string& path);

// Seals every secret again with a fresh key. The file holds the old one until nothing is left that needs it: a rotation
// that was cut short, at any point, loses nothing, and the next one goes on with it. Nobody else may serve the desk
// meanwhile. `progress` may cancel (kTimeout). The process's keyring is the new one afterwards.
Status Rotate(store::Store& store, const std::string& path, const store::Progress& progress);

}  // namespace propolis::auth::secrets
