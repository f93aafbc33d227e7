#include "domain/report/dashboard.h"

namespace propolis::report {

const dto::Type& Filter::Dto() {
  static const dto::Type type = dto::Object<Filter>("DashboardQuery", "Which period and part of the desk.")
                                    .Optional("from", &Filter::from, "Beginning; 12 weeks back when left out.")
                                    .Optional("to", &Filter::to, "End; now when left out.")
                                    .Optional("team", &Filter::team, "Only this team's.")
                                    .Optional("organisation", &Filter::organisation, "Only this customer's.")
                                    .Optional("technology", &Filter::technology, "Only this technology's.")
                                    .Done();
  return type;
}

const dto::Type& Figures::Dto() {
  static const dto::Type type =
      dto::Object<Figures>("Figures", "The figures of one period.")
          .Required("open_now", &Figures::open_now, "Open tickets, now or at the end of the period before.")
          .Required("opened", &Figures::opened, "Opened in the period.")
          .Required("resolved", &Figures::resolved, "Resolved in the period.")
          .Optional("sla_kept", &Figures::sla_kept, "Percent of the resolved whose clocks were all met.")
          .Optional("first_response_median_seconds", &Figures::first_response_median_seconds, "Working seconds.")
          .Optional("resolution_median_seconds", &Figures::resolution_median_seconds, "Working seconds.")
          .Optional("csat", &Figures::csat, "Mean score, 1 to 5.")
          .Required("csat_answers", &Figures::csat_answers, "How many answered.")
          .Optional("promises_kept", &Figures::promises_kept, "Percent of the settled ones.")
          .Required("etas", &Figures::etas, "Promised ETAs, kept or broken, of the resolved.")
          .Optional("eta_error_median_seconds", &Figures::eta_error_median_seconds,
                    "Resolution less ETA, by the wall clock: half are no later; negative is earlier.")
          .Optional("eta_error_p90_seconds", &Figures::eta_error_p90_seconds, "Nine in ten are no later.")
          .Done();
  return type;
}

const dto::Type& Week::Dto() {
  static const dto::Type type =
      dto::Object<Week>("DashboardWeek", "One ISO week.")
          .Required("week", &Week::week, "2026-W47.")
          .Required("opened", &Week::opened, "Opened.")
          .Required("resolved", &Week::resolved, "Resolved.")
          .Optional("sla_kept", &Week::sla_kept, "Percent.")
          .Optional("sla_kept_high", &Week::sla_kept_high, "Percent, of P1 and P2.")
          .Optional("first_response_median_seconds", &Week::first_response_median_seconds, "Working seconds.")
          .Optional("csat", &Week::csat, "Mean score.")
          .Optional("high_share", &Week::high_share, "Percent of P1 and P2 of the opened.")
          .Done();
  return type;
}

const dto::Type& Age::Dto() {
  static const dto::Type type = dto::Object<Age>("BacklogAge", "Open tickets of one age, by priority.")
                                    .Required("bucket", &Age::bucket, "under_4h, 4h_24h, 1d_3d, 3d_7d, over_7d.")
                                    .Required("P1", &Age::P1, "P1.")
                                    .Required("P2", &Age::P2, "P2.")
                                    .Required("P3", &Age::P3, "P3.")
                                    .Required("P4", &Age::P4, "P4.")
                                    .Done();
  return type;
}

const dto::Type& Group::Dto() {
  static const dto::Type type =
      dto::Object<Group>("DashboardGroup", "One team, technology or organisation.")
          .Required("id", &Group::id, "Its id.")
          .Required("name", &Group::name, "Its name.")
          .Required("open", &Group::open, "Open now.")
          .Required("opened", &Group::opened, "Opened.")
          .Required("resolved", &Group::resolved, "Resolved.")
          .Optional("sla_kept", &Group::sla_kept, "Percent.")
          .Optional("first_response_median_seconds", &Group::first_response_median_seconds, "Working seconds.")
          .Optional("resolution_median_seconds", &Group::resolution_median_seconds, "Working seconds.")
          .Optional("csat", &Group::csat, "Mean score.")
          .Optional("high_share", &Group::high_share, "Percent of P1 and P2 of the opened.")
          .Done();
  return type;
}

const dto::Type& ScoreCount::Dto() {
  static const dto::Type type = dto::Object<ScoreCount>("ScoreCount", "How often a score was given.")
                                    .Required("score", &ScoreCount::score, "1 to 5.")
                                    .Required("count", &ScoreCount::count, "How often.")
                                    .Done();
  return type;
}

const dto::Type& Comment::Dto() {
  static const dto::Type type = dto::Object<Comment>("SurveyComment", "A customer's words.")
                                    .Required("score", &Comment::score, "1 to 5.")
                                    .Required("comment", &Comment::comment, "Her words.")
                                    .Optional("organisation", &Comment::organisation, "Whose.")
                                    .Required("number", &Comment::number, "About which ticket.")
                                    .Required("at", &Comment::at, "When.")
                                    .Done();
  return type;
}

const dto::Type& PromiseCounts::Dto() {
  static const dto::Type type = dto::Object<PromiseCounts>("PromiseCounts", "What became of promises.")
                                    .Required("kept", &PromiseCounts::kept, "Kept in the period.")
                                    .Required("moved", &PromiseCounts::moved, "Of the settled ones, moved before.")
                                    .Required("broken", &PromiseCounts::broken, "Broken in the period.")
                                    .Required("open", &PromiseCounts::open, "Open now.")
                                    .Done();
  return type;
}

const dto::Type& Oldest::Dto() {
  static const dto::Type type = dto::Object<Oldest>("OldestOverdue", "The ticket that waits longest past its deadline.")
                                    .Required("id", &Oldest::id, "Its id.")
                                    .Required("number", &Oldest::number, "Its number.")
                                    .Done();
  return type;
}

const dto::Type& NeedsYou::Dto() {
  static const dto::Type type = dto::Object<NeedsYou>("NeedsYou", "What somebody should look at now.")
                                    .Required("overdue", &NeedsYou::overdue, "Tickets past a deadline.")
                                    .Required("approvals", &NeedsYou::approvals, "Approvals the reader may decide.")
                                    .Required("promises_due", &NeedsYou::promises_due, "Promises due within a day.")
                                    .Optional("oldest_overdue", &NeedsYou::oldest_overdue, "The longest overdue.")
                                    .Done();
  return type;
}

const dto::Type& CertificationGap::Dto() {
  static const dto::Type type =
      dto::Object<CertificationGap>("CertificationGap", "Who could be given tickets of a technology.")
          .Required("technology", &CertificationGap::technology, "Which.")
          .Required("level", &CertificationGap::level, "At this level or above.")
          .Required("holders", &CertificationGap::holders, "Staff whose certification counts today.")
          .Optional("expires_on", &CertificationGap::expires_on, "The next to run out.")
          .Required("state", &CertificationGap::state, "gap, soon or ok.")
          .Done();
  return type;
}

const dto::Type& Dashboard::Dto() {
  static const dto::Type type = [] {
    dto::Type made = dto::Object<Dashboard>("Dashboard", "The desk's figures over a period.")
                         .Required("from", &Dashboard::from, "Beginning.")
                         .Required("to", &Dashboard::to, "End.")
                         .Required("previous", &Dashboard::previous, "The same of the period before.")
                         .Required("weeks", &Dashboard::weeks, "Week by week.")
                         .Required("backlog_by_age", &Dashboard::backlog_by_age, "Open tickets by age.")
                         .Required("by_team", &Dashboard::by_team, "By team, the busiest first, at most 50.")
                         .Required("by_technology", &Dashboard::by_technology, "By technology.")
                         .Required("by_organisation", &Dashboard::by_organisation, "By organisation.")
                         .Required("csat_scores", &Dashboard::csat_scores, "How often each score was given.")
                         .Required("comments", &Dashboard::comments, "The newest 20 comments.")
                         .Required("promises", &Dashboard::promises, "What became of promises.")
                         .Required("needs_you", &Dashboard::needs_you, "What needs somebody now.")
                         .Required("certification_gaps", &Dashboard::certification_gaps, "Who is certified for what.")
                         .Done();
    // A dashboard is the figures of its period and more; single inheritance keeps them at its beginning.
    made.members.insert(made.members.begin() + 2, Figures::Dto().members.begin(), Figures::Dto().members.end());
    return made;
  }();
  return type;
}

}  // namespace propolis::report
