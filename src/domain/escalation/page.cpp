#include "domain/escalation/page.h"

namespace propolis::escalation {

const dto::Type& PageLine::Dto() {
  static const dto::Type type = dto::Object<PageLine>("PageRunLine", "Something that happened to a page.")
                                    .Required("at", &PageLine::at, "")
                                    .Required("act", &PageLine::act, "")
                                    .Optional("step", &PageLine::step, "Of the plan, from 1.")
                                    .Required("late", &PageLine::late, "It was due while the desk was down.")
                                    .Required("by", &PageLine::by, "Empty: the desk itself.")
                                    .Required("note", &PageLine::note, "")
                                    .Required("called", &PageLine::called, "Whom a step called.")
                                    .Done();
  return type;
}

const dto::Type& PageTicket::Dto() {
  static const dto::Type type = dto::Object<PageTicket>("PageRunTicket", "The ticket that people are called for.")
                                    .Required("number", &PageTicket::number, "")
                                    .Required("subject", &PageTicket::subject, "")
                                    .Required("priority", &PageTicket::priority, "")
                                    .Done();
  return type;
}

const dto::Type& Page::Dto() {
  static const dto::Type type =
      dto::Object<Page>("PageRun", "An escalation policy that runs for a ticket until somebody answers.")
          .Required("id", &Page::id, "")
          .Required("ticket", &Page::ticket, "")
          .Required("state", &Page::state, "")
          .Required("cause", &Page::cause, "`priority`: it became P1; `clock`: a deadline was missed.")
          .Required("policy", &Page::policy, "The policy's name.")
          .Required("note", &Page::note, "Of who asked for it.")
          .Required("started_at", &Page::started_at, "")
          .Required("steps", &Page::steps, "Of its plan, with all rounds.")
          .Required("steps_left", &Page::steps_left, "That have not been taken.")
          .Optional("step_at", &Page::step_at, "When the next step is due, while calling.")
          .Required("next", &Page::next, "Whom the next step would call now.")
          .Optional("acknowledged_by", &Page::acknowledged_by, "Who took it.")
          .Optional("acknowledged_at", &Page::acknowledged_at, "")
          .Optional("ended_at", &Page::ended_at, "")
          .Required("lines", &Page::lines, "What happened, oldest first.")
          .Done();
  return type;
}

const dto::Type& StartPage::Dto() {
  static const dto::Type type =
      dto::Object<StartPage>("StartPage", "Calls whoever is on call for a ticket.")
          .Required("note", &StartPage::note, "Why, for those who are called.", dto::Text(1, 500, "multiline"))
          .Optional("policy_id", &StartPage::policy_id, "The escalation policy; the team's when left out.")
          .Done();
  return type;
}

const dto::Type& HandBack::Dto() {
  static const dto::Type type =
      dto::Object<HandBack>("HandBackPage", "Gives a page back: the next step is taken at once.")
          .Required("note", &HandBack::note, "Why, and what is known so far.", dto::Text(1, 500, "multiline"))
          .Done();
  return type;
}

const dto::Type& PageByLink::Dto() {
  static const dto::Type type = dto::Object<PageByLink>("PageByLink", "A page as the link in a mail shows it.")
                                    .Required("ticket", &PageByLink::ticket, "")
                                    .Required("name", &PageByLink::name, "Who was called.")
                                    .Required("language", &PageByLink::language, "Hers.")
                                    .Required("state", &PageByLink::state, "")
                                    .Required("note", &PageByLink::note, "Of who asked for it.")
                                    .Required("started_at", &PageByLink::started_at, "")
                                    .Optional("acknowledged_by", &PageByLink::acknowledged_by, "Who took it.")
                                    .Required("mine", &PageByLink::mine, "Whether that is who was called by this link.")
                                    .Done();
  return type;
}

const dto::Type& AnswerPage::Dto() {
  static const dto::Type type =
      dto::Object<AnswerPage>("AnswerPage", "An answer to a page.")
          .Required("act", &AnswerPage::act, "")
          .Optional("note", &AnswerPage::note, "Needed to hand it back.", dto::Text(0, 500, "multiline"))
          .Done();
  return type;
}

}  // namespace propolis::escalation
