#include "app/demo/play.h"

#include "auth/session.h"
#include "domain/approval/approval_commands.h"
#include "domain/evidence/evidence.h"
#include "domain/promise/promise.h"
#include "domain/survey/survey.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"

namespace propolis::demo {
namespace {

using namespace std::chrono_literals;

// One step of one life, with what its acts need.
class Scene {
 public:
  Scene(store::WriteTx& tx, const Cast& cast, Plan& plan, const Step& step, const std::optional<blob::Stored>& file)
      : tx_(tx), cast_(cast), plan_(plan), life_(plan.lives[step.life]), file_(file) {}

  Status Do(Act act) {
    switch (act) {
      case Act::kOpen:
        return Open();
      case Act::kTake:
        return Take();
      case Act::kTriage:
        return Triage();
      case Act::kAnswer:
        return Answer();
      case Act::kPromiseEta:
        return Promise(promise::Kind::kEta, Hours());
      case Act::kReply:
        return Say(life_.text.reply);
      case Act::kCall:
        return Ok(ticket::Call(tx_, Engineer(), life_.number,
                               {.direction = "out", .contact_made = true, .seconds = 240, .body = life_.text.reply}));
      case Act::kNote:
        return Ok(ticket::Note(tx_, Engineer(), life_.number, {.body = life_.text.note, .mentions = Mentions()}));
      case Act::kWork:
        return Work();
      case Act::kEvidence:
        return Evidence();
      case Act::kUpdate:
        return Ok(ticket::Post(tx_, Engineer(), life_.number, Message(life_.text.update)));
      case Act::kMovePromise:
        return Promise(promise::Kind::kEta, 2 * Hours());
      case Act::kComplain:
        return Say(life_.text.complaint);
      case Act::kWaitForCustomer:
        return Move(TicketState::kWaitingCustomer);
      case Act::kWaitForThirdParty:
        return Move(TicketState::kWaitingThirdParty);
      case Act::kSleep:
        return Move(TicketState::kScheduled);
      default:
        return End(act);
    }
  }

 private:
  template <class T>
  static Status Ok(Result<T> result) {
    return result ? Status{} : std::unexpected(std::move(result).error());
  }

  Status End(Act act) {
    switch (act) {
      case Act::kAsk:
        return Ask();
      case Act::kReject:
        return Settle(approval::Decision::kReject);
      case Act::kApprove:
        return Settle(approval::Decision::kApprove);
      case Act::kResolve:
        TRY(ticket::Post(tx_, Engineer(), life_.number, Message(life_.text.resolution)));
        return Move(TicketState::kResolved);
      case Act::kConfirm:
        return Ok(ticket::Confirm(tx_, CustomerActor(), life_.number, true, ""));
      case Act::kRate:
        return Rate();
      case Act::kWake:
        return Move(TicketState::kOpen);
      case Act::kClose:
        return Move(TicketState::kClosed);
      case Act::kSpam:
        return Move(TicketState::kSpam);
      case Act::kMerge:
        return Move(TicketState::kMerged);
      default:
        return {};
    }
  }

  // --- who

  auth::Actor Engineer() { return *auth::StaffActor(tx_, life_.engineer); }
  ContactId ContactOf() { return cast_.customers[life_.customer].contacts[life_.contact]; }
  auth::Actor CustomerActor() { return *auth::ContactActor(tx_, ContactOf()); }

  // The desk's lead, the first of the staff, is called where work is still to do.
  std::vector<StaffId> Mentions() {
    return life_.unfinished ? std::vector{cast_.staff.front()} : std::vector<StaffId>{};
  }

