#include "domain/oncall/desk_rota.h"

namespace propolis::oncall {

const dto::Type& DeskLayer::Dto() {
  static const dto::Type type =
      dto::Object<DeskLayer>("RotaLayerPeople", "People who take turns; it covers the layers below while it holds.")
          .Required("name", &DeskLayer::name, "")
          .Required("rotation", &DeskLayer::rotation, "When turns are handed over.")
          .Required("people", &DeskLayer::people, "In the order of their turns.")
          .Required("restrictions", &DeskLayer::restrictions, "When the layer holds; always when empty.")
          .Done();
  return type;
}

const dto::Type& DeskOverride::Dto() {
  static const dto::Type type = dto::Object<DeskOverride>("RotaOverride", "Other people on call for a while.")
                                    .Required("id", &DeskOverride::id, "")
                                    .Required("from", &DeskOverride::from, "")
                                    .Required("to", &DeskOverride::to, "")
                                    .Optional("in", &DeskOverride::in, "Who comes on call.")
                                    .Optional("out", &DeskOverride::out, "Who goes off call.")
                                    .Required("reason", &DeskOverride::reason, "")
                                    .Required("made_by", &DeskOverride::made_by, "Name of who made it.")
                                    .Required("made_at", &DeskOverride::made_at, "")
                                    .Done();
  return type;
}

const dto::Type& NextOnCall::Dto() {
  static const dto::Type type = dto::Object<NextOnCall>("RotaNext", "Who is on call next, and from when.")
                                    .Required("at", &NextOnCall::at, "")
                                    .Required("people", &NextOnCall::people, "Empty: nobody is.")
                                    .Done();
  return type;
}

const dto::Type& DeskRota::Dto() {
  static const dto::Type type =
      dto::Object<DeskRota>("Rota", "Who is on call.")
          .Required("id", &DeskRota::id, "")
          .Required("name", &DeskRota::name, "")
          .Required("zone", &DeskRota::zone, "IANA time zone of its wall-clock times.")
          .Required("layers", &DeskRota::layers, "The lowest first.")
          .Required("overrides", &DeskRota::overrides, "Those that have not ended, by their beginning.")
          .Required("on_call", &DeskRota::on_call, "Now. Empty: nobody is.")
          .Optional("next", &DeskRota::next, "The next hand-over to other people; absent: none within 400 days.")
          .Required("has_feed", &DeskRota::has_feed, "Whether a calendar link of it works.")
          .Required("version", &DeskRota::version, "")
          .Done();
  return type;
}

const dto::Type& NewRota::Dto() {
  static const dto::Type type =
      dto::Object<NewRota>("NewRota", "A new rota.")
          .Required("name", &NewRota::name, "", dto::Text(1, 80))
          .Required("zone", &NewRota::zone, "IANA time zone of its wall-clock times.", dto::Text(1, 64, "zone"))
          .Required("layers", &NewRota::layers, "The lowest first; people are ids of staff.",
                    dto::Items(0, kMostLayers))
          .Done();
  return type;
}

const dto::Type& RotaChange::Dto() {
  static const dto::Type type = dto::Object<RotaChange>("RotaChange", "What to change of a rota; layers are replaced.")
                                    .Optional("name", &RotaChange::name, "", dto::Text(1, 80))
                                    .Optional("zone", &RotaChange::zone, "", dto::Text(1, 64, "zone"))
                                    .Optional("layers", &RotaChange::layers, "", dto::Items(0, kMostLayers))
                                    .Done();
  return type;
}

const dto::Type& NewOverride::Dto() {
  static const dto::Type type =
      dto::Object<NewOverride>("NewRotaOverride", "Other people on call for a while: in for out, in as well, or out.")
          .Required("from", &NewOverride::from, "")
          .Required("to", &NewOverride::to, "")
          .Optional("in", &NewOverride::in, "Who comes on call.")
          .Optional("out", &NewOverride::out, "Who goes off call.")
          .Optional("reason", &NewOverride::reason, "For people.", dto::Text(0, 300))
          .Done();
  return type;
}

const dto::Type& Period::Dto() {
  static const dto::Type type = dto::Object<Period>("RotaPeriod", "At most 400 days.")
                                    .Required("from", &Period::from, "")
                                    .Required("to", &Period::to, "")
                                    .Done();
  return type;
}

const dto::Type& DeskTurn::Dto() {
  static const dto::Type type = dto::Object<DeskTurn>("RotaLayerTurn", "One person's turn in a layer.")
                                    .Required("from", &DeskTurn::from, "")
                                    .Required("to", &DeskTurn::to, "")
                                    .Required("person", &DeskTurn::person, "")
                                    .Done();
  return type;
}

const dto::Type& LayerTurns::Dto() {
  static const dto::Type type = dto::Object<LayerTurns>("RotaLayerTurns", "What one layer says.")
                                    .Required("name", &LayerTurns::name, "")
                                    .Required("turns", &LayerTurns::turns, "In order.")
                                    .Done();
  return type;
}

const dto::Type& DeskDuty::Dto() {
  static const dto::Type type = dto::Object<DeskDuty>("RotaOnCall", "Who is on call for a while.")
                                    .Required("from", &DeskDuty::from, "")
                                    .Required("to", &DeskDuty::to, "")
                                    .Required("people", &DeskDuty::people, "Empty: a gap.")
                                    .Required("overridden", &DeskDuty::overridden, "An override made it what it is.")
                                    .Done();
  return type;
}

const dto::Type& DeskSchedule::Dto() {
  static const dto::Type type =
      dto::Object<DeskSchedule>("RotaSchedule", "What the layers say, and who is on call.")
          .Required("from", &DeskSchedule::from, "")
          .Required("to", &DeskSchedule::to, "")
          .Required("layers", &DeskSchedule::layers, "The lowest first.")
          .Required("duties", &DeskSchedule::duties, "The final schedule: in order, without gaps.")
          .Done();
  return type;
}

const dto::Type& FeedLink::Dto() {
  static const dto::Type type =
      dto::Object<FeedLink>("RotaFeedLink", "A secret link to a calendar. It is in this answer and nowhere else.")
          .Required("url", &FeedLink::url, "For calendar programs.")
          .Done();
  return type;
}

}  // namespace propolis::oncall
