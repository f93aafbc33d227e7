// /session, /setup and the portal's sign-in: getting a session, seeing it, ending it.
#include "auth/session.h"

#include "api/resource.h"
#include "api/resources.h"
#include "api/session_cookie.h"
#include "auth/link.h"
#include "auth/own_sessions.h"
#include "auth/password.h"
#include "auth/record.h"
#include "channels/mail/queue.h"
#include "domain/people/contact_queries.h"
#include "domain/people/me.h"
#include "domain/people/staff_commands.h"

namespace propolis::api {
namespace {

using net::Method;
using people::Me;

constexpr std::string_view kAnyZone = "UTC";

struct SignIn {
  std::string email;
  std::string password;
  std::optional<std::string> code;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SignIn>("SignIn", "Address and password of a person of the desk.")
            .Required("email", &SignIn::email, "", dto::Text(1, 254))
            .Required("password", &SignIn::password, "", dto::Text(1, 200, "password"))
            .Optional("code", &SignIn::code,
                      "Of an authenticator app, or a backup code; for those who have a second factor.",
                      dto::Text(1, 40))
            .Done();
    return type;
  }
};

struct Setup {
  std::string token;
  std::string name;
  std::string email;
  std::string password;
  std::optional<std::string> zone;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Setup>("Setup", "The first administrator.")
            .Required("token", &Setup::token, "From the one-time link.", dto::Text(1, 100))
            .Required("name", &Setup::name, "", dto::Text(1, 120))
            .Required("email", &Setup::email, "", dto::Text(3, 254, "email"))
            .Required("password", &Setup::password, "12 characters at least.", dto::Text(1, 200, "password"))
            .Optional("zone", &Setup::zone, "IANA time zone; UTC when left out.", dto::Text(1, 64, "zone"))
            .Done();
    return type;
  }
};

struct PortalToken {
  std::string token;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<PortalToken>("PortalToken", "The token of a mailed link.")
                                      .Required("token", &PortalToken::token, "", dto::Text(1, 100))
                                      .Done();
    return type;
  }
};

struct PortalSignIn {
  std::string email;
  std::optional<Language> language;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<PortalSignIn>("PortalSignIn", "Where to send a sign-in link.")
            .Required("email", &PortalSignIn::email, "", dto::Text(3, 254, "email"))
            .Optional("language", &PortalSignIn::language, "Of the mail; the contact's when left out.")
            .Done();
    return type;
  }
};

mail::Desk MailDesk(const Desk& desk) {
  const auto at = desk.mail_address.rfind('@');
  mail::Desk mail;
  mail.name = desk.desk_name;
  mail.address = desk.mail_address;
  mail.domain = at == std::string::npos ? "localhost" : desk.mail_address.substr(at + 1);
  mail.base_url = desk.public_url;
  return mail;
}

// Queues the mail with the link, when the address is one of a contact that may use the portal and was not sent too many
// already. Whether it was is not told.
Status SendLink(store::WriteTx& tx, const Desk& desk, const PortalSignIn& request) {
  const std::string email = text::ToLower(request.email);
  const std::string tries = "portal:" + email;
  const auto contact = people::PortalContact(tx, email);
  const auto actor = contact ? auth::ContactActor(tx, *contact) : std::nullopt;
  const bool in_time = auth::MayTry(tx, auth::kPerMailbox, tries, tx.Now()).has_value();
  auth::CountTry(tx, tries);
  if (!actor || !in_time) {
    return {};
  }
  const std::string token = auth::CreateLink(tx, auth::LinkPurpose::kPortal, actor->person, auth::kPortalLinkValid);
  auth::Record(tx, *actor, "portal.link", email);
  return mail::QueueSignInLink(tx, MailDesk(desk), {.name = actor->name, .email = email},
                               request.language.value_or(actor->language), desk.public_url + "/portal#t=" + token);
}

void AddSignIn(Api& api) {
  api.Add(
      {.method = Method::kPost,
       .path = "/session",
       .id = "signIn",
       .tag = "session",
       .summary = "Sign in with a password",
       .access = Open::kAnyone,
       .doc =
           "Sets the cookie `propolis_session`. Too many wrong tries answer 429. Who has a second factor and gives no "
           "`code`, or a wrong one, gets 422 with an error on the field `code`.",
       .pool = net::Pool::kSlow,
       .answer = &Me::Dto()},
      [](Call& call, const SignIn& body) -> Result<net::Response> {
        const auto session = TRY(auth::SignIn(call.desk.store,
                                              {.email = body.email,
                                               .password = body.password,
                                               .address = call.request.peer,
                                               .old_token = OldToken(call),
                                               .code = body.code},
                                              call.Now()));
        return Started(call, session);
      });
  api.Add({.method = Method::kPost,
           .path = "/setup",
           .id = "setUp",
           .tag = "session",
           .summary = "Create the first administrator by the one-time link",
           .access = Open::kAnyone,
           .pool = net::Pool::kSlow,
           .answer = &Me::Dto()},
          [](Call& call, const Setup& body) -> Result<net::Response> {
            // Hashing costs on purpose: only for those who have the link.
            const bool invited = TRY(call.Read([&](store::ReadTx& tx) -> Result<bool> {
              return auth::IsLink(tx, auth::LinkPurpose::kSetup, body.token, call.Now());
            }));
            if (!invited) {
              return FailField("token", "link.not_valid");
            }
            const auto hash = TRY(people::PreparePassword(body.password, body.email, body.name));
            const people::NewStaff admin{.name = body.name,
                                         .email = body.email,
                                         .language = call.language,
                                         .languages = {call.language},
                                         .zone = body.zone.value_or(std::string(kAnyZone)),
                                         .roles = {auth::Role::kAdmin},
                                         .team_ids = {},
                                         .calendar_id = std::nullopt,
                                         .password = std::nullopt};
            const auto session = TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Result<auth::NewSession> {
              if (!auth::UseLink(tx, auth::LinkPurpose::kSetup, body.token)) {
                return FailField("token", "link.not_valid");
              }
              const auto made = TRY(people::AddStaff(tx, auth::SystemActor(), admin, hash));
              return auth::StartSession(tx, *auth::StaffActor(tx, made.id), OldToken(call));
            }));
            return Started(call, session);
          });
}

