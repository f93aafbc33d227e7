#include "domain/people/technology_commands.h"

#include "auth/record.h"
#include "domain/people/technology_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

Result<TechnologyLevel> LevelBelow(const std::optional<Technology>& parent,
                                   const std::optional<TechnologyLevel>& wanted) {
  if (!parent) {
    if (wanted.value_or(TechnologyLevel::kDomain) != TechnologyLevel::kDomain) {
      return FailField("parent_id", "field.required");
    }
    return TechnologyLevel::kDomain;
  }
  if (parent->level == TechnologyLevel::kProduct) {
    return FailField("parent_id", "technology.product_is_leaf");
  }
  const auto next = parent->level == TechnologyLevel::kDomain ? TechnologyLevel::kVendor : TechnologyLevel::kProduct;
  const auto level = wanted.value_or(next);
  if (level <= parent->level) {
    return FailField("level", "technology.level_not_below");
  }
  return level;
}

std::string PathOf(std::string_view parent_path, std::string_view name) {
  return parent_path.empty() ? std::string(name)
                             : std::string(parent_path) + std::string(kPathSeparator) + std::string(name);
}

std::string_view ParentPath(std::string_view path) {
  const auto cut = path.rfind(kPathSeparator);
  return cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
}

Status CheckName(store::ReadTx& tx, std::string_view name, std::string_view path, std::optional<TechnologyId> self) {
  if (name.find('/') != std::string_view::npos) {
    return FailField("name", "technology.no_slash");
  }
  const auto taken =
      tx.One(sql::kTechnologyAtPath, [](const store::Row& row) { return row.Id<TechnologyId>(0); }, path);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  return {};
}

// The tree is three levels deep, which bounds the recursion.
void MoveChildren(store::WriteTx& tx, TechnologyId parent, const std::string& path) {
  struct Child {
    TechnologyId id;
    std::string name;
  };
  const auto children = tx.All(
      sql::kChildren, [](const store::Row& row) { return Child{row.Id<TechnologyId>(0), row.String(1)}; }, parent);
  for (const auto& child : children) {
    const std::string below = PathOf(path, child.name);
    tx.Exec(sql::kMoveTechnology, child.id, below);
    MoveChildren(tx, child.id, below);
  }
}

}  // namespace

Result<Technology> AddTechnology(store::WriteTx& tx, const auth::Actor& actor, const NewTechnology& request) {
  TRY(auth::Require(actor, Permission::kTechnologyWrite));
  std::optional<Technology> parent;
  if (request.parent_id) {
    parent = tx.One(sql::kTechnology, sql::ToTechnology, *request.parent_id);
    if (!parent) {
      return FailField("parent_id", "field.not_found");
    }
  }
  Technology made;
  made.level = TRY(LevelBelow(parent, request.level));
  made.path = PathOf(parent ? parent->path : "", request.name);
  TRY(CheckName(tx, request.name, made.path, std::nullopt));
  made.id = TechnologyId::New(tx.Now());
  made.parent_id = request.parent_id;
  made.name = request.name;
  made.keywords = request.keywords;
  made.version = 1;
  stored::KeepFirsts(made.keywords);
  tx.Exec(sql::kInsertTechnology, made.id, made.parent_id, made.level, made.name, made.path,
          stored::ToJson(made.keywords));
  auth::Record(tx, actor, "technology.create", made.path);
  tx.Emit({.kind = "technology.changed", .organisation = std::nullopt});
  return made;
}

Result<Technology> ChangeTechnology(store::WriteTx& tx, const auth::Actor& actor, TechnologyId id,
                                    const TechnologyChange& change, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kTechnologyWrite));
  auto found = tx.One(sql::kTechnology, sql::ToTechnology, id);
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  found->version = TRY(stored::NextVersion(found->version, if_version));
  if (change.name && *change.name != found->name) {
    const std::string path = PathOf(ParentPath(found->path), *change.name);
    TRY(CheckName(tx, *change.name, path, id));
    found->name = *change.name;
    found->path = path;
    MoveChildren(tx, id, path);
  }
  if (change.keywords) {
    found->keywords = *change.keywords;
    stored::KeepFirsts(found->keywords);
  }
  tx.Exec(sql::kUpdateTechnology, id, found->version, found->name, found->path, stored::ToJson(found->keywords));
  auth::Record(tx, actor, "technology.update", found->path);
  tx.Emit({.kind = "technology.changed", .organisation = std::nullopt});
  return *std::move(found);
}

}  // namespace propolis::people
