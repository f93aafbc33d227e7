// Models as they are trained from a desk's tickets, kept, and used.
#include <gtest/gtest.h>

#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"
#include "domain/triage/decide.h"
#include "domain/triage/model_commands.h"
#include "domain/triage/retraining.h"

namespace propolis::triage {
namespace {

class ModelStoreTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }
  // Words that no rule knows, and a kind that a person sets.
  void Teach(int count, std::string_view odd = "grumbletwist", std::string_view even = "wobblefrost") {
    for (int i = 0; i < count; ++i) {
      const bool is_odd = i % 2 == 1;
      const auto number = desk_.AddTicket(
          TicketKind::kFault, std::nullopt,
          fmt::format("{} number {}", is_odd ? odd : even, desk_.Count("SELECT count(*) FROM ticket")), "Hello there.");
      ticket::UpdateTicket change;
      change.kind = is_odd ? TicketKind::kQuestion : TicketKind::kOnboarding;
      const auto done = Write([&](store::WriteTx& tx) { return ticket::Update(tx, agent_, number, change, {}); });
      ASSERT_TRUE(done) << Describe(done.error());
    }
  }
  std::size_t Examples(Target target) {
    return Read([&](store::ReadTx& tx) { return Corrected(tx, manager_, target); })->size();
  }
  Classification Classified(const std::string& subject) {
    return Read([&](store::ReadTx& tx) -> Result<Classification> { return Try(tx, subject, "Hello there."); }).value();
  }
  Result<ModelView> Train(Target target = Target::kKind) { return TrainFromTickets(*desk_.store, manager_, target); }
  Result<ModelView> Put(ModelId id, std::optional<double> threshold = {}) {
    return Write([&](store::WriteTx& tx) { return Activate(tx, manager_, id, {threshold}); });
  }
  // A ticket that came as requests do: classified by what is in force, and closed again untouched.
  ticket::Ticket OpenAndClose(const std::string& subject) {
    ticket::OpenTicket request;
    request.subject = subject;
    request.body = "Hello there.";
    request.requester.email = "ana@customer.example";
    const auto opened = Write([&](store::WriteTx& tx) -> Result<ticket::Opened> {
      const auto system = auth::SystemActor();
      const auto calendar =
          TRY(calendars::AddCalendar(tx, system, calendars::FromHours(subject, sla::AroundTheClock())));
      const auto policy = TRY(calendars::AddPolicy(
          tx, system,
          {.name = subject, .targets = {{Priority::kP1, ClockKind::kFirstResponse, 900}}, .pauses = std::nullopt}));
      TRY(calendars::SetDeskDefaults(tx, system, policy.id, calendar.id));
      return ticket::Open(tx, agent_, request, {});
    });
    EXPECT_TRUE(opened) << Describe(opened.error());
    Write([&](store::WriteTx& tx) -> Status {
      tx.Exec("UPDATE ticket SET state = 'closed', is_open = 0 WHERE number = $1", opened->ticket.number);
      return {};
    }).value();
    return opened->ticket;
  }
  Status Drop(ModelId id) {
    return Write([&](store::WriteTx& tx) -> Status { return DropModel(tx, manager_, id); });
  }

  TestDesk desk_;
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
  auth::Actor agent_ = desk_.AddStaff("Ana");
};

TEST_F(ModelStoreTest, LearnsFromWhatPeopleSetAndAnswersAtOnce) {
  EXPECT_FALSE(Classified("grumbletwist again").kind);
  const auto few = Train();
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().message, "model.too_few");
  Teach(80);
  EXPECT_EQ(Examples(Target::kKind), 80U);
  const auto model = Train();
  ASSERT_TRUE(model) << Describe(model.error());
  EXPECT_TRUE(model->active);
  EXPECT_EQ(model->number, 1);
  EXPECT_EQ(model->examples, 80);
  EXPECT_GT(model->metrics.accuracy, 0.9);
  EXPECT_GT(model->held_out.rows, 0);
  EXPECT_EQ(model->held_out.rows + model->metrics.rows, 80);
  const Classification answer = Classified("grumbletwist again");
  ASSERT_TRUE(answer.kind);
  EXPECT_EQ(answer.kind->value, TicketKind::kQuestion);
  EXPECT_EQ(answer.kind->method, Method::kModel);
  EXPECT_GE(answer.kind->confidence, model->threshold);
  EXPECT_EQ(answer.kind->words.at(0), "grumbletwist");
  EXPECT_TRUE(answer.version.ends_with("/kind.1")) << answer.version;
}

