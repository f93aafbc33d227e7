// Everything that can be wrong with a body, one thing at a time, from its schema.
export const kUnknownId = '0190a0a0-0000-7000-8000-000000000001';
// Markup, an override of the reading direction, a bell, a zero-width space, a lone combining mark, an end of a string.
export const kHostile = '<script>alert(1)</script><img src=x onerror=alert(1)>\u202Egnp.exe\u0007\u200B\u0301\u0000\' OR 1=1;--';
export const kUnseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/;

const formats = {
  uuid: ['not-an-id', '0190a0a0'],
  email: ['not an address', 'two@@signs.example', 'a@b\r\nBcc: c@d.example', '@no-name.example'],
  'date-time': ['yesterday', '2026-13-45T00:00:00Z', '2026-01-01'],
  date: ['31/12/2026', '2026-02-30'],
};

/** Values that a member of this schema must refuse, each with what is wrong about it. */
function wrongValues(schema, name) {
  const list = (why, ...values) => values.map((value) => ({ why, value }));
  switch (schema.type) {
    case 'string':
      if (schema.enum) return list('not one of', 'no-such-choice', '', 7, ['x'], {});
      return [
        ...list('not text', 7, true, ['x'], { x: 1 }),
        ...(schema.maxLength ? list('too long', 'x'.repeat(schema.maxLength + 1), 'ñ'.repeat(schema.maxLength + 1)) : []),
        ...(schema.minLength ? list('empty', '', ' \t\n ', '\u200b\u202e') : []),
        ...list(`no ${schema.format}`, ...(formats[schema.format] ?? [])),
        ...(name === 'zone' ? list('no zone', 'Mars/Olympus', '../../etc/passwd') : []),
      ];
    case 'integer':
      return [
        ...list('not a whole number', 'x', '1', 1.5, true, [], {}, 1e300),
        ...(schema.minimum !== undefined ? list('too small', schema.minimum - 1) : []),
        ...(schema.maximum !== undefined ? list('too large', schema.maximum + 1) : []),
      ];
    case 'number':
      return [
        ...list('not a number', 'x', '0.5', true, []),
        ...(schema.minimum !== undefined ? list('too small', schema.minimum - 1) : []),
        ...(schema.maximum !== undefined ? list('too large', schema.maximum + 1) : []),
      ];
    case 'boolean':
      return list('not yes or no', 'yes', 'true', 1, []);
    case 'array':
      return list('not a list', {}, 'x', 7);
    case 'object':
      return list('not an object', [], 'x', 7, true);
    default:
      return [];
  }
}

/** Yields {why, field, body}: `body` fits the schema but for `field`. */
export function* wrongBodies(document, given, body, at = []) {
  const schema = document.resolve(given);
  const field = (name) => [...at, name].join('/');
  yield { why: 'unknown field', field: field('no_such_field'), body: { ...body, no_such_field: 1 } };
  for (const [name, member] of Object.entries(schema.properties)) {
    const required = schema.required?.includes(name);
    if (required) {
      const { [name]: _, ...without } = body;
      yield { why: 'missing', field: field(name), body: without };
      yield { why: 'null', field: field(name), body: { ...body, [name]: null } };
    }
    const choice = document.resolve(member);
    const plain = document.resolve(choice.anyOf ? choice.anyOf[0] : choice);
    for (const { why, value } of wrongValues(plain, name)) yield { why, field: field(name), body: { ...body, [name]: value } };
    const whole = body[name] ?? document.sample(plain, name);
    if (plain.type === 'object' && plain.properties) {
      for (const wrong of wrongBodies(document, plain, whole, [...at, name])) yield { ...wrong, body: { ...body, [name]: wrong.body } };
    }
    if (plain.type === 'array') yield* wrongLists(document, plain, whole, name, body, at);
  }
}

function* wrongLists(document, schema, whole, name, body, at) {
  const path = [...at, name].join('/');
  const put = (list) => ({ ...body, [name]: list });
  const item = document.resolve(schema.items);
  const one = whole[0] ?? document.sample(item, name);
  if (schema.maxItems <= 1000) yield { why: 'too many', field: path, body: put(Array(schema.maxItems + 1).fill(one)) };
  if (schema.minItems) yield { why: 'too few', field: path, body: put([]) };
  for (const { why, value } of wrongValues(item, '')) yield { why, field: path, body: put([value, ...whole.slice(1)]) };
  yield { why: 'null', field: path, body: put([null, ...whole.slice(1)]) };
  if (item.type === 'object' && item.properties) {
    for (const wrong of wrongBodies(document, item, one, [...at, name, '0'])) yield { ...wrong, body: put([wrong.body, ...whole.slice(1)]) };
  }
}

/** Query strings that a parameter must refuse. */
export function wrongQueries({ name, schema: given }, document) {
  const schema = document.resolve(given);
  return wrongValues(schema, name)
    .filter(({ value, why }) => (typeof value === 'string' || typeof value === 'number') && why !== 'empty' && why !== 'not text')
    .filter(({ value }) => !/^ñ/.test(value)) // its encoded form is longer than an address may be
    .filter(({ value }) => !(schema.type === 'boolean' && value === 'true'))
    .filter(({ value }) => value !== '' && !(schema.type !== 'string' && /^-?\d+(\.\d+)?$/.test(value) && typeof value === 'string'))
    .map(({ why, value }) => ({ why, query: `${name}=${encodeURIComponent(value)}` }));
}
