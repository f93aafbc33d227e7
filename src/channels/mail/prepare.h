// What must be put right before a MIME parser sees the bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "channels/mail/parse.h"

namespace propolis::mail {

// Cuts to the limits; drops a byte order mark, blank lines and an mbox "From " line before the header; turns lone CR
// into LF when there is no LF at all; ends the header before the first line that is none; drops NUL from the header.
std::string PrepareMail(std::string_view raw, const ParseLimits& limits, std::vector<Defect>& defects);

}  // namespace propolis::mail
