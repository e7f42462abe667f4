type Json = Record<string, unknown>;

/** As deep as an example goes: what is nested deeper is left empty. */
const DEEPEST = 12;
const SAMPLES: Record<string, string> = { uuid: '6f1c9a52-3d0e-4b7a-9c55-2f6f0f9b8a11', 'date-time': '2026-03-02T09:00:00.000Z', uri: 'https://example.com/' };

/**
 * A value that a JSON Schema of this description takes: its own first example where it has one, else one made of its parts.
 * @param components where `#/components/schemas/…` leads
 */
export function exampleOf(schema: Json, components: Json, depth = 0): unknown {
  const given = (schema['examples'] as unknown[] | undefined)?.[0] ?? schema['default'] ?? schema['const'] ?? (schema['enum'] as unknown[] | undefined)?.[0];
  if (given !== undefined) return given;
  const { $ref, anyOf } = schema as { $ref?: string; anyOf?: Json[] };
  if ($ref) return exampleOf((components[$ref.split('/').at(-1)!] ?? {}) as Json, components, depth + 1);
  if (anyOf) return exampleOf(anyOf[0]!, components, depth);
  const make = MAKERS[String([schema['type']].flat()[0])];
  return make ? make(schema, components, depth) : {};
}

const MAKERS: Record<string, (schema: Json, components: Json, depth: number) => unknown> = {
  object: ({ properties = {} }, components, depth) => {
    if (depth > DEEPEST) return {};
    return Object.fromEntries(Object.entries(properties as Record<string, Json>).map(([key, schema]) => [key, exampleOf(schema, components, depth + 1)]));
  },
  array: ({ items, prefixItems }, components, depth) => {
    const parts = (prefixItems ?? (items ? [items] : [])) as Json[];
    return depth > DEEPEST ? [] : parts.map((schema) => exampleOf(schema, components, depth + 1));
  },
  string: ({ format }) => SAMPLES[String(format)] ?? 'text',
  integer: ({ minimum }) => Math.max(1, typeof minimum === 'number' && minimum > 0 ? minimum : 1),
  number: () => 0.5,
  boolean: () => true,
  null: () => null,
};
