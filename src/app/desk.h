// What commands share: opening a desk's folder, progress on a terminal.
#pragma once

#include <memory>
#include <string>

#include "app/args.h"
#include "store/store.h"

namespace propolis::app {

// "--data DIR", the same for every command that opens a desk.
std::vector<Option> DeskOptions(std::vector<Option> more = {});

enum class Missing { kRefuse, kCreate };
// The desk that the options name. Error: kNotFound "cli.no_desk" when there is none and it may not be made.
Result<std::unique_ptr<store::Store>> OpenDesk(const Args& args, Missing missing = Missing::kRefuse);

// The same for the server: nobody else may serve this folder meanwhile; a folder without a desk gets one.
Result<std::unique_ptr<store::Store>> OpenForServing(const Args& args, std::shared_ptr<const Clock> clock);

// A desk that nobody serves, for what must not be done beside a server. Errors: kNotFound "cli.no_desk", kConflict
// "store.folder_in_use".
Result<std::unique_ptr<store::Store>> OpenAlone(const Args& args);

// A bar on stderr when that is a terminal and --json was not given; silent otherwise.
store::Progress ProgressBar(const Args& args, std::string what);

// One line from stdin without its newline, for secrets. Nothing is echoed on a terminal.
std::string ReadSecret(const std::string& prompt);

}  // namespace propolis::app
