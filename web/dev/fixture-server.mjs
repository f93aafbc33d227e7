// A stand-in for the desk while drawing screens: `npm run build && npm run fixture`, then http://127.0.0.1:4199.
// Development only: it keeps everything in memory, checks nothing, and is no part of the product.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const port = Number(process.env.PORT ?? 4199);
const now = Date.now();
const iso = (minutes) => new Date(now + minutes * 60_000).toISOString().replace(/\.\d+Z/, 'Z');
const id = (n) => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const ref = (n, name) => ({ id: id(n), name });

const people = [
  'Inês Prado',
  'Rui Salgado',
  'Tomás Queiroz',
  'Carla Mejía',
  'Nuno Darque',
  'Elsa Brandt',
  'Marta Lindqvist',
].map((name, i) => ref(i + 1, name));
const [ines, rui, tomas, carla] = people;
const teams = [ref(21, 'Network security'), ref(22, 'Endpoint and identity')];
const orgs = [
  'Cooperativa Páramo Alto',
  'Northmere Utilities',
  'Clínica Vale Sereno',
  'Porto Alvorada Logística',
  'Harrow & Pike Insurance',
  'Seguros Río Manso',
].map((name, i) => ref(31 + i, name));
const technologies = [
  ['Network security', 'domain', 'Network security'],
  ['Basalt', 'vendor', 'Network security / Basalt'],
  ['Basalt Edge 400', 'product', 'Network security / Basalt / Edge 400'],
  ['Corvid EDR', 'product', 'Endpoint / Corvid / EDR'],
  ['Halite SIEM', 'product', 'Detection / Halite / SIEM'],
].map(([name, level, path], i) => ({
  id: id(51 + i),
  name,
  level,
  path,
  keywords: ['ipsec', 'vpn'].slice(0, i % 3),
  version: 1,
}));
const edge = { id: technologies[2].id, name: technologies[2].name };

const session = {
  kind: 'staff',
  ...ines,
  email: 'ines.prado@desk.example',
  language: process.env.FIXTURE_LANGUAGE ?? 'en',
  zone: 'America/Guayaquil',
  roles: ['agent', 'admin', 'manager', 'approver'],
  permissions: ['*'],
  csrf: 'fixture',
  teams: [teams[0]],
  preferences: {},
};

const count = 20430;
const letters = 'KWBTHDMCFJ';
const row = (n, priority, subject, state, org, channel, language, assignee, clock, more = {}) => ({
  id: id(100 + n),
  number: `PR-${count - n * 3}-${letters[n % 10]}`,
  subject,
  state,
  kind: 'fault',
  priority,
  organisation: orgs[org],
  requester: { name: 'Ana Paredes', email: 'ana.paredes@paramoalto.example' },
  assignee,
  team: teams[0],
  technology: edge,
  channel,
  language,
  created_at: iso(-600 - n * 40),
  updated_at: iso(-5 - n * 7),
  last_actor: n % 2 ? 'customer' : 'staff',
  unread: n % 3 === 0,
  clock,
  version: 3,
  ...more,
});
const runs = (kind, minutes) => ({ kind, state: 'running', due_at: iso(minutes), remaining_seconds: minutes * 60 });
const base = [
  row(0, 'P1', 'SIEM ingest stopped on both collectors', 'open', 1, 'phone', 'en', rui, {
    ...runs('next_response', -12.6),
    state: 'breached',
  }),
  row(
    1,
    'P1',
    'Túnel IPsec caído entre Quito y el centro de datos',
    'open',
    0,
    'mail',
    'es',
    ines,
    runs('next_response', 23.2),
  ),
  row(
    2,
    'P2',
    'Alerta de EDR: processo desconhecido no servidor de folha',
    'new',
    2,
    'api',
    'pt',
    undefined,
    runs('first_response', 6.8),
    { unread: true },
  ),
  row(
    3,
    'P2',
    'SIEM sem eventos do firewall de borda desde ontem',
    'open',
    3,
    'portal',
    'pt',
    ines,
    runs('keep_informed', 48),
    { unread: false },
  ),
  row(
    4,
    'P2',
    'Live patch: parser fault on mail gateway cluster',
    'in_approval',
    4,
    'api',
    'en',
    tomas,
    runs('resolution', 70),
  ),
  row(5, 'P3', 'Admin locked out after MFA device change', 'open', 1, 'chat', 'en', carla, runs('next_response', 151), {
    unread: true,
  }),
  row(6, 'P3', 'Certificado de inspección TLS vence el 30 de noviembre', 'waiting_customer', 5, 'mail', 'es', carla, {
    kind: 'resolution',
    state: 'paused',
    remaining_seconds: 27600,
  }),
  row(
    7,
    'P3',
    'Regla nueva para proveedor de nómina, sede norte',
    'open',
    0,
    'portal',
    'es',
    rui,
    runs('resolution', 1695),
  ),
  row(8, 'P4', 'Which log fields leave the country?', 'scheduled', 4, 'portal', 'en', undefined, {
    kind: 'resolution',
    state: 'paused',
    remaining_seconds: 90000,
  }),
  row(9, 'P4', 'Relatório trimestral: incluir filial de Braga', 'open', 3, 'mail', 'pt', rui, runs('resolution', 4440)),
];
const rows = [...base];
for (let i = 10; i < 400; i++) {
  const like = base[i % 10];
  rows.push({
    ...like,
    id: id(100 + i),
    number: `PR-${count - i * 3}-${letters[i % 10]}`,
    unread: i % 5 === 0,
    clock: runs('resolution', 90 + i * 13),
  });
}

