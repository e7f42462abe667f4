import { readExpression, type Expression } from './read-expression.ts';
import type { TemplateFault } from './template-fault.ts';
import { checkVariable } from './variables.ts';

export type { Expression } from './read-expression.ts';

/** A text made ready to render: literal text and expressions in turn. */
export interface Template {
  parts: (string | Expression)[];
  /** The expression, when the text is exactly one. */
  lone: Expression | null;
}

/** Thrown when a text that is no valid template is rendered. */
export class TemplateError extends Error {
  readonly code = 'TEMPLATE_INVALID';
  /** Characters from the text's beginning. */
  readonly offset: number;

  constructor(fault: TemplateFault) {
    super(fault.hint === null ? fault.message : `${fault.message} ${fault.hint}`);
    this.name = 'TemplateError';
    this.offset = fault.offset;
  }
}

/** Parsed templates by text, the oldest forgotten first. */
const cache = new Map<string, Template>();
const CACHE_CHARACTERS = 8_000_000;
let cachedCharacters = 0;

/** Whether a value is text that holds an expression. */
export function isTemplate(text: unknown): text is string {
  return typeof text === 'string' && text.includes('{{');
}

/**
 * Reads a template, once per distinct text.
 * @throws TemplateError for the first fault in its syntax or filters
 */
export function parseTemplate(text: string): Template {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const { template, faults } = read(text);
  if (faults[0] !== undefined) throw new TemplateError(faults[0]);
  remember(text, template);
  return template;
}

/** The expression of a text that is exactly one, else null (also when the text is no valid template). */
export function loneExpression(text: unknown): Expression | null {
  if (!isTemplate(text)) return null;
  const known = cache.get(text);
  return (known ?? read(text).template).lone;
}

/**
 * Everything that is wrong with a text: syntax, filters and their arguments, unknown roots, secrets where none may stand.
 * @param opts.secrets true where `{{secrets.…}}` is allowed
 */
export function checkTemplate(text: string, opts: { secrets?: boolean } = {}): TemplateFault[] {
  const { template, faults } = read(text);
  const tag = /\{%-?\s*[\w#/][^%]{0,200}%\}/.exec(text);
  if (tag !== null) faults.push({
    rule: 'template_syntax',
    message: `"${tag[0].slice(0, 40)}" is a tag, and templates have none.`,
    hint: 'Use {{ path | filter }}, and condition steps for choices.',
    offset: tag.index,
  });
  for (const expression of expressionsOf(template)) faults.push(...checkRoot(expression, opts.secrets === true));
  return faults.toSorted((a, b) => a.offset - b.offset);
}

/** The path of every expression that can be read: `Hi {{contact.first_name}}` → `[['contact', 'first_name']]`. */
export function pathsOf(text: string): string[][] {
  return isTemplate(text) ? expressionsOf(read(text).template).map((expression) => expression.path) : [];
}

function read(text: string): { template: Template; faults: TemplateFault[] } {
  const parts: Template['parts'] = [];
  const faults: TemplateFault[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) parts.push(text.slice(at, open));
    const { expression, end } = readExpression(text, open, faults);
    if (expression !== null) parts.push(expression);
    at = end;
  }
  if (at < text.length) parts.push(text.slice(at));
  const only = parts.length === 1 && faults.length === 0 ? parts[0]! : '';
  return { template: { parts, lone: typeof only === 'string' ? null : only }, faults };
}

function remember(text: string, template: Template): void {
  cache.set(text, template);
  cachedCharacters += text.length;
  for (const oldest of cache.keys()) {
    if (cachedCharacters <= CACHE_CHARACTERS) return;
    cache.delete(oldest);
    cachedCharacters -= oldest.length;
  }
}

const expressionsOf = (template: Template): Expression[] => template.parts.filter((part): part is Expression => typeof part !== 'string');

function checkRoot({ path, offset, filters }: Expression, secrets: boolean): TemplateFault[] {
  if (path[0] === 'secrets' && !secrets) {
    return [{ rule: 'misplaced_secret', message: 'Secrets may be used in the config of a webhook step only.', hint: 'Take {{secrets.…}} out of this text.', offset }];
  }
  if (path[0] === 'secrets' && filters.length > 0) {
    return [{
      rule: 'misplaced_secret',
      message: 'A secret takes no filters: it is put in when the request leaves.',
      hint: 'Keep the secret in the form that the receiver wants, and take the filters away.',
      offset,
    }];
  }
  const wrong = checkVariable(path);
  return wrong === null ? [] : [{ rule: 'unknown_variable', ...wrong, offset }];
}