TEST_F(ModelStoreTest, ARuleThatIsSureStandsFirst) {
  Teach(80, "ransomware");
  ASSERT_TRUE(Train());
  const Classification answer = Classified("ransomware");
  ASSERT_TRUE(answer.kind);
  EXPECT_EQ(answer.kind->value, TicketKind::kIncident);
  EXPECT_EQ(answer.kind->method, Method::kRules);
}

TEST_F(ModelStoreTest, WithholdsWhatItIsNotSureOf) {
  Teach(80);
  const auto model = Train();
  ASSERT_TRUE(model);
  const auto other = Classified("nothing of the kind");
  EXPECT_FALSE(other.kind) << other.kind->confidence;
  ASSERT_TRUE(Put(model->id, 1.0));
  EXPECT_FALSE(Classified("grumbletwist again").kind) << "nobody is that sure";
  ASSERT_TRUE(Put(model->id, 0.3));
  EXPECT_TRUE(Classified("grumbletwist again").kind);
  EXPECT_EQ(Put(model->id, 1.5).error().fields[0].field, "threshold");
}

TEST_F(ModelStoreTest, DoesNotLearnFromItself) {
  Teach(80);
  ASSERT_TRUE(Train());
  ASSERT_EQ(OpenAndClose("grumbletwist for ever").kind, TicketKind::kQuestion) << "the model's word";
  EXPECT_EQ(Examples(Target::kKind), 80U);
}

TEST_F(ModelStoreTest, LearnsFromARuleThatStoodToTheEnd) {
  ASSERT_EQ(OpenAndClose("Ransomware").kind, TicketKind::kIncident);
  EXPECT_EQ(Examples(Target::kKind), 1U);
  EXPECT_EQ(Examples(Target::kTechnology), 0U) << "nobody said one";
  Write([](store::WriteTx& tx) -> Status {
    tx.Exec("UPDATE ticket SET state = 'open', is_open = 1");
    return {};
  }).value();
  EXPECT_EQ(Examples(Target::kKind), 0U) << "not at its end";
}

TEST_F(ModelStoreTest, AWorseModelIsKeptButNotUsed) {
  Teach(80);
  const auto good = Train();
  ASSERT_TRUE(good);
  const auto current = Read([](store::ReadTx& tx) -> Result<std::shared_ptr<const Models>> { return LoadModels(tx); });
  ASSERT_TRUE(Put(good->id, 0.7));
  // Every label turned round, but not of the rows kept apart: they show it.
  auto rows = Read([&](store::ReadTx& tx) { return Corrected(tx, manager_, Target::kKind); }).value();
  for (auto& row : rows) {
    const bool apart = classify::Share(row.subject + "\n" + row.body, 2) < 0.15;
    row.label = apart ? row.label : row.label == "question" ? "onboarding" : "question";
  }
  const auto worse = Prepare(Target::kKind, Source::kTickets, rows, &(*current)->Find(Target::kKind)->model);
  ASSERT_TRUE(worse);
  EXPECT_FALSE(worse->not_worse);
  const auto again = Train();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->active) << "the same rows: not worse";
  EXPECT_EQ(again->threshold, 0.7) << "a manager's threshold outlives the version";
  EXPECT_EQ(again->number, 2);
}

TEST_F(ModelStoreTest, VersionsAreSwappedAndDropped) {
  Teach(80);
  const auto first = Train();
  const auto second = Train();
  ASSERT_TRUE(first && second);
  const auto active = [&] { return desk_.Count("SELECT number FROM model WHERE active = 1"); };
  EXPECT_EQ(active(), 2);
  ASSERT_TRUE(Put(first->id));
  EXPECT_EQ(active(), 1);
  EXPECT_TRUE(Classified("grumbletwist again").version.ends_with("/kind.1"));
  ASSERT_TRUE(Drop(first->id));
  EXPECT_FALSE(Classified("grumbletwist again").kind) << "the rules alone again";
  EXPECT_EQ(Drop(first->id).error().code, Code::kNotFound);
  EXPECT_EQ(Read([&](store::ReadTx& tx) { return FindModel(tx, Target::kKind, 2); }).value(), second->id);
  EXPECT_FALSE(Read([&](store::ReadTx& tx) { return FindModel(tx, Target::kKind, 9); }));
}

