// How the API is made: an operation is declared once (method, path, permission, what it takes, what it answers)
// together with its handler. The router, the permission check, parsing, problem documents and the OpenAPI document all
// follow from it.
//
//   api.Add({.method = net::Method::kPost, .path = "/tickets", .id = "openTicket", .tag = "tickets",
//            .summary = "Register a request", .access = auth::Permission::kTicketCreate, .status = 201},
//           [](Call& call, const ticket::OpenTicket& body) -> Result<TicketView> { ... });
//
// A handler takes Call&, and one described struct: read from the query for GET and DELETE, from the JSON body
// otherwise. It answers Result of a described struct, of a std::vector (sent as {"items": [...]}), of NoContent, or of
// net::Response.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/metrics.h"
#include "base/result.h"
#include "net/http.h"
#include "net/router.h"
#include "store/store.h"

namespace propolis::blob {
class Store;
}
namespace propolis::live {
class Hub;
}

namespace propolis::api {

// What handlers work with; lives as long as the server.
struct Desk {
  store::Store& store;
  blob::Store& blobs;
  live::Hub& live;
  const Clock& clock;
  std::string data_folder;
  std::string public_url;    // "https://desk.example", without a slash at the end
  std::string desk_name;     // for people
  std::string mail_address;  // where customers write to
  metrics::Registry* metrics = nullptr;
};

enum class Open {
  kAnyone,    // no sign-in
  kSignedIn,  // whoever is signed in; the command checks the rest
};
using Access = std::variant<Open, auth::Permission>;

struct NoContent {};

// An answer that was stored under this Idempotency-Key: not a failure, though it travels as one.
inline constexpr std::string_view kReplay = "idempotency.replay";

// One request on its way through a handler.
class Call {
 public:
  Call(Desk& desk, net::Request& request) : desk(desk), request(request) {}

  Desk& desk;
  net::Request& request;
  auth::Actor actor;
  Language language = Language::kEn;
  std::string session_token;  // empty unless signed in by cookie
  std::string csrf;
  Time verified_at;  // when who sits there last showed that it is she (auth/step_up.h)

  // A parameter of the path; the pattern guarantees that it is there.
  [[nodiscard]] std::string_view Path(std::string_view name) const;
  // A path parameter as an id. Error: kNotFound.
  template <class IdType>
  Result<IdType> PathId(std::string_view name) const {
    const auto id = IdType::Parse(Path(name));
    if (!id) {
      return Fail(Code::kNotFound, "error.not_found");
    }
    return *id;
  }
  // If-Match as a version; nullopt when absent or "*". Error: kInvalid when it is no version.
  Result<std::optional<std::int64_t>> IfMatch() const;
  [[nodiscard]] Time Now() const { return desk.clock.Now(); }

  template <class Fn>
  auto Read(Fn&& fn) {
    return desk.store.Read(std::forward<Fn>(fn));
  }
  // One write transaction. With an Idempotency-Key the answer is stored in the same transaction, and the second request
  // of that key gets it instead of doing the act again.
  template <class Fn>
  auto Write(Fn&& fn) -> std::invoke_result_t<Fn, store::WriteTx&> {
    using Answer = typename std::invoke_result_t<Fn, store::WriteTx&>::value_type;
    return desk.store.Write([&](store::WriteTx& tx) -> Result<Answer> {
      if constexpr (dto::Described<Answer>) {
        TRY(FindReplay(tx));
        auto answer = TRY(fn(tx));
        if (IsKept()) {
          KeepAnswer(tx, dto::ToJson(answer));
        }
        return answer;
      } else {
        return fn(tx);
      }
    });
  }

  // An act and the answer that shows what came of it. The answer is read after the commit, so that the one writer need
  // not wait for it; only with an Idempotency-Key is it made inside, to be kept with the act.
  template <class Act, class View>
  auto Write(Act&& act, View&& view)
      -> std::invoke_result_t<View, store::ReadTx&,
                              const typename std::invoke_result_t<Act, store::WriteTx&>::value_type&> {
    using Made = typename std::invoke_result_t<Act, store::WriteTx&>::value_type;
    using Answer = std::invoke_result_t<View, store::ReadTx&, const Made&>;
    if (IsKept()) {
      return Write([&](store::WriteTx& tx) -> Answer { return view(tx, TRY(act(tx))); });
    }
    const Made made = TRY(desk.store.Write(act));
    return desk.store.Read([&](store::ReadTx& tx) -> Answer { return view(tx, made); });
  }

  // Set by FindReplay.
  std::optional<std::string> replay;

 private:
  [[nodiscard]] bool IsKept() const;
  Status FindReplay(store::ReadTx& tx);
  void KeepAnswer(store::WriteTx& tx, std::string_view json) const;
};

// What an operation says of itself. Unless it says that it is for customers it is the desk's alone, whatever
// permissions a customer holds: what it answers may be more than a customer is to see.
struct Operation {
  net::Method method = net::Method::kGet;
  std::string path;  // below /api/v1
  std::string id;    // operationId, camelCase
  std::string tag;
  std::string summary;
  Access access = Open::kSignedIn;
  int status = 200;
  std::string doc = {};               // more than the summary
  bool versioned = false;             // takes If-Match
  bool step_up = false;               // in a session of the desk: only lately verified (auth/step_up.h)
  bool multipart = false;             // takes multipart/form-data instead of JSON
  bool customers = false;             // customers may use it; those of Permission::kPortalUse are theirs anyway
  bool replayable = true;             // a POST that creates: an Idempotency-Key gives its first answer again
  std::string media_type = {};        // answers this instead of JSON
  net::Pool pool = net::Pool::kRead;  // kRead for GET, kWrite for the others unless set to kSlow or kInline
  std::uint64_t max_body = 1U << 20;
  std::string example = {};  // of the body, JSON

