// Every place of the API where text goes in: members of bodies at any depth, and parameters of the query.
function* textsIn(document, given, at = []) {
  const schema = document.resolve(given);
  if (schema.anyOf) return yield* textsIn(document, schema.anyOf[0], at);
  if (schema.type === 'string' && !schema.enum) yield at;
  if (schema.type === 'array' && at.length < 6) yield* textsIn(document, schema.items, [...at, 0]);
  if (schema.type === 'object' && at.length < 6) {
    for (const [name, member] of Object.entries(schema.properties ?? {})) yield* textsIn(document, member, [...at, name]);
  }
}

/** [{operation, kind: 'body' | 'query', at}] for all operations that `wanted` lets pass. */
export function placesOf(document, wanted = () => true) {
  return document.operations.filter(wanted).flatMap((operation) => [
    ...(operation.body ? [...textsIn(document, operation.body)].map((at) => ({ operation, kind: 'body', at })) : []),
    ...operation.query.filter(({ schema }) => document.resolve(schema).type === 'string').map(({ name }) => ({ operation, kind: 'query', at: [name] })),
  ]);
}

/** `body` with `value` at the place; what is missing on the way is made as the schema says. */
export function put(document, given, body, [name, ...rest], value) {
  if (name === undefined) return value;
  const schema = document.resolve(given);
  const inner = schema.anyOf ? document.resolve(schema.anyOf[0]) : schema;
  if (inner.type === 'array') {
    const list = Array.isArray(body) ? [...body] : [];
    list[0] = put(document, inner.items, list[0] ?? document.sample(inner.items), rest, value);
    return list;
  }
  const member = inner.properties[name];
  return { ...body, [name]: put(document, member, body?.[name] ?? (rest.length ? document.sample(member, name) : undefined), rest, value) };
}