void AddSession(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/session",
           .id = "getSession",
           .tag = "session",
           .summary = "Who is signed in, and what she may do"},
          [](Call& call) -> Result<Me> { return DescribeMe(call, call.actor, call.csrf); });
  api.Add({.method = Method::kPatch,
           .path = "/session",
           .id = "changeSession",
           .tag = "session",
           .summary = "Set one's own language, zone and preferences"},
          [](Call& call, const people::ProfileChange& body) -> Result<Me> {
            // No scope of a key speaks of its owner's own settings.
            if (call.session_token.empty()) {
              return Fail(Code::kForbidden, "factor.session_only");
            }
            TRY(call.desk.store.Write([&](store::WriteTx& tx) { return people::ChangeProfile(tx, call.actor, body); }));
            auth::Actor actor = call.actor;
            actor.language = body.language.value_or(actor.language);
            if (actor.Is(auth::ActorKind::kStaff)) {
              actor.zone = body.zone.value_or(actor.zone);
            }
            return DescribeMe(call, actor, call.csrf);
          });
  api.Add({.method = Method::kDelete,
           .path = "/session",
           .id = "signOut",
           .tag = "session",
           .summary = "Sign out",
           .status = 204},
          [](Call& call) -> Result<net::Response> {
            if (!call.session_token.empty()) {
              TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Status {
                auth::EndSession(tx, call.session_token);
                auth::Record(tx, call.actor, "session.end", call.actor.email);
                return {};
              }));
            }
            net::Response response = net::Response::Empty(204);
            response.With("Set-Cookie", net::SetCookie(SessionCookie(call.request), "",
                                                       {.secure = call.request.secure, .max_age = Seconds{0}}));
            return response;
          });
}

void AddPortalSession(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/portal/sign-in",
           .id = "sendPortalLink",
           .tag = "portal",
           .summary = "Have a sign-in link mailed",
           .access = Open::kAnyone,
           .status = 202,
           .doc = "Answers 202 whether or not the address is known. The link works once, within 15 minutes."},
          [](Call& call, const PortalSignIn& body) -> Result<net::Response> {
            const std::string tries = "portal-address:" + call.request.peer;
            TRY(call.Read([&](store::ReadTx& tx) { return auth::MayTry(tx, auth::kPerAddress, tries, call.Now()); }));
            TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Status {
              auth::CountTry(tx, tries);
              return SendLink(tx, call.desk, body);
            }));
            return net::Response::Empty(202);
          });
  api.Add({.method = Method::kPost,
           .path = "/portal/session",
           .id = "startPortalSession",
           .tag = "portal",
           .summary = "Sign in to the portal with the token of a mailed link",
           .access = Open::kAnyone,
           .answer = &Me::Dto()},
          [](Call& call, const PortalToken& body) -> Result<net::Response> {
            const auto session = TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Result<auth::NewSession> {
              const auto link = auth::UseLink(tx, auth::LinkPurpose::kPortal, body.token);
              const auto actor = link && link->person ? auth::ContactActor(tx, ContactId{*link->person}) : std::nullopt;
              if (!actor) {
                return FailField("token", "link.not_valid");
              }
              return auth::StartSession(tx, *actor, OldToken(call));
            }));
            return Started(call, session);
          });
}

}  // namespace

Result<people::Me> DescribeMe(Call& call, const auth::Actor& actor, const std::string& csrf) {
  return call.Read([&](store::ReadTx& tx) -> Result<people::Me> { return people::Describe(tx, actor, csrf); });
}

// The answer that sets the cookie.
Result<net::Response> Started(Call& call, const auth::NewSession& session) {
  const people::Me me = TRY(DescribeMe(call, session.actor, session.csrf));
  TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Status {
    auth::NoteClient(tx, session.token, call.request.peer, call.request.headers.Find("User-Agent").value_or(""));
    return {};
  }));
  net::Response response = detail::JsonAnswer(200, dto::ToJson(me), std::nullopt);
  response.With("Set-Cookie", net::SetCookie(SessionCookie(call.request), session.token,
                                             {.secure = call.request.secure, .max_age = auth::kSessionLongest}));
  return response;
}

std::string_view SessionCookie(const net::Request& request) {
  return request.secure ? "__Host-propolis_session" : "propolis_session";
}

std::string OldToken(const Call& call) {
  return std::string(call.request.Cookie(SessionCookie(call.request)).value_or(""));
}

void AddSessions(Api& api) {
  AddSignIn(api);
  AddSession(api);
  AddPortalSession(api);
}

}  // namespace propolis::api
