// The work of a small service that the tests mend while it serves. Every function that must agree with the others tells
// the version that it was compiled with.
#pragma once

#include <memory>
#include <string>

namespace work {

int Make();                   // the first half of an answer
int Check();                  // the second
int Throw();                  // by an exception of a type that only this file knows
long NextId();                // from a variable within the function: never twice the same
long Counted();               // from a variable of this file that only its functions see
long CountedByThread();       // from a variable of each thread
int Doubled();                // by a template
const char* Text(int which);  // by a table of constants
int Step();                   // what a suspended sequence calls; in a file of its own

class Shape {
 public:
  virtual ~Shape();
  virtual int Version() const;
  int width = 3;
};
std::unique_ptr<Shape> MakeShape();

struct Settings {
  int limit = 10;
  int burst = 20;
};
int Limit(const Settings& settings);
extern int first_value;  // of what Limit adds

// A step of a sequence; suspended between steps.
class Sequence {
 public:
  Sequence();
  ~Sequence();
  int Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace work
