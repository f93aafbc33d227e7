#include "domain/people/certification.h"

#include <gtest/gtest.h>

namespace propolis::people {
namespace {

constexpr std::string_view kToday = "2026-11-22";

Technology Node(int n, const std::string& name, std::optional<TechnologyId> parent = {}) {
  Technology technology;
  technology.id = TechnologyId::New(FromMicros(1000 + n));
  technology.parent_id = parent;
  technology.name = technology.path = name;
  return technology;
}

struct BoardTest : testing::Test {
  Technology domain = Node(0, "Network");
  Technology vendor = Node(1, "Basalt", domain.id);
  Technology edge = Node(2, "Edge", vendor.id);
  Technology core = Node(3, "Core", vendor.id);
  std::vector<Technology> tree = {domain, vendor, edge, core};

  static HeldSkill Held(const std::string& who, const Technology& what, int level,
                        std::optional<std::string> until = {}, std::optional<std::string> certification = "NSE 4") {
    return {.staff = {who, who},
            .technology = what.id,
            .technology_path = what.path,
            .level = level,
            .certification = std::move(certification),
            .certified_until = std::move(until)};
  }
  const Cover& Of(const CertificationBoard& board, const Technology& technology) {
    return *std::ranges::find(board.products, technology.id.ToString(), [](const Cover& c) { return c.technology.id; });
  }
};

TEST_F(BoardTest, TheLastDayStillCounts) {
  const auto board = MakeBoard(tree,
                               {Held("Ana", edge, 1, "2026-11-22"), Held("Rui", edge, 1, "2026-11-21"),
                                Held("Eva", edge, 1, "2027-01-22"), Held("Ivo", edge, 1), Held("Pia", edge, 3, {}, {})},
                               kToday);
  std::vector<std::string> told;
  for (const Certified& one : board.certifications) {
    told.push_back(one.staff.name + " " + std::string(NameOf(one.state)) +
                   (one.days_left ? " " + std::to_string(*one.days_left) : ""));
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{"Rui expired -1", "Ana expiring 0", "Eva valid 61", "Ivo valid", "Pia none"}));
  EXPECT_EQ(Of(board, edge).holders.size(), 3U);
}

TEST_F(BoardTest, WhatIsHeldAboveCoversWhatStandsBelow) {
  const auto board = MakeBoard(tree, {Held("Ana", edge, 1), Held("Rui", vendor, 2), Held("Ana", domain, 2)}, kToday);
  ASSERT_EQ(board.products.size(), 2U) << "products alone";
  EXPECT_EQ(board.products[0].technology.name, "Core");
  EXPECT_EQ(Of(board, core).holders.size(), 2U);
  EXPECT_EQ(Of(board, edge).holders.size(), 2U) << "Ana counts once";
  EXPECT_EQ(Of(board, edge).level_2, 2) << "by the best of her levels";
}

TEST_F(BoardTest, WhatNobodyHoldsComesFirstThenWhatHangsOnOne) {
  const auto board = MakeBoard(tree, {Held("Ana", edge, 1)}, kToday);
  ASSERT_EQ(board.products.size(), 2U);
  EXPECT_EQ(board.products[0].technology.name, "Core");
  EXPECT_TRUE(board.products[0].holders.empty());
  EXPECT_EQ(board.products[1].holders.size(), 1U);
  EXPECT_EQ(board.products[1].level_2, 0);
}

}  // namespace
}  // namespace propolis::people
