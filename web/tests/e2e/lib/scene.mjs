// A desk with something on every screen: requests in each state, a conversation, work, evidence, an approval asked, articles.
import { linksOf, Mailbox } from '../../../../tests/mailhost/mail.mjs';
import { Api } from './api.mjs';
import { kPassword, seed } from './seed.mjs';

const kAna = 'ana@customer.example';

const kRequests = [
  {
    subject: 'Túnel IPsec caído entre Quito y el centro de datos',
    kind: 'fault',
    impact: 1,
    urgency: 1,
    body: 'Seguimos sin túnel desde la actualización de las 12:50. Tres agencias trabajan sin conexión y la compensación cierra a las 18:00.',
  },
  {
    subject: 'Correo sospechoso con factura adjunta',
    kind: 'event',
    impact: 3,
    urgency: 2,
    body: 'Cinco personas recibieron el mismo correo con una factura en PDF. Nadie lo abrió todavía.',
  },
  {
    subject: 'Permitir el nuevo servidor de nómina en la DMZ',
    kind: 'request',
    impact: 3,
    urgency: 3,
    body: 'Necesitamos abrir el puerto 8443 hacia 10.20.4.17 desde recursos humanos.',
  },
  {
    subject: '¿Cuánto tiempo se guardan los registros?',
    kind: 'question',
    impact: 4,
    urgency: 4,
    body: 'Auditoría pregunta por la retención de los registros del cortafuegos.',
  },
  {
    subject: 'Aviso del fabricante: ejecución remota en el portal VPN',
    kind: 'vulnerability',
    impact: 2,
    urgency: 2,
    body: '¿Nos afecta el último aviso? Usamos la versión 7.4.1 en las dos sedes.',
  },
  {
    subject: 'Alta de tres usuarios en la consola de antivirus',
    kind: 'request',
    impact: 4,
    urgency: 3,
    body: 'Por favor den de alta a los tres técnicos nuevos.',
  },
];

const kArticles = [
  {
    title: 'Cómo reportar un correo sospechoso',
    language: 'es',
    visibility: 'public',
    body: 'Reenvíelo **como adjunto** a la mesa de soporte.\n\n## Qué no hacer\n\n- No haga clic en los enlaces\n- No responda\n- No lo borre antes de reportarlo\n',
  },
  {
    title: 'Qué hacer si pierde el teléfono del segundo factor',
    language: 'es',
    visibility: 'public',
    body: 'Llame al número de su contrato desde un teléfono registrado. Le devolveremos la llamada antes de cambiar nada.\n',
  },
  {
    title: 'Edge 400: volver a la versión anterior',
    language: 'es',
    visibility: 'internal',
    body: '1. Guardar la configuración\n2. Probar en el equipo de respaldo\n3. Volver en el activo fuera de horario\n\n```\nshow vpn ike status\n```\n',
  },
];

function file(name, text) {
  const form = new FormData();
  form.set('source', 'exportación del equipo');
  form.set('public', 'true');
  form.set('file', new Blob([text], { type: 'text/plain' }), name);
  return form;
}

