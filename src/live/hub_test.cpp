#include "live/hub.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "base/ids.h"
#include "store/test_support.h"

namespace propolis::live {
namespace {

// Collects what a subscriber gets.
class Inbox {
 public:
  Sink AsSink() {
    return [this](const Frame& frame) {
      const std::scoped_lock lock(mutex_);
      frames_.push_back(*frame);
      changed_.notify_all();
      return frames_.size() < room_;
    };
  }
  std::vector<std::string> Await(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return frames_.size() >= count; });
    return frames_;
  }
  void Room(std::size_t room) { room_ = room; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> frames_;
  std::size_t room_ = SIZE_MAX;
};

const Filter kAll = [](const store::Event&, std::int64_t) { return true; };

class LiveHub : public testing::Test {
 protected:
  std::int64_t Emit(std::string kind, std::int64_t ticket, std::optional<OrganisationId> organisation = std::nullopt,
                    std::string payload = "{}") {
    return desk_
        ->Write([&](store::WriteTx& tx) -> Result<std::int64_t> {
          return tx.Emit({.kind = kind, .organisation = organisation, .ticket = ticket, .payload = payload});
        })
        .value_or(0);
  }
  // Frames that only carry the ticket's number, for short expectations.
  static HubOptions Short(std::size_t remembered = 4096) {
    return {.remembered = remembered,
            .event_frame =
                [](const store::StoredEvent& stored) {
                  return std::make_shared<const std::string>(fmt::format("{}:{}", stored.seq, stored.event.ticket));
                },
            .reset_frame =
                [](std::int64_t last) { return std::make_shared<const std::string>(fmt::format("reset {}", last)); },
            .start_frame =
                [](std::int64_t last) { return std::make_shared<const std::string>(fmt::format("start {}", last)); },
            .clock = nullptr};
  }
  using Frames = std::vector<std::string>;

