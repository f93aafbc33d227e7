// witness, witness key: the process that countersigns a desk's audit log (audit/witness.h).
#include "audit/witness.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <deque>
#include <thread>

#include "app/args.h"
#include "app/mail_settings.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "base/number.h"
#include "channels/mail/mime_write.h"
#include "livepatch/runtime/scope.h"
#include "net/process.h"
#include "net/server.h"

namespace propolis::app {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::milliseconds kGrace{2'000};
constexpr std::uint64_t kMostCheckpoint = 64U << 10;
constexpr std::uint64_t kMostEntries = 2U << 20;

// Alarms as mails: kept until a relay has taken them.
class AlarmMail {
 public:
  AlarmMail(std::unique_ptr<mail::Carrier> carrier, std::string to)
      : carrier_(std::move(carrier)), to_(std::move(to)) {}

  void Add(const audit::Alarm& alarm) {
    const MutexLock lock(mutex_);
    waiting_.push_back(alarm);
  }

  void Send() {
    while (const auto alarm = First()) {
      const std::string id = crypto::RandomToken(16);
      const std::string head = mail::HeaderWriter()
                                   .Addresses("From", {{.name = "Propolis witness", .email = to_}})
                                   .Addresses("To", {{.name = "", .email = to_}})
                                   .Text("Subject", fmt::format("Audit log alarm: {}", NameOf(alarm->kind)))
                                   .Date("Date", alarm->at)
                                   .Ids("Message-ID", {id + "@witness.invalid"})
                                   .Plain("MIME-Version", "1.0")
                                   .Plain("Content-Type", "text/plain; charset=us-ascii")
                                   .Take();
      const std::string text = fmt::format("\r\n{}\r\n\r\n{}\r\n", alarm->text, FormatTime(alarm->at));
      const auto attempt = carrier_->Carry(to_, to_, head + text);
      if (!attempt.sent) {
        log::Warning("witness.mail", {{"why", attempt.error}});
      }
      if (!attempt.sent && !attempt.permanent) {
        return;  // the next second tries again
      }
      const MutexLock lock(mutex_);
      waiting_.pop_front();
    }
  }

 private:
  std::optional<audit::Alarm> First() {
    const MutexLock lock(mutex_);
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.front());
  }

