// mail deliver, mail queue: the mail server's pipe, and what waits to go out.
#include <cstdio>
#include <iostream>
#include <iterator>

#include "app/args.h"
#include "app/channels.h"
#include "app/desk.h"
#include "app/mail_settings.h"
#include "app/secrets.h"
#include "base/json.h"
#include "blob/blob_store.h"
#include "domain/ticket/number.h"

namespace propolis::app {
namespace {

Result<mail::IntakeOutcome> Deliver(const Args& args) {
  auto store = TRY(OpenDesk(args));
  TRY(UseSecrets(*store, args));
  auto blobs = TRY(blob::Store::OpenFolder(args.Get("--data") + "/blobs"));
  const mail::Desk desk = TRY(MailDesk(args, *store, ""));
  mail::Intake intake(*store, *blobs, IntakeOptionsFor(desk));
  const std::string raw((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  mail::Envelope envelope;
  envelope.from = args.Get("--sender");
  envelope.to.push_back(args.Find("--recipient").value_or(desk.address));
  return intake.DeliverRaw(envelope, raw);
}

int RunDeliver(const Args& args) {
  const auto outcome = Deliver(args);
  if (!outcome) {
    Report(args, outcome.error());
  } else if (args.json()) {
    json::Writer writer;
    writer.BeginObject().Field("act", NameOf(outcome->act)).Field("reason", outcome->reason);
    if (outcome->ticket != 0) {
      writer.Field("number", ticket::FormatNumber(outcome->ticket));
    }
    writer.Field("duplicate", outcome->duplicate).EndObject();
    std::puts(writer.Take().c_str());
  }
  return mail::PipeExitCode(outcome);
}

int RunQueue(const Args& args) {
  auto store = OpenDesk(args);
  if (!store) {
    return Report(args, store.error());
  }
  const auto listed = (*store)->Read([&](store::ReadTx& tx) -> Result<int> {
    tx.ForEach(
        "SELECT l.ticket, m.recipient, m.state, m.attempts, m.last_error FROM outgoing_mail m "
        "JOIN outgoing_letter l ON l.message_id = m.message_id WHERE m.state <> 'sent' ORDER BY m.id",
        [&](const store::Row& row) {
          json::Writer writer;
          writer.BeginObject();
          if (row.Int(0) != 0) {
            writer.Field("number", ticket::FormatNumber(row.Int(0)));
          }
          writer.Field("recipient", row.Text(1)).Field("state", row.Text(2)).Field("attempts", row.Int(3));
          if (!row.IsNull(4)) {
            writer.Field("last_error", row.Text(4));
          }
          writer.EndObject();
          std::puts(writer.Take().c_str());
          return true;
        });
    return 0;
  });
  return listed ? kDone : Report(args, listed.error());
}

}  // namespace

std::vector<Command> MailCommands() {
  return {
      {.name = "mail deliver",
       .summary = "Take one mail from stdin, as a mail server's pipe. Exit codes: 0 taken, 75 try again, 65 refused.",
       .operands = {},
       .options = DeskOptions({{.name = "--sender", .value = "A", .doc = "envelope sender"},
                               {.name = "--recipient", .value = "A", .doc = "envelope recipient"},
                               {.name = "--mail-address",
                                .value = "A",
                                .doc = "the desk's own address",
                                .fallback = "support@localhost"}}),
       .examples = {"propolis mail deliver --data DIR < message.eml"},
       .run = RunDeliver},
      {.name = "mail queue",
       .summary = "List mails that wait or failed, one JSON line each.",
       .operands = {},
       .options = DeskOptions(),
       .examples = {"propolis mail queue --data DIR"},
       .run = RunQueue}};
}

}  // namespace propolis::app
