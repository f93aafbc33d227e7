#include "desk.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/json.h"

namespace propolis::bench {

std::string MakeKey(const std::string& program, const std::string& folder) {
  Output({program, "user", "add", "--data", folder, "--email", "bench@desk.example", "--role", "admin",
          "--password-stdin"},
         "a long password for the bench\n");
  const std::string key =
      Output({program, "key", "add", "--data", folder, "--user", "bench@desk.example", "--scope", "*"});
  return key.substr(0, key.find('\n'));
}

std::unique_ptr<Process> Serve(const std::string& program, const std::string& folder, unsigned short port) {
  const std::string mails = folder + "/mails";
  std::filesystem::create_directories(mails);
  return std::make_unique<Process>(std::vector<std::string>{program, "serve", "--data", folder, "--listen",
                                                            fmt::format("127.0.0.1:{}", port), "--mail-dir", mails},
                                   port, true);
}

Operation Create(const Words& words) {
  return [&words](demo::Random& random) {
    const auto customer = random.Below(60);
    return std::vector<Request>{
        {.target = "/api/v1/tickets",
         .body = fmt::format(
             R"({{"subject":{},"body":{},"requester":{{"email":"person1@customer{}.example","name":"P"}}}})",
             json::Quote("The tunnel is down (" + words.Host(random) + ")"),
             json::Quote("The tunnel is down since this morning.\n\n" + words.Details(random)), customer)}};
  };
}

}  // namespace propolis::bench