  // Filled in by Api::Add.
  const dto::Type* body = nullptr;
  const dto::Type* query = nullptr;
  const dto::Type* answer = nullptr;
  bool answers_list = false;
};

namespace detail {

template <class T>
struct Signature;
template <class R, class C>
struct Signature<R (C::*)(Call&) const> {
  using Answer = typename R::value_type;
  using Input = void;
};
template <class R, class C, class In>
struct Signature<R (C::*)(Call&, const In&) const> {
  using Answer = typename R::value_type;
  using Input = In;
};

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {
  using Item = T;
};

net::Response JsonAnswer(int status, std::string json, std::optional<std::int64_t> version);

template <class Answer>
net::Response Render(const Operation& operation, const Answer& answer) {
  if constexpr (std::is_same_v<Answer, NoContent>) {
    return net::Response::Empty(204);
  } else if constexpr (IsVector<Answer>::value) {
    json::Writer writer;
    writer.BeginObject().Key("items");
    dto::Codec<Answer>::Write(writer, answer);
    writer.EndObject();
    return JsonAnswer(operation.status, writer.Take(), std::nullopt);
  } else {
    std::optional<std::int64_t> version;
    if constexpr (requires { answer.version; }) {
      if constexpr (std::is_integral_v<decltype(answer.version)>) {
        version = answer.version;
      }
    }
    return JsonAnswer(operation.status, dto::ToJson(answer), version);
  }
}

// The query of a request as a described struct.
Status ReadQuery(const net::Request& request, const dto::Type& type, void* into);
// Refuses bodies that are not JSON.
Status CheckJson(const net::Request& request);

}  // namespace detail

class Api {
 public:
  // Without a desk it only says what it would do: nothing may be called.
  explicit Api(Desk* desk) : desk_(desk) {}

  template <class Fn>
  void Add(Operation operation, Fn handler) {
    using Sig = detail::Signature<decltype(&Fn::operator())>;
    using Answer = typename Sig::Answer;
    using Input = typename Sig::Input;
    if constexpr (!std::is_void_v<Input>) {
      (InQuery(operation.method) ? operation.query : operation.body) = &Input::Dto();
    }
    if constexpr (detail::IsVector<Answer>::value) {
      operation.answer = &detail::IsVector<Answer>::Item::Dto();
      operation.answers_list = true;
    } else if constexpr (dto::Described<Answer>) {
      operation.answer = &Answer::Dto();
    } else if constexpr (std::is_same_v<Answer, NoContent>) {
      operation.status = 204;
    }
    Register(std::move(operation), [handler](Call& call, const Operation& op) -> Result<net::Response> {
      if constexpr (std::is_void_v<Input>) {
        return Finish(op, TRY(handler(call)));
      } else {
        Input input{};
        if (InQuery(op.method)) {
          TRY(detail::ReadQuery(call.request, Input::Dto(), &input));
        } else {
          TRY(detail::CheckJson(call.request));
          input = TRY(dto::Parse<Input>(call.request.body));
        }
        return Finish(op, TRY(handler(call, input)));
      }
    });
  }

  [[nodiscard]] const std::vector<std::unique_ptr<Operation>>& operations() const { return operations_; }
  // Everything added, as routes of the server. Call once.
  void AddTo(net::Router& router);
  [[nodiscard]] Desk& desk() const { return *desk_; }

 private:
  using Run = std::function<Result<net::Response>(Call&, const Operation&)>;

  static bool InQuery(net::Method method) { return method == net::Method::kGet || method == net::Method::kDelete; }
  template <class Answer>
  static net::Response Finish(const Operation& operation, Answer&& answer) {
    if constexpr (std::is_same_v<std::remove_cvref_t<Answer>, net::Response>) {
      return std::forward<Answer>(answer);
    } else {
      return detail::Render(operation, answer);
    }
  }
  void Register(Operation operation, Run run);
  net::Response Handle(const Operation& operation, const Run& run, net::Request& request) const;

  Desk* desk_;
  std::vector<std::unique_ptr<Operation>> operations_;
  std::vector<Run> runs_;
};

// An Error as an RFC 9457 problem document, in the reader's language.
net::Response Problem(const Error& error, Language language, std::string_view request_id);
// An Error as one line for people.
std::string PlainText(const Error& error, Language language);
// The status of a code: the one table.
int HttpStatus(Code code);
// What the server itself refuses, as a problem document.
net::Response ProtocolProblem(const net::ProtocolError& error, const net::Request& request);

// The OpenAPI 3.1 document of all operations.
std::string OpenApi(const Api& api);
// The document of this program.
std::string OpenApiOfProgram();

// Each resource's operations; src/api/resources.cpp lists them all.
void AddResources(Api& api);

}  // namespace propolis::api
