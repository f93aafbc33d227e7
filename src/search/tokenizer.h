// The FTS5 tokenizer "propolis" and the ranking function "propolis_rank", registered on every SQLite connection of the
// program before main() begins, so that any command that opens a desk can read its index.
#pragma once

namespace propolis::search {

// Makes sure that this part is linked in; does nothing else.
void LinkTokenizer();

}  // namespace propolis::search
