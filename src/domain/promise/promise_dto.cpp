#include "domain/promise/promise.h"

namespace propolis::promise {

const dto::Type& Promise::Dto() {
  static const dto::Type type = dto::Object<Promise>("Promise", "A time promised to the customer.")
                                    .Required("id", &Promise::id, "Its id.")
                                    .Required("kind", &Promise::kind, "Of the resolution or of the next update.")
                                    .Required("at", &Promise::at, "When.")
                                    .Optional("until", &Promise::until, "The end, when it is a window.")
                                    .Required("by", &Promise::by, "Who promised.")
                                    .Required("made_at", &Promise::made_at, "When it was made.")
                                    .Required("outcome", &Promise::outcome, "What became of it.")
                                    .Required("moved", &Promise::moved, "How often it was moved.")
                                    .Optional("reason", &Promise::reason, "Why.")
                                    .Done();
  return type;
}

const dto::Type& Make::Dto() {
  static const dto::Type type = dto::Object<Make>("MakePromise", "Promise a time.")
                                    .Required("kind", &Make::kind, "Of what.")
                                    .Required("at", &Make::at, "When.")
                                    .Optional("until", &Make::until, "The end, when it is a window.")
                                    .Optional("reason", &Make::reason, "Why.", dto::Text(1, 1000, "multiline"))
                                    .Done();
  return type;
}

const dto::Type& Change::Dto() {
  static const dto::Type type = dto::Object<Change>("ChangePromise", "Move a promise, or settle it by hand.")
                                    .Optional("at", &Change::at, "The new time.")
                                    .Optional("until", &Change::until, "The new end, when it is a window.")
                                    .Required("reason", &Change::reason, "Why.", dto::Text(1, 1000, "multiline"))
                                    .Optional("outcome", &Change::outcome, "kept or broken: settles it.")
                                    .Done();
  return type;
}

}  // namespace propolis::promise
