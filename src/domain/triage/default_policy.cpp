#include "domain/triage/policy.h"

namespace propolis::triage {

Policy DefaultPolicy() {
  using enum Priority;
  Policy policy;
  policy.version = 1;
  policy.matrix = {{kP1, kP1, kP2, kP3}, {kP1, kP2, kP3, kP3}, {kP2, kP3, kP3, kP4}, {kP3, kP3, kP4, kP4}};
  policy.impact = {
      {1,
       {"Extensive", "Extenso", "Extenso"},
       {"Several sites, a critical business service or regulated data are hit; or a whole layer of defence is gone "
        "(perimeter, identity, endpoint protection).",
        "Afecta a varias sedes, a un servicio crítico del negocio o a datos regulados; o falta toda una capa de "
        "defensa (perímetro, identidad, protección de equipos).",
        "Atinge vários locais, um serviço crítico do negócio ou dados regulados; ou falta toda uma camada de defesa "
        "(perímetro, identidade, proteção de equipamentos)."}},
      {2,
       {"Significant", "Significativo", "Significativo"},
       {"One site, one department or one important service is hit, or a layer of defence works only in part; there is "
        "no workaround that people can live with.",
        "Afecta a una sede, un departamento o un servicio importante, o una capa de defensa funciona solo en parte; "
        "no hay una alternativa aceptable.",
        "Atinge um local, um departamento ou um serviço importante, ou uma camada de defesa funciona só em parte; não "
        "há alternativa aceitável."}},
      {3,
       {"Moderate", "Moderado", "Moderado"},
       {"A few people or one system of lesser weight are hit, or there is a workaround; protection holds.",
        "Afecta a pocas personas o a un sistema de menor peso, o hay una alternativa; la protección se mantiene.",
        "Atinge poucas pessoas ou um sistema de menor peso, ou há uma alternativa; a proteção mantém-se."}},
      {4,
       {"Minor", "Menor", "Menor"},
       {"One person is hit in passing, or nobody: a question, a cosmetic fault, a planned change.",
        "Afecta de paso a una persona, o a nadie: una consulta, un fallo estético, un cambio planificado.",
        "Atinge uma pessoa de passagem, ou ninguém: uma dúvida, uma falha estética, uma mudança planejada."}}};
  policy.urgency = {
      {1,
       {"Critical", "Crítica", "Crítica"},
       {"Damage grows by the minute: an attack is under way, data is leaving, or business stands still now.",
        "El daño crece por minutos: hay un ataque en curso, salen datos o el negocio está parado ahora.",
        "O dano cresce a cada minuto: há um ataque em curso, dados estão saindo ou o negócio está parado agora."}},
      {2,
       {"High", "Alta", "Alta"},
       {"It will hurt within the working day: a weakness is exposed and known to be used, or a deadline is near.",
        "Hará daño dentro de la jornada: hay una debilidad expuesta que ya se explota, o vence un plazo.",
        "Vai causar dano dentro do dia útil: há uma fraqueza exposta que já é explorada, ou um prazo está próximo."}},
      {3,
       {"Medium", "Media", "Média"},
       {"It can wait a few working days without harm; the work has a date but no danger.",
        "Puede esperar unos días laborables sin daño; el trabajo tiene fecha, pero no hay peligro.",
        "Pode esperar alguns dias úteis sem dano; o trabalho tem data, mas não há perigo."}},
      {4,
       {"Low", "Baja", "Baixa"},
       {"No date matters: to know, to improve, to plan.", "No hay fecha que importe: saber, mejorar, planificar.",
        "Nenhuma data importa: saber, melhorar, planejar."}}};
  policy.apply_threshold = 0.8;
  policy.high_share_bound = 18;
  policy.no_approval_kinds = {TicketKind::kQuestion};
  return policy;
}

}  // namespace propolis::triage
