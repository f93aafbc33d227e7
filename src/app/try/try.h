// `propolis try`: every pure rule from a shell. JSON lines in, JSON lines out, one for one.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace propolis::app {

// args: what follows `try` on the command line:
//   --list        names and summaries
//   RULE          reads lines from `in`, writes answers to `out`
//   RULE --help   documents the fields
// A line that fails gives {"line":N,"error":{...}} in its place, and the run goes on; empty lines are passed over.
// 0: all fine. 2: some lines failed, or the command is wrong (then `err` says how it is used).
int RunTry(std::span<const std::string_view> args, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace propolis::app