  std::unique_ptr<mail::Carrier> carrier_;
  std::string to_;
  Mutex mutex_;
  std::deque<audit::Alarm> waiting_ PROPOLIS_GUARDED_BY(mutex_);
};

Result<audit::WitnessOptions> OptionsFrom(const Args& args) {
  const auto late = text::ParseNumber<std::int64_t>(args.Get("--late"));
  if (!late || *late < 2 || *late > 86'400) {
    return FailField("--late", "field.out_of_range", {{"min", "2"}, {"max", "86400"}});
  }
  return audit::WitnessOptions{.folder = args.Get("--data"),
                               .log_key = args.Get("--log-key"),
                               .name = args.Get("--name"),
                               .late = Seconds{*late},
                               .clock = std::make_shared<SystemClock>(),
                               .on_alarm = {}};
}

net::Response ToResponse(const audit::Witness::Answer& answer) {
  net::Response response = net::Response::Text(answer.status, answer.body);
  response.With("Content-Type", answer.type);
  return response;
}

net::Route Take(std::string pattern, std::uint64_t most,
                std::function<audit::Witness::Answer(std::string_view)> handler) {
  net::Route route;
  route.method = net::Method::kPost;
  route.pattern = std::move(pattern);
  route.pool = net::Pool::kWrite;
  route.body = net::BodyMode::kMemory;
  route.max_body = most;
  route.handler = [handler = std::move(handler)](net::Request& request) { return ToResponse(handler(request.body)); };
  return route;
}

net::Router RoutesOf(audit::Witness& witness, metrics::Registry& metrics) {
  net::Router router;
  router.Add(
      Take("/add-checkpoint", kMostCheckpoint, [&](std::string_view body) { return witness.AddCheckpoint(body); }));
  router.Add(Take("/add-entries", kMostEntries, [&](std::string_view body) { return witness.AddEntries(body); }));
  net::Route status;
  status.pattern = "/status";
  status.handler = [&witness](net::Request&) {
    const audit::Standing standing = witness.GetStanding();
    json::Writer writer;
    writer.BeginObject()
        .Field("signed", static_cast<std::int64_t>(standing.signed_size))
        .Field("held", static_cast<std::int64_t>(standing.held))
        .Field("alarms", static_cast<std::int64_t>(standing.alarms))
        .Field("heard_at", FormatTime(standing.heard))
        .EndObject();
    return net::Response::Json(200, writer.Take());
  };
  router.Add(std::move(status));
  net::Route text;
  text.pattern = "/metrics";
  text.handler = [&](net::Request&) {
    const audit::Standing standing = witness.GetStanding();
    metrics.GetGauge("propolis_witness_signed_entries", "Entries of the audit log that were signed.")
        .Set(static_cast<std::int64_t>(standing.signed_size));
    metrics.GetGauge("propolis_witness_held_entries", "Entries of which a copy is kept.")
        .Set(static_cast<std::int64_t>(standing.held));
    metrics.GetGauge("propolis_witness_alarms", "Alarms since the start.")
        .Set(static_cast<std::int64_t>(standing.alarms));
    net::Response response = net::Response::Text(200, metrics.Text());
    response.With("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
  };
  router.Add(std::move(text));
  return router;
}

Status Serve(const Args& args, net::Signals& signals) {
  auto options = TRY(OptionsFrom(args));
  std::unique_ptr<AlarmMail> letters;
  if (args.Has("--alarm-to")) {
    if (!args.Has("--smtp") && !args.Has("--mail-dir")) {
      return FailField("--smtp", "field.required");
    }
    letters = std::make_unique<AlarmMail>(TRY(MailCarrier(args)), args.Get("--alarm-to"));
  }
  options.on_alarm = [&letters](const audit::Alarm& alarm) {
    log::Error("witness.alarm", {{"kind", NameOf(alarm.kind)}, {"text", alarm.text}});
    if (letters) {
      letters->Add(alarm);
    }
  };
  const auto witness = TRY(audit::Witness::Open(std::move(options)));
  metrics::Registry metrics;
  net::ServerOptions server_options;
  server_options.listen.push_back({args.Get("--listen"), args.Has("--tls-cert")});
  server_options.certificate = args.Get("--tls-cert");
  server_options.private_key = args.Get("--tls-key");
  server_options.spool = args.Get("--data") + "/spool";
  server_options.metrics = &metrics;
  const auto server = TRY(net::Server::Start(std::move(server_options), RoutesOf(*witness, metrics)));
  const std::jthread watch([&](const std::stop_token& stop) {
    while (livepatch::Pause(stop, kTick)) {
      witness->Watch();
      if (letters) {
        letters->Send();
      }
    }
  });
  const std::string where = args.Get("--listen");
  std::puts(fmt::format("propolis witness at {}://{}:{}", args.Has("--tls-cert") ? "https" : "http",
                        where.substr(0, where.rfind(':')), server->Ports().front())
                .c_str());
  std::fflush(stdout);
  net::NotifySupervisor("READY=1");
  signals.Wait();
  net::NotifySupervisor("STOPPING=1");
  server->Stop(kGrace);
  return {};
}

int RunWitness(const Args& args) {
  net::Signals signals({SIGTERM, SIGINT});
  const Status served = Serve(args, signals);
  return served ? kDone : Report(args, served.error());
}

int RunWitnessKey(const Args& args) {
  const auto key = audit::WitnessKeyIn(args.Get("--data"), args.Get("--name"));
  if (!key) {
    return Report(args, key.error());
  }
  std::puts(key->Verifier().c_str());
  return kDone;
}

}  // namespace

std::vector<Command> WitnessCommands() {
  const Option data = {.name = "--data", .value = "DIR", .doc = "the witness's own folder", .required = true};
  const Option name = {.name = "--name", .value = "NAME", .doc = "what it signs as", .fallback = "propolis-witness"};
  return {{.name = "witness",
           .summary = "Keep and countersign a desk's audit log, elsewhere; raise an alarm when its history changes.",
           .operands = {},
           .options = WithMailOptions(
               {data,
                {.name = "--log-key", .value = "KEY", .doc = "the desk's verifier key (audit key)", .required = true},
                {.name = "--listen",
                 .value = "HOST:PORT",
                 .doc = "where the desk pushes to (serve --witness); only the desk should reach it",
                 .fallback = "127.0.0.1:8181"},
                name,
                {.name = "--late",
                 .value = "SECONDS",
                 .doc = "how long nothing may come, and entries may take",
                 .fallback = "60"},
                {.name = "--alarm-to", .value = "ADDRESS", .doc = "mail alarms there"},
                {.name = "--tls-cert", .value = "FILE", .doc = "certificate chain (PEM)"},
                {.name = "--tls-key", .value = "FILE", .doc = "private key (PEM)"}}),
           .examples = {"propolis witness --data /var/lib/propolis-witness --log-key propolis-audit+1a2b3c4d+AbC..."},
           .run = RunWitness},
          {.name = "witness key",
           .summary = "Print the witness's verifier key: what it signs is checked with it.",
           .operands = {},
           .options = {data, name},
           .examples = {"propolis witness key --data /var/lib/propolis-witness"},
           .run = RunWitnessKey}};
}

}  // namespace propolis::app
