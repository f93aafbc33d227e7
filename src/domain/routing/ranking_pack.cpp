// {"at": time, "gap": name, "ranking": [[id, name, score, eligible, [[ok, text, value...]...]]...]}: the facts in the
// order of their criteria, texts without "routing.", the first chosen where there is no gap.
#include "domain/routing/ranking.h"

namespace propolis::routing {
namespace {

constexpr std::string_view kPrefix = "routing.";

void PackOne(json::Writer& writer, const Ranked& ranked) {
  writer.BeginArray().String(ranked.staff.id).String(ranked.staff.name).Double(ranked.score).Bool(ranked.eligible);
  writer.BeginArray();
  for (const Fact& fact : ranked.facts) {
    writer.BeginArray().Bool(fact.ok).String(std::string_view(fact.text).substr(kPrefix.size()));
    for (const std::string& value : fact.values) {
      writer.String(value);
    }
    writer.EndArray();
  }
  writer.EndArray().EndArray();
}

std::string TextAt(json::View list, std::size_t at) {
  return at < list.Size() ? std::string(list.At(at).AsString().value_or("")) : std::string();
}

bool FlagAt(json::View list, std::size_t at) { return at < list.Size() && list.At(at).AsBool().value_or(false); }

Fact UnpackFact(json::View list, Criterion criterion) {
  Fact fact{criterion, FlagAt(list, 0), std::string(kPrefix) + TextAt(list, 1), {}};
  for (std::size_t i = 2; i < list.Size(); ++i) {
    fact.values.push_back(TextAt(list, i));
  }
  return fact;
}

Ranked UnpackOne(json::View list) {
  constexpr std::size_t kFacts = 4;
  Ranked ranked;
  ranked.staff = {TextAt(list, 0), TextAt(list, 1)};
  ranked.score = list.Size() > 2 ? list.At(2).AsDouble().value_or(0) : 0;
  ranked.eligible = FlagAt(list, 3);
  const auto& criteria = Names<Criterion>::kTable;
  for (std::size_t i = 0; list.Size() > kFacts && i < std::min(list.At(kFacts).Size(), criteria.size()); ++i) {
    ranked.facts.push_back(UnpackFact(list.At(kFacts).At(i), criteria[i].first));
  }
  return ranked;
}

}  // namespace

std::string Pack(const Routing& routing) {
  json::Writer writer;
  writer.BeginObject().Field("at", FormatTime(routing.at));
  if (routing.gap) {
    writer.Field("gap", NameOf(*routing.gap));
  }
  writer.Key("ranking").BeginArray();
  for (const Ranked& ranked : routing.ranking) {
    PackOne(writer, ranked);
  }
  writer.EndArray().EndObject();
  return writer.Take();
}

Result<Routing> Unpack(std::string_view packed, std::size_t most) {
  const auto document = TRY(json::Document::Parse(packed));
  const auto at = document.Root().Find("at");
  const auto time = at ? ParseTime(at->AsString().value_or("")) : std::nullopt;
  const auto ranking = document.Root().Find("ranking");
  if (!time || !ranking) {
    return Fail(Code::kInternal, "error.internal");
  }
  Routing routing;
  routing.at = *time;
  if (const auto gap = document.Root().Find("gap")) {
    routing.gap = FromName<Gap>(gap->AsString().value_or(""));
  }
  for (std::size_t i = 0; i < std::min(most, ranking->Size()); ++i) {
    routing.ranking.push_back(UnpackOne(ranking->At(i)));
  }
  if (!routing.gap && !routing.ranking.empty()) {
    routing.ranking.front().chosen = true;
    routing.chosen = routing.ranking.front().staff;
  }
  return routing;
}

}  // namespace propolis::routing