  store::TestStore desk_;
};

TEST_F(LiveHub, FramesAreServerSentEvents) {
  Hub hub(*desk_);
  Inbox inbox;
  const auto subscription = hub.Subscribe(kAll, inbox.AsSink(), std::nullopt);
  inbox.Await(1);
  Emit("entry.added", 42, std::nullopt, "{\"a\":\n1}");
  EXPECT_EQ(inbox.Await(2),
            (Frames{"id: 0\n\n",
                    "id: 1\nevent: entry.added\ndata: {\"seq\":1,\"kind\":\"entry.added\",\"ticket\":42,"
                    "\"at\":\"2026-03-02T09:00:00Z\",\"payload\":{\"a\": 1}}\n\n"}));
}

TEST_F(LiveHub, EventsComeInOrderAndOnlyWhereTheyMay) {
  const auto ours = OrganisationId::New(desk_.clock->Now());
  const auto theirs = OrganisationId::New(desk_.clock->Now());
  Hub hub(*desk_, Short());
  Inbox all;
  Inbox customer;
  const auto first = hub.Subscribe(kAll, all.AsSink(), 0);
  const auto second = hub.Subscribe([&](const store::Event& event, std::int64_t) { return event.organisation == ours; },
                                    customer.AsSink(), 0);
  Frames expected_all;
  Frames expected_customer;
  for (int i = 1; i <= 30; ++i) {
    const auto seq = Emit("a.b", i, i % 3 == 0 ? ours : theirs);
    expected_all.push_back(fmt::format("{}:{}", seq, i));
    if (i % 3 == 0) {
      expected_customer.push_back(expected_all.back());
    }
  }
  EXPECT_EQ(all.Await(30), expected_all);
  EXPECT_EQ(customer.Await(10), expected_customer);
  EXPECT_EQ(hub.subscribers(), 2U);
}

TEST_F(LiveHub, OneWhoComesBackGetsWhatWasMissedOnce) {
  for (int i = 1; i <= 5; ++i) {
    Emit("a.b", i);
  }
  Hub hub(*desk_, Short());
  Inbox inbox;
  const auto subscription = hub.Subscribe(kAll, inbox.AsSink(), 3);
  EXPECT_EQ(inbox.Await(2), (Frames{"4:4", "5:5"}));
  Emit("a.b", 6);
  EXPECT_EQ(inbox.Await(3), (Frames{"4:4", "5:5", "6:6"}));
  Inbox current;
  const auto up_to_date = hub.Subscribe(kAll, current.AsSink(), 6);
  Emit("a.b", 7);
  EXPECT_EQ(current.Await(1), (Frames{"7:7"}));
}

TEST_F(LiveHub, TooLongAgoOrFromTheFutureIsAReset) {
  Hub hub(*desk_, Short(/*remembered=*/3));
  Inbox watcher;
  const auto watching = hub.Subscribe(kAll, watcher.AsSink(), 0);
  for (int i = 1; i <= 10; ++i) {
    Emit("a.b", i);
  }
  watcher.Await(10);
  Inbox just;
  const auto kept = hub.Subscribe(kAll, just.AsSink(), 7);
  EXPECT_EQ(just.Await(3), (Frames{"8:8", "9:9", "10:10"}));
  Inbox late;
  const auto too_late = hub.Subscribe(kAll, late.AsSink(), 6);
  Inbox early;
  const auto too_early = hub.Subscribe(kAll, early.AsSink(), 11);
  EXPECT_EQ(late.Await(1), (Frames{"reset 10"}));
  EXPECT_EQ(early.Await(1), (Frames{"reset 10"}));
  Emit("a.b", 11);
  EXPECT_EQ(late.Await(2), (Frames{"reset 10", "11:11"}));
}

TEST_F(LiveHub, ARestartedHubRemembersTheLatestEvents) {
  for (int i = 1; i <= 10; ++i) {
    Emit("a.b", i);
  }
  Hub hub(*desk_, Short(/*remembered=*/3));
  Inbox kept;
  const auto first = hub.Subscribe(kAll, kept.AsSink(), 8);
  EXPECT_EQ(kept.Await(2), (Frames{"9:9", "10:10"}));
  Inbox late;
  const auto second = hub.Subscribe(kAll, late.AsSink(), 6);
  EXPECT_EQ(late.Await(1), (Frames{"reset 10"}));
}

TEST_F(LiveHub, ASlowSubscriberIsDroppedAndHoldsUpNobody) {
  Hub hub(*desk_, Short());
  Inbox slow;
  slow.Room(2);
  Inbox quick;
  const auto first = hub.Subscribe(kAll, slow.AsSink(), 0);
  const auto second = hub.Subscribe(kAll, quick.AsSink(), 0);
  for (int i = 1; i <= 5; ++i) {
    Emit("a.b", i);
  }
  EXPECT_EQ(quick.Await(5).size(), 5U);
  EXPECT_EQ(slow.Await(2), (Frames{"1:1", "2:2"}));
}

TEST_F(LiveHub, AFailingFilterEndsOnlyItsSubscription) {
  Hub hub(*desk_, Short());
  Inbox broken;
  Inbox fine;
  const auto first =
      hub.Subscribe([](const store::Event&,
                       std::int64_t seq) -> bool { return seq == 1 ? true : throw std::runtime_error("made up"); },
                    broken.AsSink(), 0);
  const auto second = hub.Subscribe(kAll, fine.AsSink(), 0);
  for (int i = 1; i <= 3; ++i) {
    Emit("a.b", i);
  }
  EXPECT_EQ(fine.Await(3).size(), 3U);
  EXPECT_EQ(broken.Await(1), (Frames{"1:1"}));
}

TEST_F(LiveHub, NothingComesAfterTheHandleIsGone) {
  Hub hub(*desk_, Short());
  Inbox witness;
  const auto staying = hub.Subscribe(kAll, witness.AsSink(), 0);
  Inbox inbox;
  auto subscription = hub.Subscribe(kAll, inbox.AsSink(), 0);
  Emit("a.b", 1);
  EXPECT_EQ(inbox.Await(1).size(), 1U);
  subscription.reset();
  Emit("a.b", 2);
  witness.Await(2);
  EXPECT_EQ(inbox.Await(1).size(), 1U);
  EXPECT_EQ(hub.subscribers(), 1U);
}

TEST_F(LiveHub, AHandleMayOutliveTheHub) {
  Inbox inbox;
  Subscription subscription;
  {
    Hub hub(*desk_, Short());
    subscription = hub.Subscribe(kAll, inbox.AsSink(), std::nullopt);
  }
  subscription.reset();
}

TEST_F(LiveHub, WhatIsOnlyToldIsNeitherStoredNorNumbered) {
  HubOptions options;
  options.clock = desk_.clock;
  Hub hub(*desk_, options);
  Inbox inbox;
  const auto subscription = hub.Subscribe(kAll, inbox.AsSink(), 0);
  hub.Tell({.kind = "presence", .organisation = std::nullopt, .ticket = 7, .payload = "{\"doing\":\"typing\"}"});
  EXPECT_EQ(inbox.Await(1), (Frames{"event: presence\ndata: {\"seq\":0,\"kind\":\"presence\",\"ticket\":7,"
                                    "\"at\":\"2026-03-02T09:00:00Z\",\"payload\":{\"doing\":\"typing\"}}\n\n"}));
  EXPECT_EQ(desk_->Read([](store::ReadTx& tx) -> Result<std::int64_t> { return store::LastEvent(tx); }).value_or(-1),
            0);
}

// Subscribers come and go while events are written: each sees a gapless run from where it began.
TEST_F(LiveHub, ManySubscribersComeAndGo) {
  Hub hub(*desk_, Short());
  std::thread writer([&] {
    for (int i = 1; i <= 200; ++i) {
      Emit("a.b", i);
    }
  });
  std::vector<std::thread> readers;
  for (int t = 0; t < 6; ++t) {
    readers.emplace_back([&] {
      for (std::size_t round = 1; round <= 8; ++round) {
        Inbox inbox;
        const auto subscription = hub.Subscribe(kAll, inbox.AsSink(), 0);
        const Frames frames = inbox.Await(round * 20);
        for (std::size_t i = 0; i < frames.size(); ++i) {
          ASSERT_EQ(frames[i], fmt::format("{}:{}", i + 1, i + 1));
        }
      }
    });
  }
  writer.join();
  for (auto& reader : readers) {
    reader.join();
  }
}

}  // namespace
}  // namespace propolis::live
