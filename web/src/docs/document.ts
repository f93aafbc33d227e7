// The OpenAPI document as the page reads it: only what Propolis writes of OpenAPI 3.1.
export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  enum?: string[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  examples?: unknown[];
};
export type Parameter = { name: string; in: string; required: boolean; description?: string; schema: Schema };
type Content = Record<string, { schema: Schema; example?: unknown }>;
type Said = {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: unknown[];
  'x-permission'?: string;
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};
export type OpenApi = {
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Said>>;
  components: { schemas: Record<string, Schema> };
};
export type Operation = Said & { method: string; path: string; tag: string };

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({ ...said, method, path, tag: said.tags[0] ?? '' })),
  );
}

/** Operations that have each word of `wanted` in what they say of themselves, by tag. */
export function byTag(operations: Operation[], wanted: string): [string, Operation[]][] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Operation[]>();
  for (const one of operations) {
    const said =
      `${one.method} ${one.path} ${one.operationId} ${one.summary} ${one.tag} ${one['x-permission'] ?? ''}`.toLowerCase();
    if (words.every((word) => said.includes(word))) groups.set(one.tag, [...(groups.get(one.tag) ?? []), one]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

export const nameOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1);

export function resolve(document: OpenApi, schema: Schema): Schema {
  const name = nameOf(schema);
  return name ? { ...document.components.schemas[name], description: schema.description } : schema;
}

/** The type in a few words: "string (uuid)", "list of Ref". */
export function typeOf(schema: Schema): string {
  const name = nameOf(schema);
  if (name) return name;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'array') return schema.items ? `${typeOf(schema.items)}[]` : 'array';
  const type = schema.type ?? 'any';
  return schema.format ? `${type} (${schema.format})` : type;
}

/** The schema of an object behind references, lists and "or null"; undefined for what has no members. */
export function membersOf(document: OpenApi, schema: Schema): Schema | undefined {
  const found = resolve(document, schema);
  if (found.properties) return found;
  if (found.items) return membersOf(document, found.items);
  return found.anyOf?.map((one) => membersOf(document, one)).find(Boolean);
}

/** Its limits as short marks: "1-300", "≤ 50". */
export function limitsOf(schema: Schema): string {
  const low = schema.minLength ?? schema.minimum ?? schema.minItems;
  const high = schema.maxLength ?? schema.maximum ?? schema.maxItems;
  if (low && high !== undefined) return `${low}-${high}`;
  if (high !== undefined) return `≤ ${high}`;
  return low ? `≥ ${low}` : '';
}

const kSamples: Record<string, unknown> = {
  uuid: '0190a0a0-0000-7000-8000-000000000001',
  email: 'ana@customer.example',
  date: '2026-11-30',
  'date-time': '2026-11-30T12:00:00Z',
};

/** A value of that form: required members only, so that an example stays short. */
export function sampleOf(document: OpenApi, given: Schema, depth = 0): unknown {
  const schema = resolve(document, given);
  if (schema.examples?.length) return schema.examples[0];
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return sampleOf(document, schema.anyOf[0], depth);
  switch (schema.type) {
    case 'object': {
      const required = schema.required ?? [];
      const names = required.length || depth > 0 ? required : Object.keys(schema.properties ?? {}).slice(0, 1);
      return Object.fromEntries(
        names.map((name) => [name, sampleOf(document, schema.properties?.[name] ?? {}, depth + 1)]),
      );
    }
    case 'array':
      return schema.items && depth < 6 ? [sampleOf(document, schema.items, depth + 1)] : [];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1));
    case 'boolean':
      return true;
    case 'string':
      return kSamples[schema.format ?? ''] ?? '...';
    default:
      return {};
  }
}

/** The request as a command line. */
export function curlOf(document: OpenApi, operation: Operation, origin: string): string {
  const url = `${origin}${document.servers[0]?.url ?? ''}${operation.path}`;
  const lines = [`curl ${operation.method === 'get' ? '' : `-X ${operation.method.toUpperCase()} `}'${url}'`];
  if (operation.security?.length !== 0) lines.push(`-H 'Authorization: Bearer KEY'`);
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  if (content?.[0].startsWith('multipart/')) lines.push(`-F 'file=@FILE'`);
  else if (content) {
    const body = content[1].example ?? sampleOf(document, content[1].schema);
    lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  }
  return lines.join(' \\\n  ');
}
