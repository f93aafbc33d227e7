#include "jobs/jobs.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "jobs/worker.h"
#include "store/test_support.h"

namespace propolis::jobs {
namespace {

class Jobs : public testing::Test {
 protected:
  WorkerOptions Options() const {
    WorkerOptions options;
    options.clock = desk_.clock;
    options.retry = {.attempts = 3, .first = Seconds(10), .longest = Seconds(100)};
    options.poll = std::chrono::milliseconds(5);
    return options;
  }
  bool Ask(std::string kind, std::string key, Time at, std::string payload = "{}",
           OnDuplicate duplicate = OnDuplicate::kReplace) {
    return desk_
        ->Write([&](store::WriteTx& tx) -> Result<bool> {
          return Enqueue(tx, {.kind = kind, .key = key, .run_at = at, .payload = payload}, duplicate);
        })
        .value_or(false);
  }
  Counts Counted() {
    return desk_->Read([](store::ReadTx& tx) -> Result<Counts> { return Count(tx); }).value_or(Counts{});
  }
  std::vector<DeadJob> Dead() {
    return desk_->Read([](store::ReadTx& tx) -> Result<std::vector<DeadJob>> { return DeadJobs(tx, 0, 100); })
        .value_or(std::vector<DeadJob>{});
  }
  Time Now() const { return desk_.clock->Now(); }

  store::TestStore desk_;
  std::vector<std::string> ran_;
  Handler note_ = [this](const Job& job) -> Status {
    ran_.push_back(fmt::format("{}/{}#{} {}", job.kind, job.key, job.attempt, job.payload));
    return {};
  };
};

TEST_F(Jobs, RunAtTheirTimeInOrderAndAreGone) {
  Worker worker(*desk_, Options());
  worker.Handle("mail", note_);
  Ask("mail", "late", Now() + Seconds(20));
  Ask("mail", "soon", Now() + Seconds(10), "{\"a\":1}");
  Ask("mail", "now", Now());
  EXPECT_EQ(Counted().waiting, 3);
  EXPECT_EQ(Counted().oldest_waiting, Now());
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  desk_.clock->Advance(Seconds(9));
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
  desk_.clock->Advance(Seconds(11));
  EXPECT_EQ(worker.RunDue().value_or(-1), 2);
  EXPECT_EQ(ran_, (std::vector<std::string>{"mail/now#1 {}", "mail/soon#1 {\"a\":1}", "mail/late#1 {}"}));
  EXPECT_EQ(Counted().waiting + Counted().running + Counted().dead, 0);
}

TEST_F(Jobs, AnUndoneTransactionAsksForNothing) {
  static_cast<void>(desk_->Write([&](store::WriteTx& tx) -> Status {
    Enqueue(tx, {.kind = "mail", .key = "1", .run_at = Now(), .payload = "{}"});
    return Fail(Code::kInvalid, "no");
  }));
  EXPECT_EQ(Counted().waiting, 0);
}

TEST_F(Jobs, OneAJobForEachKindAndKeyTheNewestRequestCounts) {
  Worker worker(*desk_, Options());
  worker.Handle("timer", note_);
  worker.Handle("other", note_);
  Ask("timer", "1", Now(), "{\"v\":1}");
  Ask("timer", "1", Now() + Seconds(60), "{\"v\":2}");
  Ask("other", "1", Now());
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  desk_.clock->Advance(Seconds(60));
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  EXPECT_EQ(ran_, (std::vector<std::string>{"other/1#1 {}", "timer/1#1 {\"v\":2}"}));
}

TEST_F(Jobs, KeepingLeavesTheFirstRequest) {
  EXPECT_TRUE(Ask("timer", "1", Now() + Seconds(5), "{\"v\":1}", OnDuplicate::kKeep));
  EXPECT_FALSE(Ask("timer", "1", Now() + Seconds(60), "{\"v\":2}", OnDuplicate::kKeep));
  EXPECT_EQ(Counted().oldest_waiting, Now() + Seconds(5));
}

TEST_F(Jobs, AskedForAgainWhileRunningRunsOnceMore) {
  Worker worker(*desk_, Options());
  worker.Handle("timer", [&](const Job& job) -> Status {
    if (ran_.empty()) {
      Ask("timer", "1", Now() + Seconds(30), "{\"v\":2}");
      Ask("timer", "1", Now() + Seconds(40), "{\"v\":3}");
    }
    return note_(job);
  });
  Ask("timer", "1", Now(), "{\"v\":1}");
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  EXPECT_EQ(Counted().oldest_waiting, Now() + Seconds(40));
  desk_.clock->Advance(Seconds(40));
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  EXPECT_EQ(ran_, (std::vector<std::string>{"timer/1#1 {\"v\":1}", "timer/1#1 {\"v\":3}"}));
  EXPECT_EQ(Counted().waiting, 0);
}

TEST_F(Jobs, FailuresComeBackWithGrowingPausesAndEndAsDeadLetters) {
  Worker worker(*desk_, Options());
  int calls = 0;
  worker.Handle("mail", [&](const Job& job) -> Status {
    EXPECT_EQ(job.attempt, ++calls);
    if (calls == 2) {
      throw std::runtime_error("a bug");
    }
    return Fail(Code::kUnavailable, "mail.refused", {{"why", "later"}});
  });
  Ask("mail", "1", Now());
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
  auto pause = *Counted().oldest_waiting - Now();
  EXPECT_GE(pause, Seconds(8));
  EXPECT_LE(pause, Seconds(12));
  desk_.clock->Advance(Seconds(12));
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  pause = *Counted().oldest_waiting - Now();
  EXPECT_GE(pause, Seconds(16));
  EXPECT_LE(pause, Seconds(24));
  EXPECT_EQ(Counted().dead, 0);
  desk_.clock->Advance(Seconds(24));
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);

