// What a person newly wrote, parted from what her mail program quoted and signed: for showing, never for keeping (the
// full text stays). Pure rules over kinds of lines, for the mail programs and languages our customers use.
#pragma once

#include <string>
#include <string_view>

namespace propolis::mail {

struct Trimmed {
  std::string visible;  // never empty when the text is not
  std::string quoted;   // the rest, in order; empty when nothing was cut
};

Trimmed TrimReply(std::string_view text);

}  // namespace propolis::mail