  // Somebody who may decide and did not write it: the lead where it is still to do and for some others, else the next.
  auth::Actor Approver() {
    if ((life_.unfinished || life_.number % 3 == 1) && life_.engineer != cast_.staff.front()) {
      return *auth::StaffActor(tx_, cast_.staff.front());
    }
    const auto own = std::ranges::find(cast_.staff, life_.engineer) - cast_.staff.begin();
    const auto size = static_cast<std::ptrdiff_t>(cast_.staff.size());
    for (std::ptrdiff_t step = 1; step < size; ++step) {
      const StaffId candidate = cast_.staff[static_cast<std::size_t>((own + step) % size)];
      auto actor = auth::StaffActor(tx_, candidate);
      if (actor && actor->permissions.contains(auth::Permission::kApprovalDecide)) {
        return *std::move(actor);
      }
    }
    return Engineer();
  }

  // --- what

  Status Open() {
    ticket::OpenTicket request;
    request.subject = life_.text.subject;
    request.body = life_.text.body;
    request.channel = life_.channel;
    ticket::Arrival arrival;
    auth::Actor actor = auth::SystemActor();
    if (life_.spam) {
      request.requester = {"offers@growth-now.example", "Growth Now"};
    } else {
      const auth::Actor customer = CustomerActor();
      request.requester = {customer.email, customer.name};
      request.asked_urgency = std::max(1, life_.urgency - (life_.number % 2 == 0 ? 1 : 0));
      arrival.assurance = auth::Assurance::kAuthenticated;
      if (life_.says_technology) {
        request.technology_id = cast_.technologies.at(life_.technology);
      }
      if (life_.channel == Channel::kPortal) {
        actor = customer;
      }
    }
    const auto opened = TRY(ticket::Open(tx_, actor, request, arrival));
    life_.number = opened.ticket.number;
    life_.engineer = opened.ticket.assignee.value_or(SomeEngineer());
    return {};
  }

  // Whoever speaks the customer's language, in turn.
  StaffId SomeEngineer() {
    static constexpr std::array<std::size_t, 8> kEngineers = {1, 4, 6, 7, 9, 2, 5, 8};  // places in the cast
    return cast_.staff[kEngineers[static_cast<std::size_t>(life_.number) % kEngineers.size()]];
  }

  Status Take() {
    const auto now = ticket::Load(tx_, life_.number);
    if (life_.taker) {
      life_.engineer = cast_.staff[*life_.taker];
    } else if (now->assignee) {
      life_.engineer = *now->assignee;
      return {};
    }
    ticket::UpdateTicket change;
    change.assignee_id = {.given = true, .value = life_.engineer};
    return Ok(ticket::Update(tx_, Engineer(), life_.number, change, std::nullopt));
  }

  Status Triage() {
    ticket::UpdateTicket change;
    change.kind = life_.kind;
    change.impact = life_.impact;
    change.urgency = life_.urgency;
    if (life_.impact + life_.urgency <= 4) {  // P1 or P2: a desk with many of them asks why
      change.reason = life_.text.subject;
    }
    change.technology_id = {.given = true, .value = cast_.technologies.at(life_.technology)};
    return Ok(ticket::Update(tx_, Engineer(), life_.number, change, std::nullopt));
  }

  static ticket::PostMessage Message(const std::string& body) {
    ticket::PostMessage message;
    message.body = body;
    return message;
  }

  Status Answer() {
    TRY(ticket::Post(tx_, Engineer(), life_.number, Message(life_.text.answer)));
    return Promise(promise::Kind::kNextUpdate, 2 * Hours());
  }

  Status Say(const std::string& body) { return Ok(ticket::Post(tx_, CustomerActor(), life_.number, Message(body))); }

  // How long things take at this urgency.
  [[nodiscard]] Micros Hours() const { return life_.urgency * 2h; }

  Status Promise(promise::Kind kind, Micros from_now) {
    return Ok(promise::MakeOne(tx_, Engineer(), life_.number,
                               {.kind = kind, .at = tx_.Now() + from_now, .until = {}, .reason = {}}));
  }

  Status Work() {
    return Ok(ticket::AddWork(tx_, Engineer(), life_.number,
                              {.action = life_.text.action,
                               .before = life_.text.before,
                               .after = life_.text.after,
                               .command = life_.text.command,
                               .result = life_.text.result,
                               .ok = true}));
  }

