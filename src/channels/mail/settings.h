// What the mail channel knows of its own desk.
#pragma once

#include <string>
#include <vector>

namespace propolis::mail {

struct Desk {
  std::string name = "Support";      // display name of what we send
  std::string address;               // "support@desk.example": the sender of what we send
  std::vector<std::string> aliases;  // other addresses whose mail comes here
  std::string domain;                // of our Message-IDs and reply addresses: "desk.example"
  std::string base_url;              // of the portal and the console, without a slash at the end
  std::string key;                   // secret of signed reply addresses, Message-IDs and survey links

  // Whether mail to it would come back here.
  [[nodiscard]] bool IsOwn(const std::string& email) const;
};

}  // namespace propolis::mail
