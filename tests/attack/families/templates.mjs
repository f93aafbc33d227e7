// Templates, messages (ICU) and expressions: a sum in braces must stay a sum in braces, in answers and in mails.
import { sweep } from '../lib/sweep.mjs';

const [kLeft, kRight] = [7919, 7907];
const kResult = String(kLeft * kRight);
const sum = `${kLeft}*${kRight}`;
const kPayloads = [
  `{{${sum}}}`, `\${${sum}}`, `#{${sum}}`, `<%= ${sum} %>`, `{%print(${sum})%}`, `[[${sum}]]`, `@(${sum})`, `\${{${sum}}}`, `{{constructor.constructor('return ${sum}')()}}`,
  '{0}', '{name}', '{name, plural, other{#}}', '{n, select, other{{n, select, other{x}}}}', '{', '}', "'{'", '{{secret}}', '{{to}}', '{{text}}', '{seconds}', '{max, number, ::.00}',
  '%s%s%s%n%n', '%1$s', '%x', '{:>999999999}', '{0:999999999}', '$(id)', '`id`', '; id', '| id', '&& id', '\\u007b\\u007bx', '=cmd|x',
  `{x, plural, ${'one{'.repeat(200)}`,
];

export const templates = {
  name: 'templates',
  async attack(field) {
    const look = (answer, value) => {
      field.expect(!answer.text.includes(kResult), `${value} was worked out`, answer);
      // A message that is told keeps no name of an argument, whatever came as its value.
      if (answer.status >= 400 && value.includes('{secret}')) field.expect(!answer.text.includes('a secret'), 'a secret was filled in', answer);
    };
    await sweep(field, 'templates', 40, kPayloads, look);
    const { customers, world, random } = field;
    const payload = random.pick(kPayloads);
    // An unknown member's name is told back; a subject and a name go into mails.
    look(await field.ask(customers.a_requester, 'POST', '/portal/tickets', { body: { subject: 'x', body: 'y', [payload]: 1 } }), payload);
    const { json: opened } = await field.ask(customers.a_requester, 'POST', '/portal/tickets', { body: { subject: `Sum ${kPayloads[0]}`, body: kPayloads.join('\n') } });
    if (!opened?.id) return;
    await world.admin.post(`/tickets/${opened.id}/messages`, { body: kPayloads.slice(0, 12).join('\n') });
    const { text } = await field.ask(customers.a_requester, 'GET', `/portal/tickets/${opened.id}`);
    field.expect(text.includes(`{{${sum}}}`) && !text.includes(kResult), 'a message is not what was written');
  },
};
