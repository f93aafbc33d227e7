#include "app/serve.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "api/admission.h"
#include "api/live.h"
#include "api/resource.h"
#include "api/system_routes.h"
#include "app/channels.h"
#include "app/desk.h"
#include "app/livepatch_service.h"
#include "app/mail_settings.h"
#include "base/log.h"
#include "blob/blob_store.h"
#include "live/hub.h"
#include "livepatch/runtime/scope.h"
#include "net/assets.h"
#include "net/process.h"
#include "net/server.h"

namespace propolis::app {

struct Desk::Parts {
  std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
  metrics::Registry metrics;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<blob::Store> blobs;
  std::unique_ptr<live::Hub> live;
  std::unique_ptr<Channels> channels;
  std::unique_ptr<api::Desk> desk;
  std::unique_ptr<api::Api> api;
  std::unique_ptr<net::Server> server;
  std::vector<std::string> addresses;
};

namespace {

constexpr std::chrono::milliseconds kGrace{10'000};
constexpr rlim_t kFilesBeside = 512;  // of the store, what is served and sent, mail

// A connection is an open file, of which a login allows 1024 where the kernel would give many more: asks for those.
// Answers how many connections leave enough files for all else; with none left, the store could not work.
std::size_t ConnectionsThatFit(std::size_t wanted) {
  const rlim_t enough = wanted + kFilesBeside;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < enough) {
    const rlimit more{.rlim_cur = std::min(enough, files.rlim_max), .rlim_max = files.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &more) == 0) {
      files = more;
    }
  }
  const rlim_t kept = std::min(kFilesBeside, files.rlim_cur / 2);
  return std::min<std::size_t>(wanted, files.rlim_cur - kept);
}

net::ServerOptions ServerOptionsFrom(const Args& args, metrics::Registry& metrics) {
  net::ServerOptions options;
  const bool tls = args.Has("--tls-cert");
  for (const auto& handed : net::TakeHandedSockets()) {
    if (handed.name != "lmtp") {
      options.listen.push_back({"fd:" + std::to_string(handed.fd), tls});
    }
  }
  if (options.listen.empty()) {
    for (auto& where : args.All("--listen")) {
      options.listen.push_back({std::move(where), tls});
    }
  }
  options.certificate = args.Get("--tls-cert");
  options.private_key = args.Get("--tls-key");
  options.spool = args.Get("--data") + "/spool";
  options.trusted_proxies = args.All("--trusted-proxy");
  options.read_threads = std::max(4U, std::thread::hardware_concurrency());
  // The writer commits for all who wait at once: the more wait, the fewer commits.
  options.write_threads = 64;
  options.queue = 1024;
  options.max_connections = ConnectionsThatFit(options.max_connections);
  options.errors = api::ProtocolProblem;
  options.metrics = &metrics;
  return options;
}

std::string Setting(store::Store& store, std::string_view name, const std::string& fallback) {
  const auto value = store.Read([&](store::ReadTx& tx) -> Result<std::string> {
    return tx
        .One(
            "SELECT value FROM setting WHERE name = $1", [](const store::Row& row) { return row.String(0); }, name)
        .value_or(fallback);
  });
  return value.value_or(fallback);
}

Status StartServer(Desk::Parts& parts, const Args& args);

}  // namespace

Desk::Desk(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Desk::~Desk() { Stop(); }

Result<std::unique_ptr<Desk>> Desk::Start(const Args& args) {
  auto parts = std::make_unique<Parts>();
  const std::string folder = args.Get("--data");
  parts->store = TRY(OpenForServing(args, parts->clock));
  parts->blobs = TRY(blob::Store::OpenFolder(folder + "/blobs"));
  parts->live = std::make_unique<live::Hub>(*parts->store,
                                            live::HubOptions{.event_frame = &api::LiveFrame, .clock = parts->clock});
  parts->desk = std::make_unique<api::Desk>(api::Desk{
      .store = *parts->store,
      .blobs = *parts->blobs,
      .live = *parts->live,
      .clock = *parts->clock,
      .data_folder = folder,
      .public_url = args.Find("--url").value_or(Setting(*parts->store, "desk.url", "")),
      .desk_name = args.Get("--name"),
      .mail_address = args.Get("--mail-address"),
      .metrics = &parts->metrics,
  });
  parts->channels = TRY(Channels::Start(args, *parts->desk));
  TRY(StartServer(*parts, args));
  return std::unique_ptr<Desk>(new Desk(std::move(parts)));
}

namespace {

Status StartServer(Desk::Parts& parts, const Args& args) {
  net::Router router;
  parts.api = std::make_unique<api::Api>(parts.desk.get());
  api::AddResources(*parts.api);
  parts.api->AddTo(router);
  api::AddSystemRoutes(router, *parts.desk);
  auto assets = std::make_shared<const net::Assets>(
      TRY(net::Assets::Open(net::Assets::Embedded(), {{"/", "/index.html"},
                                                      {"/portal", "/portal.html"},
                                                      {"/survey", "/survey.html"},
                                                      {"/page", "/page.html"},
                                                      {"/docs", "/docs.html"},
                                                      {"/sign-in", "/sign-in.html"},
                                                      {"/setup", "/sign-in.html"}})));
  router.Add(net::AssetsRoute(assets, {"/api/", "/health/"}, api::UnknownPath));
  auto options = ServerOptionsFrom(args, parts.metrics);
  options.admit = [&desk = *parts.desk](net::Request& request) { return api::RefuseUnread(desk, request); };
  parts.server = TRY(net::Server::Start(std::move(options), std::move(router)));
  const char* scheme = args.Has("--tls-cert") ? "https" : "http";
  const auto listened = args.All("--listen");
  const auto ports = parts.server->Ports();
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string& where = listened[std::min(i, listened.size() - 1)];
    parts.addresses.push_back(std::string(scheme) + "://" + where.substr(0, where.rfind(':')) + ":" +
                              std::to_string(ports[i]));
  }
  return {};
}

}  // namespace

