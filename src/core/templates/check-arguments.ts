import type { FilterArgument, FilterDefinition, Literal } from './filters/define-filter.ts';
import type { TemplateFault } from './template-fault.ts';

const KINDS: Record<FilterArgument['kind'], { words: string; holds: (value: Literal) => boolean }> = {
  text: { words: 'text in quotes', holds: (value) => typeof value === 'string' },
  number: { words: 'a number', holds: (value) => typeof value === 'number' && Number.isFinite(value) },
  whole: { words: 'a whole number', holds: (value) => Number.isSafeInteger(value) },
  any: { words: 'a value', holds: () => true },
};

/** What is wrong with a filter's arguments; empty when nothing is. `offset` is where the filter stands. */
export function checkArguments(filter: FilterDefinition, args: Literal[], offset: number): TemplateFault[] {
  const least = filter.args.filter((argument) => argument.optional !== true).length;
  if (args.length < least || args.length > filter.args.length) {
    return [fault(filter, `takes ${countOf(least, filter.args.length)}, found ${args.length}`, offset)];
  }
  return args.flatMap((value, i) => {
    const wrong = wrongWith(filter.args[i]!, value);
    return wrong === null ? [] : [fault(filter, wrong, offset)];
  });
}

function wrongWith(argument: FilterArgument, value: Literal): string | null {
  const kind = KINDS[argument.kind];
  if (!kind.holds(value)) return `wants ${kind.words} as its ${argument.name}, found ${JSON.stringify(value)}`;
  const wrong = argument.check?.(value) ?? null;
  return wrong === null ? null : `cannot take ${JSON.stringify(value)} as its ${argument.name}: ${wrong}`;
}

function countOf(least: number, most: number): string {
  if (most === 0) return 'no argument';
  if (least === most) return `${most} argument${most === 1 ? '' : 's'}`;
  return `${least} to ${most} arguments`;
}

function fault(filter: FilterDefinition, problem: string, offset: number): TemplateFault {
  return { rule: 'filter_argument', message: `The filter "${filter.name}" ${problem}.`, hint: `For example ${filter.example}`, offset };
}
