import type { FilterMoment } from './filters/define-filter.ts';
import { isTemplate, loneExpression, parseTemplate, type Expression } from './parse.ts';
import { escapeHtml, printValue } from './print.ts';
import { readPath } from './roots.ts';
import type { Scope } from './scope.ts';
import { fieldPath } from './variables.ts';

export { readPath } from './roots.ts';

export interface RenderOptions {
  /** `html` makes every inserted value safe in an HTML body. */
  escape?: 'html';
}

/**
 * Fills a text with the scope's values, in one pass: what is inserted is never read as a template again.
 * @param missing collects the paths that had no value, which render as nothing; the scope's own collection unless said, null for nobody
 * @throws TemplateError when the text is no valid template
 */
export function renderText(text: string, scope: Scope, opts: RenderOptions = {}, missing: Set<string> | null = scope.missing ?? null): string {
  if (!isTemplate(text)) return text;
  let output = '';
  for (const part of parseTemplate(text).parts) {
    if (typeof part === 'string') {
      output += part;
      continue;
    }
    const value = printValue(evaluateExpression(part, scope, missing));
    output += opts.escape === 'html' ? escapeHtml(value) : value;
  }
  return output;
}

/**
 * Fills every text inside a value, at any depth. A text that is exactly one expression becomes its value with its
 * type, `undefined` when there is none; moments are ISO-8601 text. Keys are left as they are.
 * @throws TemplateError when a text is no valid template
 */
export function renderValue(value: unknown, scope: Scope, missing: Set<string> | null = scope.missing ?? null): unknown {
  if (typeof value === 'string') {
    if (!isTemplate(value)) return value;
    const { lone } = parseTemplate(value);
    return lone === null ? renderText(value, scope, {}, missing) : evaluateExpression(lone, scope, missing);
  }
  if (Array.isArray(value)) return value.map((item) => renderValue(item, scope, missing));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderValue(item, scope, missing)]));
}

/** The value of one expression with its type, undefined when it has none. */
function evaluateExpression(expression: Expression, scope: Scope, missing: Set<string> | null = null): unknown {
  let value = readPath(expression.path, scope);
  const moment: FilterMoment = scope;
  for (const { filter, args } of expression.filters) {
    if (filter.takesMissing || (value !== undefined && value !== null)) value = filter.apply(value, args, moment);
  }
  if (value === undefined || value === null) missing?.add(expression.path.join('.'));
  return value;
}

/**
 * What a condition's `field` names: a rooted path (`steps.welcome.opened`), a path of the contact (`tags`,
 * `custom_fields.plan`), or a lone template. Undefined when there is no such value.
 */
export function fieldValue(field: string, scope: Scope): unknown {
  if (isTemplate(field)) {
    const lone = loneExpression(field);
    return lone === null ? renderText(field, scope) : evaluateExpression(lone, scope);
  }
  return readPath(fieldPath(field), scope);
}
