// Repeats the rows of whole tickets: what the desk wrote for one, written again for another that came later.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "store/store.h"
#include "words.h"

namespace propolis::bench {

// What becomes of a column's value in the copy.
enum class Change {
  kKeep,
  kSkip,         // the store gives it
  kTicket,       // the ticket's number
  kNumber,       // the same, as people write it
  kTime,         // later by the shift
  kId,           // a new one of that time
  kTicketId,     // the ticket's new id
  kWithTicketId  // JSON that holds the ticket's id
  ,
  kSubject,  // other words after the last " ("
  kBody      // other words after the last empty line
};

struct Column {
  std::string name;
  Change change = Change::kKeep;
  enum class Type { kInteger, kText, kBlob } type = Type::kText;
};

using Value = std::variant<std::monostate, std::int64_t, std::string>;

struct RepeatedRow {
  std::int64_t ticket = 0;
  std::int64_t at = 0;  // for ids
  std::vector<Value> values;
};

// One table's rows of the patterns, in the order in which they are written again.
struct RepeatedTable {
  std::string name;
  std::vector<Column> columns;
  std::vector<RepeatedRow> rows;
  std::string insert;  // parameters for all columns that are not skipped
};

// All tables that hold something of a ticket, with the rows of tickets `first` to `last`.
std::vector<RepeatedTable> ReadTickets(store::ReadTx& tx, std::int64_t first, std::int64_t last);

// How the copies differ from their patterns.
struct Shift {
  std::int64_t number = 0;  // added to each ticket's number
  Micros time{};            // added to each time
};

class Repeater {
 public:
  explicit Repeater(std::uint64_t seed) : random_(seed) {}
  // Binds the row's values for its copy; they live until the next call.
  const std::vector<store::Param>& Bind(const RepeatedTable& table, const RepeatedRow& row, const Shift& shift);
  // Forgets which ids the copies of the last shift got.
  void NextBlock() { ids_.clear(); }
  [[nodiscard]] demo::Random& random() { return random_; }

 private:
  std::string TicketId(std::int64_t pattern, std::int64_t at);
  demo::Random random_;
  Words words_;
  std::map<std::int64_t, Uuid> ids_;  // of the copies, by the pattern's number
  std::vector<std::string> texts_;
  std::vector<store::Param> params_;
};

}  // namespace propolis::bench
