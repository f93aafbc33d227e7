// Text that is cheap to make and spreads like real text: few words often, many words seldom, and now and then an
// address, a hash, a host that occurs once.
#pragma once

#include <string>
#include <vector>

#include "app/demo/random.h"

namespace propolis::bench {

class Words {
 public:
  Words();
  // One word; the nth most frequent comes about 1/n as often as the first.
  const std::string& Word(demo::Random& random) const;
  // A few sentences of what a person adds to a report: about 40 words.
  std::string Details(demo::Random& random) const;
  // "kelo-417", for subjects.
  std::string Host(demo::Random& random) const;

 private:
  std::vector<std::string> all_;
};

}  // namespace propolis::bench
