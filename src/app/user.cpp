// user add, user list, key add: the way in for the machine's owner.
#include <cstdio>

#include "app/args.h"
#include "app/desk.h"
#include "auth/factor.h"
#include "auth/key.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/people/staff_commands.h"

namespace propolis::app {
namespace {

Result<std::vector<auth::Role>> RolesOf(const Args& args) {
  std::vector<auth::Role> roles;
  for (const std::string& given : args.All("--role")) {
    for (const auto name : text::Split(given, ',')) {
      const auto role = FromName<auth::Role>(name);
      if (!role) {
        std::string all;
        for (const auto& [each, label] : Names<auth::Role>::kTable) {
          all += (all.empty() ? "" : ", ") + std::string(label);
        }
        return Fail(Code::kInvalid, "cli.bad_role", {{"role", std::string(name)}, {"roles", all}});
      }
      roles.push_back(*role);
    }
  }
  return roles;
}

Result<people::Staff> AddUser(const Args& args) {
  people::NewStaff request;
  request.email = args.Get("--email");
  request.name = args.Find("--name").value_or(request.email);
  request.zone = args.Get("--zone");
  request.languages = {Language::kEn, Language::kEs, Language::kPt};
  request.roles = TRY(RolesOf(args));
  if (args.Has("--password-stdin")) {
    request.password = ReadSecret("password");
  }
  const auto hash = TRY(people::PreparePassword(request.password, request.email, request.name));
  auto store = TRY(OpenDesk(args, Missing::kCreate));
  return store->Write([&](store::WriteTx& tx) { return people::AddStaff(tx, auth::SystemActor(), request, hash); });
}

int RunUserAdd(const Args& args) {
  const auto staff = AddUser(args);
  if (!staff) {
    return Report(args, staff.error());
  }
  if (args.json()) {
    std::puts(dto::ToJson(*staff).c_str());
  } else {
    std::printf("added %s\n", staff->email.c_str());
  }
  return kDone;
}

int RunUserList(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto listed = (*store)->Read([&](store::ReadTx& tx) -> Result<int> {
    tx.ForEach("SELECT email, name, roles, active FROM staff ORDER BY email", [&](const store::Row& row) {
      if (args.json()) {
        json::Writer writer;
        writer.BeginObject()
            .Field("email", row.Text(0))
            .Field("name", row.Text(1))
            .Key("roles")
            .Raw(row.Text(2))
            .Field("active", row.Bool(3))
            .EndObject();
        std::puts(writer.Take().c_str());
      } else {
        std::printf("%-32s %-24s %s%s\n", row.String(0).c_str(), row.String(1).c_str(), row.String(2).c_str(),
                    row.Bool(3) ? "" : " (inactive)");
      }
      return true;
    });
    return 0;
  });
  return listed ? kDone : Report(args, listed.error());
}

Result<StaffId> ActiveStaff(store::ReadTx& tx, const std::string& email) {
  const auto staff = tx.One(
      "SELECT id FROM staff WHERE email = $1 AND active = 1", [](const store::Row& row) { return row.Id<StaffId>(0); },
      text::AsciiLower(email));
  if (!staff) {
    return Fail(Code::kNotFound, "cli.no_user", {{"email", email}});
  }
  return *staff;
}

int RunUserResetFactors(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto done = (*store)->Write([&](store::WriteTx& tx) -> Status {
    return auth::ForgetFactors(tx, auth::SystemActor(), TRY(ActiveStaff(tx, args.Get("--email"))));
  });
  if (!done) {
    return Report(args, done.error());
  }
  if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("act", "reset").Field("email", args.Get("--email")).EndObject();
    std::puts(writer.Take().c_str());
  } else {
    std::printf("reset %s\n", args.Get("--email").c_str());
  }
  return kDone;
}

Result<auth::Key> AddKey(const Args& args) {
  auto store = TRY(OpenDesk(args));
  return store->Write([&](store::WriteTx& tx) -> Result<auth::Key> {
    const StaffId staff = TRY(ActiveStaff(tx, args.Get("--user")));
    auth::NewKey request;
    request.name = args.Get("--name");
    request.scopes = args.All("--scope");
    return auth::CreateKey(tx, auth::SystemActor(), staff, request);
  });
}

int RunKeyAdd(const Args& args) {
  const auto key = AddKey(args);
  if (!key) {
    return Report(args, key.error());
  }
  std::puts(args.json() ? dto::ToJson(*key).c_str() : key->secret.value_or("").c_str());
  return kDone;
}

}  // namespace

std::vector<Command> UserCommands() {
  return {{.name = "user add",
           .summary = "Add a person of the desk.",
           .operands = {},
           .options = DeskOptions({{.name = "--email", .value = "E", .doc = "her mail address", .required = true},
                                   {.name = "--name", .value = "NAME", .doc = "her name"},
                                   {.name = "--role",
                                    .value = "ROLE",
                                    .doc = "her role, several separated by commas",
                                    .required = true,
                                    .repeated = true},
                                   {.name = "--zone", .value = "ZONE", .doc = "her time zone", .fallback = "UTC"},
                                   {.name = "--password-stdin", .value = "", .doc = "read her password from stdin"}}),
           .examples = {"propolis user add --data DIR --email ana@desk.example --role admin --password-stdin"},
           .run = RunUserAdd},
          {.name = "user list",
           .summary = "List the people of the desk.",
           .operands = {},
           .options = DeskOptions(),
           .examples = {"propolis user list --data DIR --json"},
           .run = RunUserList},
          {.name = "user reset-factors",
           .summary = "End the second factors and sessions of a person who lost them.",
           .operands = {},
           .options = DeskOptions({{.name = "--email", .value = "E", .doc = "her mail address", .required = true}}),
           .examples = {"propolis user reset-factors --data DIR --email ana@desk.example"},
           .run = RunUserResetFactors},
          {.name = "key add",
           .summary = "Make an API key for a person and print it, once.",
           .operands = {},
           .options =
               DeskOptions({{.name = "--user", .value = "E", .doc = "whose key it is", .required = true},
                            {.name = "--scope",
                             .value = "SCOPE",
                             .doc = "a permission, or '*' for all she has",
                             .required = true,
                             .repeated = true},
                            {.name = "--name", .value = "NAME", .doc = "what it is for", .fallback = "command line"}}),
           .examples = {"propolis key add --data DIR --user ana@desk.example --scope '*'"},
           .run = RunKeyAdd}};
}

}  // namespace propolis::app
