import { suggest } from '../core/definition/nearest.ts';
import { COMMON, UsageError, type Call, type Command, type Option } from './command.ts';

export type Parsed = Pick<Call, 'args' | 'value' | 'values' | 'on'>;

/**
 * Reads what stands behind a command's name: `--name value`, `--name=value`, switches, `-h`; what follows `--` is never an option.
 * @throws UsageError that names the nearest option, or says how many arguments are wanted
 */
export function parseCall(command: Command, words: string[]): Parsed {
  const options: Record<string, Option> = { ...COMMON, ...command.options };
  const given = new Map<string, string[]>();
  const args: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      args.push(...queue.splice(0));
    } else if (word === '-' || !word.startsWith('-')) {
      args.push(word);
    } else {
      const { name, inline } = nameOf(word, options);
      const { takes } = options[name]!;
      if (takes === undefined && inline !== null) throw new UsageError(`--${name} takes no value.`);
      const value = takes === undefined ? '' : (inline ?? queue.shift());
      if (value === undefined) throw new UsageError(`--${name} wants ${takes}.`);
      given.set(name, [...(given.get(name) ?? []), value]);
    }
  }
  const repeated = [...given].find(([name, values]) => values.length > 1 && !options[name]!.multiple);
  if (repeated) throw new UsageError(`--${repeated[0]} was given ${repeated[1].length} times.`);
  const [least, most] = command.arity;
  if (!given.has('help') && (args.length < least || args.length > most))
    throw new UsageError(`${command.name} wants ${command.takes || 'no arguments'}, and got ${args.length === 0 ? 'nothing' : args.map((arg) => `"${arg}"`).join(' ')}.`);
  return { args, value: (name) => given.get(name)?.[0] ?? null, values: (name) => given.get(name) ?? [], on: (name) => given.has(name) };
}

function nameOf(word: string, options: Record<string, Option>): { name: string; inline: string | null } {
  const [, dashes, key, inline] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word)!;
  const name = dashes === '--' ? key! : Object.keys(options).find((one) => options[one]!.short === key);
  if (name !== undefined && Object.hasOwn(options, name)) return { name, inline: inline ?? null };
  throw new UsageError(`There is no option "${word}". ${suggest(key!, Object.keys(options)) ?? ''}`.trim());
}
