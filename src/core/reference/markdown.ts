import type { JsonSchema } from './json-schema.ts';

/** Stands above every page that `npm run generate` writes. */
export const GENERATED = '<!-- Written by `npm run generate` from the registries: change those. -->\n';

/** A table. Bars in cells are escaped. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => `\`${text}\``;

/** What a value may be, in words: `text`, `a duration`, `gate or magnet`. */
function kindIn(schema: JsonSchema): string {
  const reference = refOf(schema);
  if (reference) return KINDS[reference] ?? reference;
  const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (options) return [...new Set(options.map(kindIn))].filter((kind) => kind !== 'nothing').join(' or ');
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => code(String(value))).join(' or ');
  if ('const' in schema) return code(JSON.stringify(schema['const']));
  if (schema['type'] === 'array') return Array.isArray(schema['items']) || !schema['items'] ? 'a list' : `a list of ${kindIn(schema['items'] as JsonSchema)}`;
  if (schema['type'] === 'object' && schema['properties']) return `{ ${Object.keys(schema['properties']).join(', ')} }`;
  return TYPES[String(schema['type'])] ?? 'anything';
}

/** A reference by itself, or the only part of an `allOf` that carries a default beside it. */
function refOf(schema: JsonSchema): string | null {
  const all = schema['allOf'] as JsonSchema[] | undefined;
  const found = schema['$ref'] ?? (all?.length === 1 ? all[0]!['$ref'] : undefined);
  return typeof found === 'string' ? found.split('/').at(-1)! : null;
}

const KINDS: Record<string, string> = {
  duration: 'a duration',
  target: 'a step, an end, or inline steps',
  conditions: 'conditions',
  condition: 'a condition',
  step: 'a step',
  scripted_event: 'an event',
};
const TYPES: Record<string, string> = { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false', object: 'a map', null: 'nothing' };

const whatIs = (schema: JsonSchema): string => [kindIn(schema), ...(typeof schema['description'] === 'string' ? [schema['description']] : [])].join(': ');

/** The keys of a config as rows: key, what it may be, default. A config of several shapes shows the keys of all of them. */
export function keyTable(schema: JsonSchema): string {
  const shapes = [schema, ...((schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'] ?? []) as JsonSchema[])].filter((shape) => shape['properties']);
  const keys = new Map(shapes.flatMap((shape) => Object.entries(shape['properties'] as Record<string, JsonSchema>)));
  if (keys.size === 0) return 'It takes no config.';
  const required = new Set(shapes.flatMap((shape) => (shape['required'] as string[] | undefined) ?? []));
  return table(['key', 'what', 'unless said'], [...keys].map(([key, own]) => [
    code(key), whatIs(own), 'default' in own ? code(JSON.stringify(own['default'])) : shapes.length === 1 && required.has(key) ? '**required**' : '',
  ]));
}

/** The keys of a map with what each is, in the schema's own words. */
export function describedKeys(schema: JsonSchema): string {
  const required = new Set((schema['required'] as string[] | undefined) ?? []);
  const rows = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
    .map(([key, own]) => [code(key), kindIn(own), `${String(own['description'] ?? '')}${required.has(key) ? ' **Required.**' : ''}`]);
  return table(['key', 'what', 'meaning'], rows);
}