/** Fills the desk (with mail) and answers whom to be and what to show on each screen. */
export async function makeScene(desk, admin) {
  const people = await seed(admin, 'es');
  const ines = new Api(desk.base);
  await ines.signIn('ines@desk.example', kPassword);
  const tomas = new Api(desk.base);
  await tomas.signIn('tomas@desk.example', kPassword);
  for (const article of kArticles) await admin.post('/articles', { ...article, tags: [], state: 'published' });
  await admin.post('/snippets', {
    key: 'gracias',
    title: { en: 'Thanks', es: 'Gracias', pt: 'Obrigado' },
    body: { en: 'Thank you, {{first_name}}.', es: 'Gracias, {{first_name}}.', pt: 'Obrigado, {{first_name}}.' },
  });

  const tickets = [];
  for (const { impact, urgency, ...request } of kRequests) {
    const made = await admin.post('/tickets', {
      ...request,
      requester: { email: kAna, name: 'Ana Paredes' },
      technology_id: people.product.id,
      language: 'es',
      impact,
      urgency,
    });
    tickets.push(made);
  }
  const [tunnel, mail, rule, question] = tickets;
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const handle = async (ticket, actions) => {
    await admin.patch(`/tickets/${ticket.id}`, { assignee_id: people.ines.id });
    await ines.post(`/tickets/${ticket.id}/messages`, {
      body: 'Ana, ya estoy en ello. ¿Qué versión muestra el equipo de respaldo?',
    });
    await ines.post(`/tickets/${ticket.id}/promises`, { kind: 'eta', at: at(180), until: at(210) });
    await ines.post(`/tickets/${ticket.id}/promises`, { kind: 'next_update', at: at(45) });
    for (const action of actions) {
      await ines.post(`/tickets/${ticket.id}/work-records`, {
        action,
        before: 'proposal aes128-sha1',
        after: 'proposal aes256-sha256',
        command: 'show vpn ike status',
        result: '5 minutos sin perder un paquete',
        ok: true,
      });
    }
    await ines.request(
      'POST',
      `/tickets/${ticket.id}/evidence`,
      file('ike-debug.log', 'no proposal chosen\n'.repeat(200)),
    );
  };
  const ask = (ticket) =>
    ines.post(`/tickets/${ticket.id}/approvals`, {
      summary: 'Túnel arriba en los dos equipos, probado 30 minutos',
      resolution: 'El túnel está arriba en los dos equipos desde las 14:18. ¿Puede comprobar una caja en cada agencia?',
    });
  await handle(tunnel, [
    'Encontramos la causa: la versión 7.4 retira un cifrado antiguo',
    'Aplicamos el arreglo en el equipo activo, sin reiniciarlo',
  ]);
  await ines.post(`/tickets/${tunnel.id}/notes`, {
    body: 'La versión 7.4 retira AES-128-SHA1. El respaldo ya está con la propuesta nueva.',
  });
  await ask(tunnel);
  await handle(mail, ['Bloqueamos el remitente y la dirección del adjunto']);
  const solved = await ask(mail);
  await tomas.post(`/approvals/${solved.id}/decision`, { decision: 'approve' });
  await ines.post(`/tickets/${rule.id}/messages`, {
    body: '¿Desde qué red necesita llegar recursos humanos?',
    set_state: 'waiting_customer',
  });
  await ines.post(`/tickets/${question.id}/messages`, { body: 'Se guardan 400 días, de ellos 90 en línea.' });

  const inbox = new Mailbox(desk.host, kAna);
  const survey = await inbox.waitFor((one) => linksOf(one).some((link) => link.includes('/survey/')), 'a survey link');
  return {
    people: {
      agent: { email: 'ines@desk.example', password: kPassword },
      manager: { email: 'marta@desk.example', password: kPassword },
      admin: { email: admin.session.email, password: kPassword },
    },
    place: {
      ticket: tunnel.number,
      request: mail.number,
      article: (await admin.get('/articles?limit=50')).items.find((one) => one.title === kArticles[0].title).id,
      words: 'túnel',
      survey: new URL(linksOf(survey).find((link) => link.includes('score=4'))).pathname,
    },
    /** Ana's way into the portal: a new mailed link each time. */
    portalLink: async () => {
      const before = (await inbox.messages()).length;
      await new Api(desk.base).post('/portal/sign-in', { email: kAna, language: 'es' });
      const sent = (one, at) => at >= before && linksOf(one).some((link) => link.includes('/portal#t='));
      for (
        const end = Date.now() + 20_000;
        Date.now() < end;
        await new Promise((resolve) => setTimeout(resolve, 250))
      ) {
        const found = (await inbox.messages()).find(sent);
        if (found) return linksOf(found).find((link) => link.includes('/portal#t='));
      }
      throw new Error('no sign-in link came');
    },
  };
}

/** Signs each kind of person in, in one window of the given kind, and keeps what is needed to be her again. */
export async function signEveryoneIn(browserWindow, scene, words) {
  const states = {};
  for (const [who, { email, password }] of Object.entries(scene.people)) {
    const page = await browserWindow();
    await page.goto('/sign-in');
    await page.getByLabel(words.text('field.email')).fill(email);
    await page.getByLabel(words.text('sign_in.password'), { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    states[who] = await page.context().storageState();
    await page.context().close();
  }
  const page = await browserWindow();
  await page.goto(await scene.portalLink());
  await page.getByRole('main').getByRole('list').first().waitFor();
  states.customer = await page.context().storageState();
  await page.context().close();
  return states;
}
