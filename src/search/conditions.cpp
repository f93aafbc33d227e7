#include "search/conditions.h"

#include "base/text.h"

namespace propolis::search {
namespace {

constexpr std::string_view kNothing = "1 = 0";

std::string OneOf(std::string_view column, const std::vector<std::string>& placeholders) {
  std::string list;
  for (const std::string& placeholder : placeholders) {
    list += (list.empty() ? "" : ", ") + placeholder;
  }
  return placeholders.empty() ? std::string(kNothing) : std::string(column) + " IN (" + list + ")";
}

std::string OneOfTexts(Conditions& c, std::string_view column, const std::vector<std::string>& values) {
  std::vector<std::string> bound;
  for (const std::string& value : values) {
    bound.push_back(c.Bind(value));
  }
  return OneOf(column, bound);
}

std::string OneOfNumbers(Conditions& c, std::string_view column, const std::vector<std::int64_t>& values) {
  std::vector<std::string> bound;
  for (const std::int64_t value : values) {
    bound.push_back(c.Bind(value));
  }
  return OneOf(column, bound);
}

std::string OneOfNames(store::ReadTx& tx, Conditions& c, std::string_view column, std::string_view sql,
                       const std::vector<std::string>& values, std::string_view field, std::vector<Error>& problems) {
  std::vector<std::string> bound;
  for (const std::string& value : values) {
    const auto ids = IdsNamed(tx, sql, value);
    for (const std::string& id : ids) {
      bound.push_back(c.BindBytes(id));
    }
    if (ids.empty()) {
      problems.push_back({Code::kInvalid, "search.no_such", {{"field", std::string(field)}, {"value", value}}, {}});
    }
  }
  return OneOf(column, bound);
}

std::string Assigned(store::ReadTx& tx, Conditions& c, const Filter& filter, const Scope& scope,
                     std::vector<Error>& problems) {
  std::string sql;
  std::vector<std::string> names;
  for (const std::string& value : filter.values) {
    if (value == "me") {
      sql += (sql.empty() ? "" : " OR ") + ("t.assignee = " + c.BindBytes(scope.me.AsBytes()));
    } else if (value == "none") {
      sql += std::string(sql.empty() ? "" : " OR ") + "t.assignee IS NULL";
    } else {
      names.push_back(value);
    }
  }
  if (!names.empty()) {
    sql += (sql.empty() ? "" : " OR ") +
           OneOfNames(tx, c, "t.assignee", "SELECT id, name FROM staff", names, "assignee", problems);
  }
  return "(" + sql + ")";
}

// A whole address, or everything of a domain.
std::string From(Conditions& c, const std::vector<std::string>& values) {
  std::string sql;
  for (const std::string& value : values) {
    const std::string address = c.Bind(value);
    const std::string domain = c.Bind(value.starts_with('@') ? value : "@" + value);
    sql += (sql.empty() ? "" : " OR ") +
           fmt::format("t.requester_email = {0} OR substr(t.requester_email, -length({1})) = {1}", address, domain);
  }
  return "(" + sql + ")";
}

// A list, not EXISTS: where few tickets have it they are looked up, instead of asking a million.
std::string Has(std::string_view what) { return fmt::format("t.number IN (SELECT x.ticket FROM {} x)", what); }

std::string Is(const std::vector<std::string>& values) {
  std::string sql;
  for (const std::string& value : values) {
    sql += sql.empty() ? "" : " OR ";
    sql += value == "open"       ? "t.is_open = 1"
           : value == "closed"   ? "t.is_open = 0"
           : value == "breached" ? "EXISTS (SELECT 1 FROM clock k WHERE k.ticket = t.number AND k.state = 'breached')"
                                 : "t.assignee IS NULL";
  }
  return "(" + sql + ")";
}

// ticket::MaySee, for a customer.
std::string SeenBy(Conditions& c, const Customer& customer) {
  std::string sql = "t.organisation = " + c.BindBytes(customer.organisation.uuid.AsBytes()) + " AND t.state <> 'spam'";
  if (!customer.sees_all) {
    sql += " AND (t.contact = " + c.BindBytes(customer.contact.AsBytes()) +
           " OR t.requester_email = " + c.Bind(customer.email) +
           " OR EXISTS (SELECT 1 FROM ticket_detail k WHERE k.ticket = t.number AND k.cc LIKE " +
           c.Bind(customer.in_copy) + " ESCAPE '!'))";
  }
  return sql;
}

// What tells of the inside of the desk: who works on it, in which state it keeps it, whether it was late.
bool IsForCustomers(Field field) {
  return field != Field::kAssignee && field != Field::kOrganisation && field != Field::kState && field != Field::kHas &&
         field != Field::kIs;
}

std::string ConditionOf(store::ReadTx& tx, Conditions& c, const Filter& filter, const Scope& scope,
                        std::vector<Error>& problems) {
  std::string has;
  switch (filter.field) {
    case Field::kState:
      return OneOfTexts(c, "t.state", filter.values);
    case Field::kPriority:
      return OneOfNumbers(c, "t.priority", filter.numbers);
    case Field::kOrganisation:
      return OneOfNames(tx, c, "t.organisation", "SELECT id, name FROM organisation", filter.values, "organisation",
                        problems);
    case Field::kAssignee:
      return Assigned(tx, c, filter, scope, problems);
    case Field::kTechnology:
      return OneOfNames(tx, c, "t.technology", kTechnologyNames, filter.values, "technology", problems);
    case Field::kKind:
      return OneOfTexts(c, "t.kind", filter.values);
    case Field::kChannel:
      return OneOfTexts(c, "t.channel", filter.values);
    case Field::kLanguage:
      return OneOfTexts(c, "t.language", filter.values);
    case Field::kNumber:
      return OneOfNumbers(c, "t.number", filter.numbers);
    case Field::kFrom:
      return From(c, filter.values);
    case Field::kBefore:
      return "d.at < " + c.Bind(std::ranges::min(filter.numbers));
    case Field::kAfter:
      return "d.at >= " + c.Bind(std::ranges::max(filter.numbers));
    case Field::kHas:
      for (const std::string& what : filter.values) {
        has += (has.empty() ? "" : " OR ") + Has(what);
      }
      return "(" + has + ")";
    case Field::kIs:
      return Is(filter.values);
  }
  return std::string(kNothing);
}

}  // namespace

std::string Conditions::Bind(std::int64_t value) {
  params_.emplace_back(value);
  return "$" + std::to_string(params_.size());
}

std::string Conditions::Bind(std::string value) {
  texts_.push_back(std::move(value));
  params_.emplace_back(std::string_view(texts_.back()));
  return "$" + std::to_string(params_.size());
}

std::string Conditions::BindBytes(std::string_view bytes) {
  texts_.emplace_back(bytes);
  params_.emplace_back(store::Blob{texts_.back()});
  return "$" + std::to_string(params_.size());
}

std::vector<std::string> IdsNamed(store::ReadTx& tx, std::string_view sql, std::string_view value) {
  std::vector<std::string> ids;
  tx.ForEach(sql, [&](const store::Row& row) {
    if (text::Fold(row.Text(1)).find(value) != std::string::npos) {
      ids.emplace_back(row.Bytes(0));
    }
    return true;
  });
  return ids;
}

void AddScope(Conditions& c, const Scope& scope, const std::set<std::string>& types) {
  std::vector<std::string> allowed;
  for (const std::string type : {"ticket", "entry", "article"}) {
    const bool may = type == "article" ? scope.articles : scope.tickets;
    if (may && (types.empty() || types.contains(type))) {
      allowed.push_back(type);
    }
  }
  c.Add(OneOfTexts(c, "d.type", allowed));
  if (scope.customer) {
    c.Add("d.for_customers = 1");
    c.Add("(d.type = 'article' OR (" + SeenBy(c, *scope.customer) + "))");
  }
}

void AddFilters(store::ReadTx& tx, Conditions& c, const Query& query, const Scope& scope,
                std::vector<Error>& problems) {
  for (const Filter& filter : query.filters) {
    if (scope.customer && !IsForCustomers(filter.field)) {
      problems.push_back({Code::kInvalid, "search.not_for_you", {}, {}});
      continue;
    }
    const std::string condition = ConditionOf(tx, c, filter, scope, problems);
    c.Add(filter.negated ? "NOT coalesce(" + condition + ", 0)" : condition);
  }
}

}  // namespace propolis::search