  const auto dead = Dead();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].job.key, "1");
  EXPECT_EQ(dead[0].last_error, "unavailable: mail.refused why=later");
  desk_.clock->Advance(Seconds(10'000));
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
}

TEST_F(Jobs, DeadLettersAreRetriedDiscardedOrAskedForAgain) {
  Worker worker(*desk_, Options());
  bool works = false;
  worker.Handle("mail",
                [&](const Job& job) -> Status { return works ? note_(job) : Status(Fail(Code::kInternal, "no")); },
                {.attempts = 1, .first = Seconds(1), .longest = Seconds(1)});
  for (const char* key : {"a", "b", "c"}) {
    Ask("mail", key, Now());
  }
  EXPECT_EQ(worker.RunDue().value_or(-1), 3);
  const auto dead = Dead();
  ASSERT_EQ(dead.size(), 3U);
  works = true;
  const auto act = [&](auto fn) {
    return desk_->Write([&](store::WriteTx& tx) -> Result<bool> { return fn(tx); }).value_or(false);
  };
  EXPECT_TRUE(act([&](store::WriteTx& tx) { return Retry(tx, dead[0].job.id); }));
  EXPECT_TRUE(act([&](store::WriteTx& tx) { return Discard(tx, dead[1].job.id); }));
  EXPECT_FALSE(act([&](store::WriteTx& tx) { return Discard(tx, dead[1].job.id); }));
  EXPECT_FALSE(act([&](store::WriteTx& tx) { return Retry(tx, dead[0].job.id); }));
  EXPECT_FALSE(Ask("mail", "c", Now(), "{}", OnDuplicate::kKeep));
  EXPECT_TRUE(Ask("mail", "c", Now()));
  EXPECT_EQ(worker.RunDue().value_or(-1), 2);
  EXPECT_EQ(ran_, (std::vector<std::string>{"mail/a#1 {}", "mail/c#1 {}"}));
  EXPECT_EQ(Counted().dead, 0);
}

TEST_F(Jobs, CancelledJobsDoNotRun) {
  Worker worker(*desk_, Options());
  worker.Handle("mail", note_);
  Ask("mail", "1", Now());
  const auto cancel = [&] {
    return desk_->Write([](store::WriteTx& tx) -> Result<bool> { return Cancel(tx, "mail", "1"); }).value_or(false);
  };
  EXPECT_TRUE(cancel());
  EXPECT_FALSE(cancel());
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
}

TEST_F(Jobs, KindsWithoutAHandlerAreLeftForOthers) {
  Worker worker(*desk_, Options());
  worker.Handle("mail", note_);
  Ask("strange", "1", Now());
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
  EXPECT_EQ(Counted().waiting, 1);
}

// A worker that died (here: its handler asks another worker to look after the lease has passed) loses the job, and its
// late answer changes nothing.
TEST_F(Jobs, ALostLeaseLetsAnotherRunTheJobAndTheLateAnswerIsIgnored) {
  Worker first(*desk_, Options());
  Worker second(*desk_, Options());
  second.Handle("mail", note_);
  first.Handle("mail", [&](const Job&) -> Status {
    EXPECT_EQ(second.RunDue().value_or(-1), 0);  // still leased
    desk_.clock->Advance(Seconds(61));
    Ask("mail", "2", Now());
    EXPECT_EQ(second.RunDue().value_or(-1), 2);
    Ask("mail", "1", Now() + Seconds(5));  // a new job of the same key
    return {};
  });
  Ask("mail", "1", Now());
  EXPECT_EQ(first.RunDue().value_or(-1), 1);
  EXPECT_THAT(ran_, testing::UnorderedElementsAre("mail/1#2 {}", "mail/2#1 {}"));
  EXPECT_EQ(Counted().waiting, 1);
}

TEST_F(Jobs, AJobThatKillsItsWorkerEveryTimeEndsAsADeadLetter) {
  Worker worker(*desk_, Options());
  worker.Handle("mail", note_);
  Ask("mail", "1", Now());
  static_cast<void>(desk_->Write([&](store::WriteTx& tx) -> Status {  // what three crashes leave behind
    tx.Exec("UPDATE job SET state = 'running', attempts = 3, claim = 1, lease_until = $1", Now() - Seconds(1));
    return {};
  }));
  EXPECT_EQ(worker.RunDue().value_or(-1), 0);
  ASSERT_EQ(Dead().size(), 1U);
  EXPECT_THAT(Dead()[0].last_error, testing::StartsWith("lost"));
}

TEST_F(Jobs, AloneMeansThatWhatACrashLeftRunsAtOnce) {
  auto options = Options();
  options.alone = true;
  Worker worker(*desk_, options);
  worker.Handle("mail", note_);
  Ask("mail", "1", Now());
  static_cast<void>(desk_->Write([&](store::WriteTx& tx) -> Status {
    tx.Exec("UPDATE job SET state = 'running', attempts = 1, claim = 1, lease_until = $1", Now() + Seconds(60));
    return {};
  }));
  EXPECT_EQ(worker.RunDue().value_or(-1), 1);
  EXPECT_EQ(ran_, (std::vector<std::string>{"mail/1#2 {}"}));
}

TEST_F(Jobs, ManyThreadsRunEachJobOnce) {
  auto options = Options();
  options.threads = 6;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, int> runs;
  Worker worker(*desk_, options);
  worker.Handle("count", [&](const Job& job) -> Status {
    const std::scoped_lock lock(mutex);
    ++runs[job.key];
    changed.notify_all();
    return {};
  });
  worker.Start();
  for (int i = 0; i < 200; ++i) {
    Ask("count", fmt::format("{}", i), Now());
  }
  worker.Poke();
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return runs.size() == 200; }));
  }
  worker.Stop();
  for (const auto& [key, times] : runs) {
    EXPECT_EQ(times, 1) << key;
  }
  EXPECT_EQ(Counted().waiting + Counted().running + Counted().dead, 0);
}

