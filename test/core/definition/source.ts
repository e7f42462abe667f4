import { readDefinition } from '../../../src/core/definition/read.ts';
import type { Definition } from '../../../src/core/definition/definition.ts';

/** A definition around some steps, as text. The steps begin on line 4. */
export const withSteps = (steps: string): string => `name: N\ntrigger: { type: manual }\nsteps:\n${steps}`;

/** Reads what must be a valid shape, with the findings when it is not. */
export function mustRead(text: string): Definition {
  const { definition, diagnostics } = readDefinition({ format: 'yaml', text });
  if (!definition) throw new Error(JSON.stringify(diagnostics, null, 2));
  return definition;
}

/** One line a step: `check if then=a else=b`, `a`, `b next=c`, `w wait`. */
export function sketch(lines: string[]): string {
  return withSteps(lines.map((line) => `  - ${JSON.stringify(stepOf(line))}`).join('\n'));
}

function stepOf(line: string): Record<string, unknown> {
  const [id, ...words] = line.split(' ');
  const pairs = Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]));
  const { next, on_error, ...arms } = pairs;
  const common = { id, ...(next ? { next } : {}), ...(on_error ? { on_error } : {}), ...(words.includes('guarded') ? { if: [{ field: 'email', operator: 'is_set' }] } : {}) };
  if (words.includes('if')) return { ...common, type: 'condition', config: { if: [{ field: 'email', operator: 'is_set' }], ...arms } };
  if (words.includes('split')) return { ...common, type: 'ab_split', config: { variants: Object.entries(arms).map(([name, target]) => ({ name, weight: 50, next: target })) } };
  if (words.includes('goal')) return { ...common, type: 'goal', config: { condition: { field: 'tags', operator: 'contains', value: 'x' }, timeout: '7d', ...arms } };
  if (words.includes('wait')) return { ...common, type: 'wait', config: { duration: '1d' } };
  if (words.includes('exit')) return { ...common, type: 'exit', config: {} };
  return { ...common, type: 'add_tag', config: { tag: String(id) } };
}
