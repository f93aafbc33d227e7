// The people of the story: a customer's contact, a certified specialist, one whose certificate ran out, an approver, a manager.
export const kPassword = 'correct-horse-7-battery';
const kZone = 'America/Guayaquil';
const kDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const kTargets = {
  P1: { first_response: 15, next_response: 30, keep_informed: 60, resolution: 240 },
  P2: { first_response: 60, next_response: 120, keep_informed: 240, resolution: 480 },
  P3: { first_response: 240, next_response: 480, keep_informed: 1440, resolution: 2880 },
  P4: { first_response: 480, next_response: 1440, keep_informed: 2880, resolution: 7200 },
};

const targets = Object.entries(kTargets).flatMap(([priority, clocks]) =>
  Object.entries(clocks).map(([clock, minutes]) => ({ priority, clock, seconds: minutes * 60 })),
);

/** Fills an empty desk through its API. `language`: of the staff's console and of the customer. */
export async function seed(admin, language) {
  const languages = [...new Set([language, 'en', 'es', 'pt'])];
  const calendar = await admin.post('/calendars', {
    name: '24×7',
    zone: kZone,
    week: kDays.map((day) => ({ day, windows: [{ from: '00:00', to: '24:00' }] })),
    exceptions: [],
    holidays: [],
  });
  const policy = await admin.post('/policies', {
    name: 'Premium',
    targets,
    pauses: [{ clock: 'resolution', states: ['waiting_customer', 'scheduled'] }],
    steps: ['first_response', 'next_response', 'resolution'].map((clock) => ({ clock, percent: 75 })),
  });
  const domain = await admin.post('/technologies', {
    name: 'Perimeter security',
    level: 'domain',
    keywords: ['firewall'],
  });
  const vendor = await admin.post('/technologies', {
    name: 'Basalt',
    parent_id: domain.id,
    level: 'vendor',
    keywords: ['basalt'],
  });
  const product = await admin.post('/technologies', {
    name: 'Basalt Edge 400',
    parent_id: vendor.id,
    level: 'product',
    keywords: ['basalt edge', 'edge 400'],
  });
  const team = await admin.post('/teams', { name: 'Perimeter', calendar_id: calendar.id, technology_ids: [domain.id] });

  const person = (name, email, roles, more = {}) =>
    admin.post('/staff', {
      name,
      email,
      language,
      languages,
      zone: kZone,
      roles,
      team_ids: [team.id],
      capacity: 20,
      calendar_id: calendar.id,
      password: kPassword,
      ...more,
    });
  const ines = await person('Inês Prado', 'ines@desk.example', ['agent']);
  const diego = await person('Diego Salas', 'diego@desk.example', ['agent']);
  const tomas = await person('Tomás Queiroz', 'tomas@desk.example', ['responder']);
  const marta = await person('Marta Luna', 'marta@desk.example', ['manager']);
  const skill = {
    technology_id: product.id,
    level: 3,
    certification: 'Basalt Certified Expert',
    proof: 'https://basalt.example/verify/8841',
  };
  await admin.post(`/staff/${ines.id}/skills`, { ...skill, certified_until: '2099-12-31' });
  await admin.post(`/staff/${diego.id}/skills`, { ...skill, certified_until: '2020-01-31' });

  const organisation = await admin.post('/organisations', {
    name: 'Cooperativa Páramo Alto',
    industry: 'banking',
    regulations: ['PCI DSS'],
    zone: kZone,
    languages: [language],
    stage: 'production',
    notes: '',
    domains: ['customer.example'],
    technology_ids: [product.id],
    security_contacts: [{ name: 'Luis Mora', phone: '+593 2 555 0100', email: 'luis@customer.example' }],
  });
  await admin.post(`/organisations/${organisation.id}/contracts`, {
    name: '24×7',
    policy_id: policy.id,
    calendar_id: calendar.id,
    channels: ['mail', 'portal', 'phone'],
    languages: [language],
    starts_on: '2020-01-01',
    ends_on: '2099-12-31',
  });
  const contact = await admin.post(`/organisations/${organisation.id}/contacts`, {
    name: 'Ana Paredes',
    emails: ['ana@customer.example'],
    phones: [],
    language,
    roles: ['requester', 'approver'],
    portal: true,
  });
  return { calendar, policy, product, team, ines, diego, tomas, marta, organisation, contact };
}