  Status Evidence() {
    return Ok(evidence::Add(tx_, Engineer(), life_.number,
                            {.sha256 = file_->sha256,
                             .size = file_->size,
                             .filename = life_.text.key + "-" + std::to_string(life_.number) + ".log",
                             .media_type = "text/plain",
                             .source = life_.technology,
                             .note = life_.text.action,
                             .visibility = Visibility::kInternal}));
  }

  Status Rate() {
    constexpr int kContent = 4;
    survey::Answer answer{.score = life_.score, .comment = {}};
    if (life_.score >= kContent && life_.number % 2 == 0) {
      answer.comment = life_.text.thanks;
    } else if (life_.score < kContent) {
      answer.comment = life_.text.complaint;
    }
    return Ok(survey::Rate(tx_, CustomerActor(), life_.number, answer));
  }

  Status Ask() {
    const auto asked = TRY(approval::AskFor(
        tx_, Engineer(), life_.number,
        {.summary = life_.text.action, .resolution = life_.text.resolution, .approver_id = Approver().staff()}));
    life_.approval = asked.id;
    return {};
  }

  Status Settle(approval::Decision decision) {
    std::optional<std::string> reason;
    if (decision == approval::Decision::kReject) {
      reason = life_.text.note;
    }
    return Ok(approval::Settle(tx_, Approver(), life_.approval, {.decision = decision, .reason = reason}));
  }

  Status Move(TicketState to) {
    ticket::Transition transition{.to = to, .reason = {}, .until = {}, .into = {}};
    auth::Actor actor = to == TicketState::kClosed || life_.spam || life_.into ? auth::SystemActor() : Engineer();
    if (to == TicketState::kScheduled) {
      transition.until = life_.sleeps_until;
    } else if (to == TicketState::kMerged) {
      transition.into = ticket::FormatNumber(plan_.lives[*life_.into].number);
    } else if (to == TicketState::kWaitingCustomer || to == TicketState::kWaitingThirdParty) {
      transition.reason = life_.text.note;
    }
    return Ok(ticket::Move(tx_, actor, life_.number, transition, std::nullopt));
  }

  store::WriteTx& tx_;
  const Cast& cast_;
  Plan& plan_;
  Life& life_;
  const std::optional<blob::Stored>& file_;
};

}  // namespace

std::string EvidenceText(const Life& life, Time at) {
  std::string text;
  for (int line = 0; line < 12; ++line) {
    text += FormatTime(at - std::chrono::seconds{(12 - line) * 7}) + " " +
            life.technology.substr(life.technology.rfind('/') + 2) + " " +
            (line < 9 ? life.text.before : life.text.after) + "\n";
  }
  return text + FormatTime(at) + " " + life.text.command + "\n" + FormatTime(at) + " " + life.text.result + "\n";
}

Status Play(store::WriteTx& tx, const Cast& cast, Plan& plan, const Step& step,
            const std::optional<blob::Stored>& file) {
  if (step.act == Act::kTick) {
    constexpr int kMost = 200;
    TRY(promise::SettleOverdue(tx, kMost));
    return {};
  }
  auto done = Scene(tx, cast, plan, step, file).Do(step.act);
  if (!done) {
    return Fail(Code::kInternal, "demo.step_failed",
                {{"act", std::to_string(static_cast<int>(step.act))},
                 {"ticket", std::to_string(plan.lives[step.life].number)},
                 {"why", Describe(done.error())}});
  }
  return {};
}

Status MarkOldAsRead(store::WriteTx& tx, const Cast& cast, const Plan& plan, Time before) {
  for (const StaffId staff : cast.staff) {
    const auto actor = *auth::StaffActor(tx, staff);
    for (const Life& life : plan.lives) {
      const auto ticket = life.number == 0 ? std::nullopt : ticket::Load(tx, life.number);
      if (ticket && ticket->updated_at < before) {
        TRY(ticket::MarkRead(tx, actor, life.number));
      }
    }
  }
  return {};
}

}  // namespace propolis::demo