const clock = (n, kind, state, started, due, target, elapsed, more = {}) => ({
  id: id(700 + n),
  kind,
  state,
  started_at: iso(started),
  due_at: iso(due),
  target_seconds: target,
  elapsed_seconds: elapsed,
  remaining_seconds: target - elapsed,
  policy: { id: id(81), name: '24×7 gold', version: 7 },
  calendar: ref(91, 'Around the clock'),
  ...more,
});
const evidence = {
  id: id(801),
  filename: 'ike-debug-qto-edge-02.pcap',
  size: 4200345,
  media_type: 'application/vnd.tcpdump.pcap',
  sha256: '9f2c41d0a7e35b8890cc11fe3376ab02de45f19877c0a1b2c3d4e5f6a7b7e08d',
  source: 'qto-edge-02 (standby)',
  collected_by: { kind: 'staff', name: 'Inês Prado' },
  collected_at: iso(-9),
  visibility: 'internal',
  custody: [
    { at: iso(-9), act: 'collected', by: 'Inês Prado' },
    { at: iso(-4), act: 'read', by: 'Rui Salgado' },
  ],
  intact: true,
};
const guess = (value, confidence, words, applied) => ({ value, confidence, words, applied });
const facts = [
  { criterion: 'certified', ok: true, text: 'Edge 400 level 3' },
  { criterion: 'on_shift', ok: true, text: 'on shift' },
  { criterion: 'language', ok: true, text: 'Spanish' },
  { criterion: 'capacity', ok: true, text: '7 of 10' },
];
const routing = {
  chosen: ines,
  at: iso(-64),
  ranking: [
    { staff: ines, score: 8.4, chosen: true, eligible: true, facts },
    {
      staff: rui,
      score: 6.1,
      chosen: false,
      eligible: true,
      facts: facts.map((one) => (one.criterion === 'certified' ? { ...one, text: 'Edge 400 level 2' } : one)),
    },
    {
      staff: carla,
      score: 2.3,
      chosen: false,
      eligible: false,
      facts: facts.map((one) =>
        one.criterion === 'certified' ? { ...one, ok: false, text: 'no valid certification' } : one,
      ),
    },
  ],
};
const entry = (seq, kind, minutes, author, more) => ({
  id: id(900 + seq),
  seq,
  kind,
  at: iso(minutes),
  author,
  visibility: kind === 'message' ? 'public' : 'internal',
  attachments: [],
  data: {},
  ...more,
});
const by = (one) => ({ kind: 'staff', ...one });
const ana = { kind: 'customer', id: id(41), name: 'Ana Paredes' };
const machine = { kind: 'system', name: 'machine' };
const entries = [
  entry(1, 'message', -70, ana, {
    body_text:
      'Desde las 12:50 el túnel IPsec entre Quito y el centro de datos no levanta. La fase 2 falla en edge-02. Es urgente, las cajas de tres agencias están paradas.',
    assurance: 'authenticated',
  }),
  entry(2, 'triage', -70, machine, { data: { field: 'technology', from: '', to: 'Basalt Edge 400', by: 'machine' } }),
  entry(3, 'routing', -69, machine, { data: { assignee: ines } }),
  entry(4, 'state_change', -66, by(ines), { data: { from: 'new', to: 'open' } }),
  entry(5, 'message', -48, by(ines), {
    body_text: 'Reproducido. Probamos en el nodo de respaldo; le escribo a las 15:00.',
    delivery: { state: 'sent' },
    recipients: {
      to: ['ana.paredes@paramoalto.example'],
      cc: ['noc@paramoalto.example', 'gerencia@paramoalto.example'],
    },
  }),
  entry(6, 'message', -37, ana, {
    body_text:
      'Seguimos sin túnel desde la actualización de las 12:50. Tres agencias trabajan sin conexión y la compensación cierra a las 18:00.',
    quoted_text: 'El domingo, Inês Prado escribió:\n> Reproducido. Probamos en el nodo de respaldo',
    assurance: 'authenticated',
  }),
  entry(7, 'note', -18, by(rui), {
    body_text: '@Inês same as PR-19822-R: firmware 7.4 drops DH group 5. Standby first.',
  }),
  entry(8, 'work_record', -10, by(ines), {
    data: {
      action: 'IKE proposal on qto-edge-02 (standby)',
      before: 'proposal aes256-sha256, dhgrp 5',
      after: 'proposal aes256gcm, dhgrp 20',
      command: 'set vpn ipsec phase2-interface QTO proposal aes256gcm',
      result: 'phase 2 up at 13:52:41, 0 drops in 5 min',
      ok: true,
    },
  }),
  entry(9, 'evidence', -9, by(ines), { data: { evidence_id: evidence.id }, attachments: [evidence] }),
  entry(10, 'promise', -8, by(ines), {
    data: { kind: 'eta', act: 'moved', at: iso(208), reason: 'vendor confirmed the change' },
  }),
  entry(11, 'approval', -4, by(ines), { data: { approval_id: id(951), act: 'asked' } }),
];
const ticketOf = (one) => ({
  ...one,
  asked_urgency: 1,
  impact: one.priority === 'P1' ? 2 : 3,
  urgency: one.priority === 'P1' ? 1 : one.priority === 'P2' ? 1 : 3,
  priority_reason: 'triage.reason_chosen',
  classification: {
    technology: { ...edge, confidence: 0.94, words: ['IPsec', 'fase 2', 'edge-02'], applied: true },
    kind: guess('fault', 0.88, ['caído', 'actualización'], true),
    impact: guess(3, 0.61, ['agencias'], false),
    language: 'es',
    by: 'machine',
    version: 'rules-12',
  },
  routing,
  clocks: [
    clock(1, 'first_response', 'met', -70, -55, 900, 372, { met_at: iso(-64) }),
    clock(2, 'next_response', 'running', -37, 23.2, 3600, 2210, { warn_at: iso(-1) }),
    clock(3, 'resolution', 'running', -70, 414, 28800, 4000),
  ],
  promises: [
    { id: id(961), kind: 'eta', at: iso(208), until: iso(238), by: ines, made_at: iso(-40), outcome: 'open', moved: 1 },
  ],
  approval: {
    id: id(951),
    ticket: { id: one.id, number: one.number },
    state: 'asked',
    summary: 'same change on the active node',
    resolution: 'El túnel vuelve a estar activo.',
    asked_by: ines,
    asked_at: iso(-4),
    approver: tomas,
    may_decide: false,
    why_not: 'You asked, so you cannot approve.',
  },
  contact: {
    id: id(41),
    name: 'Ana Paredes',
    email: 'ana.paredes@paramoalto.example',
    language: one.language ?? 'en',
    assurance: 'verified',
  },
  cc: ['noc@paramoalto.example'],
  watchers: [],
  links: [],
  allowed: ['waiting_customer', 'waiting_third_party', 'scheduled', 'merged', 'spam'],
  step: 3,
  reply_to: ['ana.paredes@paramoalto.example'],
});
const organisation = (one, i) => ({
  ...one,
  industry: ['Finance', 'Energy', 'Health', 'Logistics', 'Insurance', 'Insurance'][i],
  regulations: ['PCI DSS'],
  zone: 'America/Guayaquil',
  languages: ['es', 'en'],
  stage: 'production',
  notes: 'Clearing closes at 18:00.',
  domains: ['paramoalto.example'],
  technologies: technologies.slice(2).map(({ id: key, name }) => ({ id: key, name })),
  security_contacts: [{ name: 'Luis Andrade', phone: '+593 00 555 0142', email: 'soc@paramoalto.example' }],
  contract: {
    id: id(71),
    name: '24×7',
    policy: ref(81, 'Gold'),
    calendar: ref(91, 'Around the clock'),
    channels: ['mail'],
    languages: ['es'],
    starts_on: '2026-01-01',
    ends_on: '2027-03-31',
    version: 1,
  },
  open_tickets: 5 + i,
  csat: 4.6,
  version: 2,
});
const words = (en, es, pt) => ({ en, es, pt });
const policy = {
  version: 3,
  matrix: [
    ['P1', 'P1', 'P2', 'P3'],
    ['P1', 'P2', 'P3', 'P3'],
    ['P2', 'P3', 'P3', 'P4'],
    ['P3', 'P3', 'P4', 'P4'],
  ],
  impact: ['Extensive', 'Significant', 'Moderate', 'Minor'].map((name, i) => ({
    level: i + 1,
    title: words(name, name, name),
    criteria: words('Several sites stand still.', 'Varias sedes paradas.', 'Várias sedes paradas.'),
  })),
  urgency: ['Critical', 'High', 'Medium', 'Low'].map((name, i) => ({
    level: i + 1,
    title: words(name, name, name),
    criteria: words('No way round.', 'Sin alternativa.', 'Sem alternativa.'),
  })),
  apply_threshold: 0.8,
  high_share_bound: 18,
  no_approval_kinds: ['question'],
};
const series = [93.1, 93.8, 95.2, 94.2, 94.7, 95.6, 95.4, 94.6, 95.8, 96.2, 96, 95.8];
const group = (one, i) => ({
  ...one,
  open: 31 - i * 7,
  opened: 120 - i * 20,
  resolved: 118 - i * 19,
  sla_kept: 96.1 - i,
  first_response_median_seconds: 520 + i * 80,
  resolution_median_seconds: 15200 + i * 900,
  csat: 4.6 - i * 0.1,
  high_share: [14, 34, 12, 26, 9, 11][i],
});
const figures = {
  open_now: 86,
  opened: 240,
  resolved: 251,
  sla_kept: 95.8,
  first_response_median_seconds: 520,
  resolution_median_seconds: 15300,
  csat: 4.6,
  csat_answers: 212,
  promises_kept: 91,
};
const dashboard = {
  ...figures,
  from: iso(-84 * 1440),
  to: iso(0),
  previous: {
    ...figures,
    open_now: 93,
    sla_kept: 94.9,
    first_response_median_seconds: 595,
    csat: 4.5,
    promises_kept: 94,
    resolved: 240,
  },
  weeks: series.map((sla, i) => ({
    week: `2026-W${36 + i}`,
    opened: 60 + ((i * 7) % 23),
    resolved: 58 + ((i * 11) % 27),
    sla_kept: sla,
    sla_kept_high: Math.min(98, sla + ((i * 3) % 5) - 1),
    first_response_median_seconds: 700 - i * 15,
    csat: 4.3 + i * 0.03,
    high_share: [14, 13, 14.6, 14.2, 15.3, 15, 16.3, 16.7, 17.2, 18.6, 19.8, 21][i],
  })),
  backlog_by_age: [
    { bucket: 'under_4h', P1: 2, P2: 5, P3: 9, P4: 3 },
    { bucket: '4h_24h', P1: 1, P2: 6, P3: 14, P4: 5 },
    { bucket: '1d_3d', P1: 0, P2: 3, P3: 12, P4: 7 },
    { bucket: '3d_7d', P1: 0, P2: 1, P3: 5, P4: 6 },
    { bucket: 'over_7d', P1: 0, P2: 0, P3: 3, P4: 4 },
  ],
  by_team: teams.map(group),
  by_technology: technologies.slice(2).map(group),
  by_organisation: orgs.map(group),
  csat_scores: [151, 40, 13, 5, 3].map((n, i) => ({ score: 5 - i, count: n })),
  comments: [
    {
      score: 5,
      comment: 'Avisaram antes de eu perguntar.',
      organisation: 'Clínica Vale Sereno',
      number: 'PR-20361-F',
      at: iso(-4000),
    },
  ],
  promises: { kept: 107, moved: 7, broken: 4, open: 9 },
  needs_you: { overdue: 1, approvals: 2, promises_due: 3, oldest_overdue: { id: base[0].id, number: base[0].number } },
  certification_gaps: [
    { technology: ref(55, 'Halite SIEM'), level: 3, holders: 1, state: 'gap' },
    { technology: ref(53, 'Basalt Edge 400'), level: 3, holders: 2, expires_on: '2026-12-19', state: 'soon' },
  ],
};
const view = (key, group, n, more = {}) => ({ key, group, count: n, alert: false, ...more });
const team = (t) => ({ name: t.name, team_id: t.id });
const views = [
  view('my_open', 'mine', 7),
  view('to_approve', 'mine', 2),
  view('mentions', 'mine', 1),
  ...teams.flatMap((t, i) => [
    view(`team_open:${t.id}`, 'team', 31 - i * 9, team(t)),
    view(`team_due:${t.id}`, 'team', 3, { ...team(t), alert: true }),
    view(`team_overdue:${t.id}`, 'team', 1, { ...team(t), alert: true }),
    view(`team_unassigned:${t.id}`, 'team', 4, team(t)),
    view(`team_waiting:${t.id}`, 'team', 11, team(t)),
    view(`team_scheduled:${t.id}`, 'team', 5, team(t)),
  ]),
  view('desk_new', 'desk', 6),
  view('desk_open', 'desk', 86),
  view('desk_incidents', 'desk', 2),
  view('desk_promises', 'desk', 9),
  view('desk_resolved', 'desk', 18),
  view('desk_all', 'desk', 400),
];
const items = (list) => ({ items: list });
const staff = (one, i) => ({
  ...one,
  email: `${one.name.split(' ')[0].toLowerCase()}@desk.example`,
  language: 'en',
  languages: ['en', 'es'],
  zone: 'America/Guayaquil',
  roles: ['agent'],
  teams: [teams[0]],
  active: true,
  capacity: 10,
  open_tickets: 7 - (i % 4),
  on_shift: i % 3 !== 2,
  calendar: ref(91, 'Around the clock'),
  version: 1,
});
const calendar = {
  ...ref(91, 'Around the clock'),
  zone: 'Etc/UTC',
  week: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => ({
    day,
    windows: [{ from: '00:00', to: '24:00' }],
  })),
  exceptions: [],
  holidays: [],
  open_now: true,
  version: 1,
};
const sla = {
  ...ref(81, 'Gold'),
  version: 7,
  targets: [
    { priority: 'P1', clock: 'first_response', seconds: 900 },
    { priority: 'P1', clock: 'resolution', seconds: 28800 },
  ],
  pauses: [{ clock: 'resolution', states: ['waiting_customer'] }],
  warn_percent: 75,
};
const article = {
  ...ref(71, ''),
  title: 'IKE fails after firmware 7.4',
  body: '# IKE\n\nFirmware **7.4** drops DH group 5.\n\n- change the proposal',
  body_html: '<h3>IKE</h3><p>Firmware <strong>7.4</strong> drops DH group 5.</p>',
  language: 'en',
  visibility: 'public',
  tags: ['ipsec'],
  state: 'published',
  updated_at: iso(-9000),
  by: rui,
  version: 2,
};
const snippets = [
  {
    id: id(75),
    key: 'update',
    title: words('Next update', 'Próxima noticia', 'Próxima notícia'),
    body: words(
      'Dear {{first_name}}, we write again at {{when}}.',
      'Estimada {{first_name}}, le escribimos a las {{when}}.',
      'Prezada {{first_name}}, escrevemos às {{when}}.',
    ),
    version: 1,
  },
];
let draft;

