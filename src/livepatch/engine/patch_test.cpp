#include "livepatch/engine/patch.h"

#include <cstring>

#include "base/crypto.h"
#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

constexpr Time kNow = Time{std::chrono::seconds(1'800'000'000)};

// The smallest sound plan: one function, one page of code.
std::string SmallPlan(std::uint32_t level = 1, std::int64_t expires = 0) {
  PlanHeader header = {};
  std::memcpy(header.magic, kPlanMagic, sizeof header.magic);
  header.level = level;
  header.expires = expires;
  header.build_id[0] = 0xab;
  header.build_id_size = 1;
  header.text_size = kPageBytes;
  header.probe = kNone;
  std::string plan(sizeof header, '\0');
  header.image = {static_cast<std::uint32_t>(plan.size()), kPageBytes};
  plan += std::string(kPageBytes, '\xcc');
  const PlanFunction function = {0x100e, 4, 0, 0x10, 0};
  header.functions = {static_cast<std::uint32_t>(plan.size()), 1};
  plan.append(reinterpret_cast<const char*>(&function), sizeof function);
  header.relocations = header.imports = {static_cast<std::uint32_t>(plan.size()), 0};
  header.strings = {static_cast<std::uint32_t>(plan.size()), 2};
  plan += std::string("f\0", 2);
  header.old_code = {static_cast<std::uint32_t>(plan.size()), 18};
  plan += std::string(14, '\x90') + "\x66\x90\x90\xc3";
  header.size = static_cast<std::uint32_t>(plan.size());
  std::memcpy(plan.data(), &header, sizeof header);
  return plan;
}

PatchParts SmallPatch(std::int64_t level = 1, std::optional<Time> expires = {}) {
  PatchParts parts;
  parts.plan = SmallPlan(static_cast<std::uint32_t>(level),
                         expires ? std::chrono::floor<Seconds>(*expires).time_since_epoch().count() : 0);
  Manifest manifest;
  manifest.id = "PP-1";
  manifest.title = "A test";
  manifest.level = level;
  manifest.build_id = "ab";
  manifest.expires = expires;
  manifest.created = kNow;
  manifest.plan_digest = crypto::Hex(crypto::Sha256(parts.plan));
  manifest.functions = {{"f", "f()", 4, std::string(64, '0')}};
  parts.manifest = dto::ToJson(manifest);
  return parts;
}

TrustedKeys Trust(const std::vector<SecretKey>& keys, std::size_t approvals = 1) {
  std::string text = "# who may mend\napprovals " + std::to_string(approvals) + "\n";
  for (const SecretKey& key : keys) {
    text += key.Public() + " somebody\n";
  }
  return *TrustedKeys::Parse(text);
}

std::string MessageOf(const Result<Manifest>& result) { return result ? "sound" : result.error().message; }

class PatchTest : public testing::Test {
 protected:
  void SetUp() override { crypto::Start(); }
};

TEST_F(PatchTest, ASignedPatchIsTrusted) {
  const auto key = SecretKey::Make();
  auto parts = SmallPatch();
  Sign(parts, key);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow)), "sound");
}

TEST_F(PatchTest, EveryBitThatChangesIsNoticed) {
  const auto key = SecretKey::Make();
  const auto trusted = Trust({key});
  auto parts = SmallPatch();
  Sign(parts, key);
  const std::string sound = WritePatch(parts);
  for (std::size_t at = 0; at < sound.size(); at += at < 600 || at + 200 > sound.size() ? 1 : 61) {
    for (const int bit : {0, 7}) {
      std::string bent = sound;
      bent[at] = static_cast<char>(bent[at] ^ (1 << bit));
      EXPECT_NE(MessageOf(Verify(bent, trusted, kNow)), "sound") << "byte " << at;
    }
  }
  for (std::size_t size = 0; size < sound.size(); size += 97) {
    EXPECT_NE(MessageOf(Verify(sound.substr(0, size), trusted, kNow)), "sound") << size << " bytes";
  }
}

TEST_F(PatchTest, TheKeyCounts) {
  auto parts = SmallPatch();
  const auto key = SecretKey::Make();
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow)), "livepatch.untrusted");
  Sign(parts, SecretKey::Make());
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow)), "livepatch.untrusted");
  Sign(parts, key);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow)), "sound");
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), TrustedKeys{}, kNow)), "livepatch.untrusted");
}