TEST_F(ModelStoreTest, AgentsMayNotTrain) {
  Teach(2);
  EXPECT_EQ(TrainFromTickets(*desk_.store, agent_, Target::kKind).error().code, Code::kForbidden);
  const auth::Actor customer = desk_.AddCustomer("Zoe", desk_.organisation);
  EXPECT_EQ(Read([&](store::ReadTx& tx) { return ListModels(tx, customer); }).error().code, Code::kNotFound);
}

TEST_F(ModelStoreTest, ADamagedModelLeavesTheRulesAlone) {
  Teach(80);
  ASSERT_TRUE(Train());
  Write([](store::WriteTx& tx) -> Status {
    tx.Exec("UPDATE model SET body = $1, threshold = 0.55", store::Blob{"not a model"});
    return {};
  }).value();
  EXPECT_FALSE(Classified("grumbletwist again").kind);
  EXPECT_EQ(Classified("Ransomware").kind->value, TicketKind::kIncident);
}

TEST_F(ModelStoreTest, AFileStartsADeskThatHasNoTickets) {
  std::string csv = "text,label\n";
  for (int i = 0; i < 80; ++i) {
    csv += fmt::format("{} number {},{}\n", i % 2 == 0 ? "grumbletwist" : "wobblefrost", i, i % 2 == 0 ? 1 : 4);
  }
  const auto model = TrainFromFile(*desk_.store, manager_, Target::kUrgency, classify::ParseCsv(csv).value());
  ASSERT_TRUE(model) << Describe(model.error());
  EXPECT_TRUE(model->active);
  EXPECT_EQ(model->source, Source::kFile);
  EXPECT_EQ(Classified("grumbletwist again").urgency->value, 1);
  const auto again = TrainFromFile(*desk_.store, manager_, Target::kUrgency, classify::ParseCsv(csv).value());
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->active) << "a file does not take the place of what is in force";
  const auto wrong =
      TrainFromFile(*desk_.store, manager_, Target::kKind, classify::ParseCsv("text,label\nx,nonsense\n").value());
  EXPECT_EQ(wrong.error().message, "model.bad_label");
}

TEST_F(ModelStoreTest, TheDeskTrainsByItselfOnceAWeek) {
  const auto worker = MakeRetraining(*desk_.store, desk_.store.clock).value();
  ASSERT_TRUE(MakeRetraining(*desk_.store, desk_.store.clock)) << "a restart does not put it off";
  const auto models = [&] { return desk_.Count("SELECT count(*) FROM model"); };
  Teach(80);
  EXPECT_EQ(worker->RunDue().value(), 0);
  desk_.store.clock->Advance(std::chrono::days(7) + Seconds(1));
  EXPECT_EQ(worker->RunDue().value(), 1);
  EXPECT_EQ(models(), 1);
  Teach(40);
  desk_.store.clock->Advance(std::chrono::days(6));
  EXPECT_EQ(worker->RunDue().value(), 0);
  desk_.store.clock->Advance(std::chrono::days(1) + Seconds(1));
  EXPECT_EQ(worker->RunDue().value(), 1);
  EXPECT_EQ(models(), 2);
}

TEST_F(ModelStoreTest, TrainsAgainOnlyWhenEnoughWasTaught) {
  const auto models = [&] { return desk_.Count("SELECT count(*) FROM model"); };
  Teach(10);
  ASSERT_TRUE(Retrain(*desk_.store));
  EXPECT_EQ(models(), 0);
  Teach(70);
  ASSERT_TRUE(Retrain(*desk_.store));
  EXPECT_EQ(models(), 1);
  Teach(10);
  ASSERT_TRUE(Retrain(*desk_.store));
  EXPECT_EQ(models(), 1) << "ten more are not enough";
  Teach(20);
  ASSERT_TRUE(Retrain(*desk_.store));
  EXPECT_EQ(models(), 2);
}

}  // namespace
}  // namespace propolis::triage
