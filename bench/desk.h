// The desk under measurement, as clients meet it.
#pragma once

#include <memory>
#include <string>

#include "load.h"
#include "server.h"
#include "words.h"

namespace propolis::bench {

// Adds an administrator to the desk in `folder` and answers her API key.
std::string MakeKey(const std::string& program, const std::string& folder);

// Mails go into a folder: each costs the store what a sent one costs.
std::unique_ptr<Process> Serve(const std::string& program, const std::string& folder, unsigned short port);

// A customer of People asks for help. `words` outlives it.
Operation Create(const Words& words);

}  // namespace propolis::bench