const routes = [
  ['GET', /^\/session$/, () => session],
  ['PATCH', /^\/session$/, (_, body) => Object.assign(session, body)],
  ['POST', /^\/session$/, () => session],
  [
    'GET',
    /^\/about$/,
    () => ({
      name: 'Propolis',
      version: '0.1.0',
      language: 'en',
      desk_name: 'Propolis',
      mail_address: 'desk@desk.example',
    }),
  ],
  ['GET', /^\/views$/, () => items(views)],
  [
    'GET',
    /^\/tickets$/,
    (_, __, query) => {
      const limit = Number(query.get('limit') ?? 50);
      const at = Number(query.get('cursor') ?? 0);
      return {
        items: rows.slice(at, at + limit),
        next_cursor: at + limit < rows.length ? String(at + limit) : undefined,
        total: rows.length,
      };
    },
  ],
  [
    'POST',
    /^\/tickets\/bulk$/,
    (_, body) => ({
      results: body.ids.map((key, i) =>
        i % 4 === 3 ? { id: key, ok: false, problem: { detail: 'This ticket is closed.' } } : { id: key, ok: true },
      ),
    }),
  ],
  [
    'GET',
    /^\/tickets\/([^/]+)$/,
    ([key]) => {
      const one = rows.find((r) => r.number === key || r.id === key);
      return one && ticketOf(one);
    },
  ],
  [
    'PATCH',
    /^\/tickets\/([^/]+)$/,
    ([key], body) => {
      const one = rows.find((r) => r.number === key || r.id === key);
      return { ...ticketOf(one), ...body };
    },
  ],
  ['GET', /^\/tickets\/[^/]+\/entries$/, () => items(entries)],
  ['GET', /^\/tickets\/[^/]+\/clocks$/, () => items(ticketOf(base[1]).clocks)],
  [
    'GET',
    /^\/tickets\/[^/]+\/clocks\/[^/]+\/explain$/,
    () => ({
      clock: ticketOf(base[1]).clocks[1],
      segments: [
        {
          from: iso(-37),
          to: iso(0),
          seconds: 2220,
          counted: true,
          why: 'running',
          text: 'inside the calendar, waiting for us',
        },
      ],
      events: [],
      text: 'Started by the customer’s message at 13:25; one hour of working time under 24×7 gold v7.',
    }),
  ],
  ['GET', /^\/tickets\/[^/]+\/evidence$/, () => items([evidence])],
  ['GET', /^\/tickets\/[^/]+\/routing$/, () => routing],
  [
    'GET',
    /^\/tickets\/[^/]+\/history$/,
    () =>
      items([
        { at: iso(-70), by: 'machine', act: 'ticket.create', details: { channel: 'mail' } },
        { at: iso(-40), by: 'Inês Prado', act: 'ticket.triage', details: { impact: 2, urgency: 1 } },
      ]),
  ],
  ['GET', /^\/tickets\/[^/]+\/presence$/, () => items([{ staff: rui, doing: 'viewing', since: iso(-2) }])],
  ['POST', /^\/tickets\/[^/]+\/presence$/, () => items([])],
  ['GET', /^\/tickets\/[^/]+\/draft$/, () => draft],
  [
    'PUT',
    /^\/tickets\/[^/]+\/draft$/,
    (_, body) => {
      draft = { ...body, saved_at: iso(0) };
      return draft;
    },
  ],
  [
    'DELETE',
    /^\/tickets\/[^/]+\/draft$/,
    () => {
      draft = undefined;
    },
  ],
  [
    'POST',
    /^\/tickets\/[^/]+\/messages$/,
    (_, body) => {
      const made = entry(entries.length + 1, 'message', 0, by(ines), {
        body_text: body.body,
        delivery: { state: 'queued' },
        at: new Date().toISOString(),
      });
      entries.push(made);
      return made;
    },
  ],
  [
    'POST',
    /^\/tickets\/[^/]+\/notes$/,
    (_, body) => {
      const made = entry(entries.length + 1, 'note', 0, by(ines), {
        body_text: body.body,
        at: new Date().toISOString(),
      });
      entries.push(made);
      return made;
    },
  ],
  ['GET', /^\/organisations$/, () => items(orgs.map(organisation))],
  [
    'GET',
    /^\/organisations\/([^/]+)$/,
    ([key]) => {
      const i = orgs.findIndex((one) => one.id === key);
      return i >= 0 ? organisation(orgs[i], i) : undefined;
    },
  ],
  ['GET', /^\/staff\/names$/, () => items(people.map((one) => ({ ...one, on_shift: true })))],
  ['GET', /^\/staff$/, () => items(people.map(staff))],
  ['GET', /^\/staff\/[^/]+$/, () => staff(ines, 0)],
  [
    'GET',
    /^\/teams$/,
    () =>
      items(
        teams.map((one) => ({
          ...one,
          calendar: ref(91, 'Around the clock'),
          members: people.slice(0, 4),
          open_tickets: 31,
          version: 1,
        })),
      ),
  ],
  ['GET', /^\/technologies$/, () => items(technologies)],
  ['GET', /^\/calendars$/, () => items([calendar])],
  ['GET', /^\/policies$/, () => items([sla])],
  ['GET', /^\/triage\/policy$/, () => policy],
  [
    'GET',
    /^\/triage\/rules$/,
    () =>
      items([
        {
          id: id(77),
          name: 'IPsec',
          words: ['ipsec', 'túnel', 'fase 2'],
          technology: edge,
          kind: 'fault',
          weight: 0.6,
          active: true,
          version: 1,
        },
      ]),
  ],
  ['GET', /^\/articles$/, () => items([article])],
  ['GET', /^\/articles\/[^/]+$/, () => article],
  ['GET', /^\/snippets$/, () => items(snippets)],
  [
    'GET',
    /^\/keys$/,
    () => items([{ id: id(78), name: 'Monitoring', scopes: ['ticket.create'], created_at: iso(-9000) }]),
  ],
  [
    'GET',
    /^\/audit$/,
    () =>
      items(
        [1, 2, 3].map((seq) => ({
          seq,
          at: iso(-seq * 9),
          actor: { kind: 'staff', ...ines },
          act: 'ticket.reply',
          ticket: base[1].number,
          outcome: seq === 2 ? 'denied' : 'done',
          details: { entry: seq },
        })),
      ),
  ],
  [
    'GET',
    /^\/search$/,
    (_, __, query) => ({
      items: base.slice(0, 5).map((one) => ({
        type: 'ticket',
        id: one.id,
        number: one.number,
        title: one.subject,
        snippet_html: 'el túnel <mark>IPsec</mark> entre Quito',
        at: one.updated_at,
        organisation: one.organisation,
        state: one.state,
        priority: one.priority,
      })),
      total: { value: 5, capped: false },
      query: { text: query.get('q'), problems: [] },
    }),
  ],
  ['GET', /^\/reports\/dashboard$/, () => dashboard],
];

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  if (url.pathname === '/api/v1/events') {
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write(': open\n\n');
    return;
  }
  if (url.pathname.startsWith('/api/v1/')) {
    let text = '';
    for await (const part of req) text += part;
    const path = url.pathname.slice('/api/v1'.length);
    for (const [method, pattern, answer] of routes) {
      const match = method === req.method && pattern.exec(path);
      if (!match) continue;
      const made = answer(
        match.slice(1).map(decodeURIComponent),
        text.startsWith('{') ? JSON.parse(text) : undefined,
        url.searchParams,
      );
      res.writeHead(made === undefined ? 204 : 200, { 'Content-Type': 'application/json' });
      res.end(made === undefined ? undefined : JSON.stringify(made));
      return;
    }
    res.writeHead(req.method === 'GET' ? 404 : 204, { 'Content-Type': 'application/problem+json' });
    res.end(
      req.method === 'GET' ? JSON.stringify({ title: 'Not in the fixture', status: 404, detail: path }) : undefined,
    );
    return;
  }
  const page = /^\/portal/.test(url.pathname)
    ? '/portal.html'
    : /^\/survey/.test(url.pathname)
      ? '/survey.html'
      : /^\/(sign-in|setup)/.test(url.pathname)
        ? '/sign-in.html'
        : '/index.html';
  const wanted = join(dist, url.pathname);
  const file = extname(url.pathname) && existsSync(wanted) ? wanted : join(dist, page);
  res.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': csp,
  });
  createReadStream(file).pipe(res);
}).listen(port, '127.0.0.1', () => console.log(`fixture on http://127.0.0.1:${port}`));
