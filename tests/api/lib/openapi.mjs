// The OpenAPI document as a test reads it: its operations, whether a value fits a schema, and a value that fits.
const kUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const formats = {
  uuid: (text) => kUuid.test(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text) => URL.canParse(text),
};

const kindOf = (value) =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;

export class Document {
  constructor(json) {
    this.json = json;
    this.operations = Object.entries(json.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, said]) => this.#operation(path, method.toUpperCase(), said)),
    );
  }

  #operation(path, method, said) {
    const [status, good] = Object.entries(said.responses).find(([code]) => code.startsWith('2'));
    const [media, content] = Object.entries(good.content ?? {})[0] ?? [];
    const body = said.requestBody?.content ?? {};
    const anyone = said.security?.length === 0;
    return {
      id: said.operationId, path, method, anyone, permission: said['x-permission'],
      customers: said['x-customers'] ?? false,
      status: Number(status), media, answer: content?.schema, declared: Object.keys(said.responses),
      body: body['application/json']?.schema, form: body['multipart/form-data']?.schema,
      query: said.parameters.filter((one) => one.in === 'query'),
      versioned: said.parameters.some((one) => one.name === 'If-Match'),
      repeatable: said.parameters.some((one) => one.name === 'Idempotency-Key'),
      ids: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    };
  }

  resolve(schema) {
    return schema?.$ref ? this.resolve(this.json.components.schemas[schema.$ref.split('/').at(-1)]) : schema;
  }

  /** What is wrong with `value`, as a list of sentences. */
  misfits(value, given, at = '') {
    const schema = this.resolve(given);
    const here = at || 'it';
    if (schema.anyOf) {
      const tried = schema.anyOf.map((one) => this.misfits(value, one, at));
      return tried.some((list) => list.length === 0) ? [] : tried[0];
    }
    const kind = kindOf(value);
    if (schema.type && schema.type !== kind && !(schema.type === 'number' && kind === 'integer')) {
      return [`${here} is ${kind}, not ${schema.type}`];
    }
    const wrong = [];
    if (schema.enum && !schema.enum.includes(value)) wrong.push(`${here} is none of ${schema.enum}: ${value}`);
    if (kind === 'string') {
      if ([...value].length > (schema.maxLength ?? Infinity)) wrong.push(`${here} is too long`);
      if ([...value].length < (schema.minLength ?? 0)) wrong.push(`${here} is too short`);
      if (value && schema.format && formats[schema.format] && !formats[schema.format](value)) {
        wrong.push(`${here} is no ${schema.format}: ${value}`);
      }
    }
    if ((kind === 'integer' || kind === 'number') && (value < schema.minimum || value > schema.maximum)) {
      wrong.push(`${here} is out of range: ${value}`);
    }
    if (kind === 'array' && schema.items) {
      if (value.length > (schema.maxItems ?? Infinity) || value.length < (schema.minItems ?? 0)) {
        wrong.push(`${here} has ${value.length} items`);
      }
      value.forEach((item, i) => wrong.push(...this.misfits(item, schema.items, `${at}/${i}`)));
    }
    if (kind === 'object' && schema.properties) {
      for (const name of schema.required ?? []) if (!(name in value)) wrong.push(`${at}/${name} is missing`);
      for (const [name, member] of Object.entries(value)) {
        if (schema.properties[name]) wrong.push(...this.misfits(member, schema.properties[name], `${at}/${name}`));
        else if (schema.additionalProperties === false) wrong.push(`${at}/${name} is not described`);
      }
    }
    return wrong;
  }

  /** A value that fits the schema by its form; `ids` names what a field of that name refers to. */
  sample(given, name = '', ids = {}) {
    const schema = this.resolve(given);
    if (name in ids) return ids[name];
    if (schema.anyOf) return this.sample(schema.anyOf[0], name, ids);
    if (schema.enum) return schema.enum[0];
    switch (schema.type) {
      case 'object':
        return Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, member]) => [key, this.sample(member, key, ids)]),
        );
      case 'array':
        return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => this.sample(schema.items, `${name}[]`, ids));
      case 'integer':
      case 'number':
        return Math.max(schema.minimum ?? 0, Math.min(1, schema.maximum ?? 1));
      case 'boolean':
        return true;
      case 'string':
        return { uuid: '0190a0a0-0000-7000-8000-000000000001', email: 'someone@customer.example', date: '2026-01-31',
          'date-time': new Date(Date.now() + 3_600_000).toISOString() }[schema.format] ?? 'x'.repeat(Math.max(4, schema.minLength ?? 0)).slice(0, schema.maxLength ?? 4);
      default:
        return {};
    }
  }
}