TEST_F(PatchTest, TwoApprovalsAreTwoPeople) {
  const auto one = SecretKey::Make();
  const auto two = SecretKey::Make();
  const auto trusted = Trust({one, two}, 2);
  auto parts = SmallPatch();
  Sign(parts, one);
  Sign(parts, one);
  EXPECT_EQ(parts.signatures.size(), 1);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), trusted, kNow)), "livepatch.untrusted");
  parts.signatures.push_back(parts.signatures[0]);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), trusted, kNow)), "livepatch.untrusted");
  parts.signatures.pop_back();
  Sign(parts, two);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), trusted, kNow)), "sound");
}

TEST_F(PatchTest, ItExpires) {
  const auto key = SecretKey::Make();
  auto parts = SmallPatch(1, kNow);
  Sign(parts, key);
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow)), "sound");
  EXPECT_EQ(MessageOf(Verify(WritePatch(parts), Trust({key}), kNow + Seconds(1))), "livepatch.expired");
}

TEST_F(PatchTest, ManifestAndPlanAgree) {
  const auto key = SecretKey::Make();
  const auto with = [&](PatchParts parts) {
    Sign(parts, key);
    return MessageOf(Verify(WritePatch(parts), Trust({key}), kNow));
  };
  auto parts = SmallPatch(2);
  parts.plan = SmallPlan(3);
  EXPECT_EQ(with(parts), "livepatch.contradiction");
  parts = SmallPatch();
  parts.plan[200] = static_cast<char>(parts.plan[200] ^ 1);
  EXPECT_EQ(with(parts), "livepatch.contradiction");
  parts = SmallPatch();
  parts.plan.resize(100);
  EXPECT_EQ(with(parts), "livepatch.bad_plan");
  parts = SmallPatch();
  parts.manifest.replace(parts.manifest.find("\"ab\""), 4, "\"ac\"");
  EXPECT_EQ(with(parts), "livepatch.contradiction");
  parts = SmallPatch();
  parts.manifest.replace(parts.manifest.find("\"name\":\"f\""), 10, "\"name\":\"g\"");
  EXPECT_EQ(with(parts), "livepatch.contradiction");
}

TEST_F(PatchTest, KeysAreReadLineByLine) {
  const auto key = SecretKey::Make();
  EXPECT_EQ(SecretKey::Parse(key.Text())->bytes, key.bytes);
  EXPECT_FALSE(SecretKey::Parse("propolis-livepatch-secret-1 AAAA"));
  EXPECT_EQ(TrustedKeys::Parse("approvals 0\n").error().args[0].value, "1");
  EXPECT_EQ(TrustedKeys::Parse("# a\n\ned25519:AAAA\n").error().args[0].value, "3");
  EXPECT_EQ(TrustedKeys::Parse(key.Public() + " Ana\n")->keys.size(), 1);
}

TEST(Plan, NothingOutsideIsBelieved) {
  const std::string sound = SmallPlan();
  const auto fault = [](const std::string& plan) {
    std::vector<std::uint64_t> copy(plan.size() / 8 + 1);
    std::memcpy(copy.data(), plan.data(), plan.size());
    return FaultOfPlan(copy.data(), plan.size());
  };
  ASSERT_EQ(fault(sound), nullptr);
  // Any field of the header set to something huge is refused, or means nothing.
  for (std::size_t at = 8; at < sizeof(PlanHeader); at += 4) {
    const bool free_to_be = at == 12 || (at >= 16 && at < 56) || at + 4 == sizeof(PlanHeader);
    std::string bent = sound;
    const std::uint32_t huge = 0xfffffff0;
    std::memcpy(bent.data() + at, &huge, sizeof huge);
    if (!free_to_be) {
      EXPECT_NE(fault(bent), nullptr) << "at " << at;
    }
  }
  // An entry at an odd address might lie on two pages.
  std::string odd = sound;
  const PlanFunction function = {0x1007, 4, 0, 0x10, 0};
  std::memcpy(odd.data() + sizeof(PlanHeader) + kPageBytes, &function, sizeof function);
  EXPECT_NE(fault(odd), nullptr);
}

}  // namespace
}  // namespace propolis::livepatch