void Desk::Stop() {
  if (!parts_) {
    return;
  }
  parts_->server->Stop(kGrace);
  parts_->channels->Stop();
  parts_.reset();
}

void Desk::ReloadCertificate() {
  if (const auto status = parts_->server->ReloadCertificate(); !status) {
    log::Error("certificate.reload", status.error());
  }
}

void Desk::Wake() { parts_->server->Wake(); }

std::vector<std::string> Desk::Addresses() const { return parts_->addresses; }

namespace {

// The next signal. Nothing of the desk runs on this thread meanwhile.
int WaitIdly(net::Signals& signals) {
  const livepatch::IdleScope idle;
  return signals.Wait();
}

int RunServe(const Args& args) {
  net::Signals signals({SIGTERM, SIGINT, SIGHUP});
  const auto patches = LivepatchService::Start(args.Get("--data"));
  if (!patches) {
    return Report(args, patches.error());
  }
  const livepatch::ThreadScope thread("main");
  auto desk = Desk::Start(args);
  if (!desk) {
    return Report(args, desk.error());
  }
  std::string line = "propolis serves";
  for (const auto& address : (*desk)->Addresses()) {
    line += " " + address;
  }
  std::puts(line.c_str());
  std::fflush(stdout);
  net::NotifySupervisor("READY=1");
  (*patches)->OnWake([&desk] { (*desk)->Wake(); });
  while (WaitIdly(signals) == SIGHUP) {
    net::NotifyReloading();
    (*desk)->ReloadCertificate();
    net::NotifySupervisor("READY=1");
  }
  net::NotifySupervisor("STOPPING=1");
  (*patches)->OnWake({});
  (*desk)->Stop();
  return kDone;
}

}  // namespace

Command ServeCommand() {
  return {
      .name = "serve",
      .summary = "Run the desk: API, console, portal, mail.",
      .operands = {},
      .options = WithMailOptions(
          DeskOptions({{.name = "--listen",
                        .value = "HOST:PORT",
                        .doc = "where to serve HTTP",
                        .repeated = true,
                        .fallback = "127.0.0.1:8080"},
                       {.name = "--url", .value = "URL", .doc = "how people reach the desk (in mails and links)"},
                       {.name = "--name", .value = "NAME", .doc = "the desk's name for people", .fallback = "Support"},
                       {.name = "--tls-cert", .value = "FILE", .doc = "certificate chain (PEM); SIGHUP reads it again"},
                       {.name = "--tls-key", .value = "FILE", .doc = "private key (PEM)"},
                       {.name = "--trusted-proxy",
                        .value = "NET",
                        .doc = "believe X-Forwarded-For from this network",
                        .repeated = true},
                       {.name = "--mail-address",
                        .value = "A",
                        .doc = "the desk's own mail address",
                        .fallback = "support@localhost"},
                       {.name = "--lmtp", .value = "HOST:PORT", .doc = "where to take mail from the mail server"},
                       {.name = "--witness", .value = "URL", .doc = "show the audit log to the witness there"},
                       {.name = "--witness-key",
                        .value = "KEY",
                        .doc = "its verifier key (witness key): nobody else is taken for it"}})),
      .examples = {"propolis serve --data DIR --listen 127.0.0.1:8080",
                   "propolis serve --data DIR --lmtp 127.0.0.1:2424 --smtp 127.0.0.1:25 --mail-address desk@x.example"},
      .run = RunServe};
}

}  // namespace propolis::app