TEST_F(Jobs, LeasesAreRenewedWhileTheClockJumps) {
  auto options = Options();
  options.threads = 1;
  options.lease = Seconds(0) + Seconds(1);
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> order;
  bool release = false;
  Worker worker(*desk_, options);
  worker.Handle("slow", [&](const Job& job) -> Status {
    std::unique_lock lock(mutex);
    order.push_back(fmt::format("{}#{}", job.key, job.attempt));
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    return {};
  });
  worker.Start();
  Ask("slow", "1", Now());
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return !order.empty(); }));
  }
  desk_.clock->Advance(Seconds(3600));
  Ask("slow", "2", Now());
  while (Counted().waiting > 0) {  // until the second is claimed, and with it every expired lease was looked at
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  {
    const std::scoped_lock lock(mutex);
    release = true;
    changed.notify_all();
  }
  while (Counted().running > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  worker.Stop();
  EXPECT_EQ(order, (std::vector<std::string>{"1#1", "2#1"}));
}

TEST_F(Jobs, StoppingFinishesWhatRunsAndGivesBackTheRest) {
  auto options = Options();
  options.threads = 1;
  std::mutex mutex;
  std::condition_variable changed;
  int begun = 0;
  bool release = false;
  Worker worker(*desk_, options);
  worker.Handle("slow", [&](const Job&) -> Status {
    std::unique_lock lock(mutex);
    ++begun;
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    return {};
  });
  for (int i = 0; i < 5; ++i) {
    Ask("slow", fmt::format("{}", i), Now());
  }
  worker.Start();
  {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return begun > 0; }));
  }
  std::thread stopper([&] { worker.Stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  {
    const std::scoped_lock lock(mutex);
    release = true;
    changed.notify_all();
  }
  stopper.join();
  const Counts left = Counted();
  EXPECT_EQ(left.running, 0);
  EXPECT_EQ(left.waiting, 5 - begun);
  Worker next(*desk_, Options());
  next.Handle("slow", note_);
  EXPECT_EQ(next.RunDue().value_or(-1), 5 - begun);
  EXPECT_THAT(ran_, testing::Each(testing::HasSubstr("#1")));  // what never began has not used up an attempt
}

TEST(JobPause, DoublesUpToTheLongestAndIsSpread) {
  const RetryPolicy policy{.attempts = 100, .first = Seconds(10), .longest = Seconds(60)};
  EXPECT_EQ(Pause(policy, 1, 0.5), Seconds(10));
  EXPECT_EQ(Pause(policy, 2, 0.5), Seconds(20));
  EXPECT_EQ(Pause(policy, 3, 0.5), Seconds(40));
  EXPECT_EQ(Pause(policy, 4, 0.5), Seconds(60));
  EXPECT_EQ(Pause(policy, 1'000'000, 0.5), Seconds(60));
  EXPECT_EQ(Pause(policy, 1, 0.0), Seconds(8));
  EXPECT_LT(Pause(policy, 1, 0.999), Seconds(12));
}

}  // namespace
}  // namespace propolis::jobs
