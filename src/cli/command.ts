import type { ClientEnvironment } from '../environment.ts';
import type { Terminal } from './terminal.ts';

/** What a process ends with. */
export const EXIT = { ok: 0, findings: 1, usage: 2, environment: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Option {
  /** A word for what it takes; without one it is a switch. */
  takes?: string;
  short?: string;
  /** May be given several times. */
  multiple?: boolean;
  summary: string;
}

/** What a command is called with, parsed by its own options. */
export interface Call {
  args: string[];
  /** The value of an option; null when it was not given. */
  value(name: string): string | null;
  values(name: string): string[];
  on(name: string): boolean;
  terminal: Terminal;
  environment: ClientEnvironment;
}

/** One command, in one file. */
export interface Command {
  name: string;
  /** One sentence for the list. */
  summary: string;
  /** Behind the name: `FILE…`. */
  takes: string;
  /** How many arguments it wants. */
  arity: [least: number, most: number];
  options: Record<string, Option>;
  /** A line of the shell, and what it does. */
  examples: [string, string][];
  run(call: Call): Promise<ExitCode>;
}

/** Said to whoever called it wrongly. */
export class UsageError extends Error {}

/** Something outside is not as it must be: no file, no server, a server that refuses. */
export class EnvironmentError extends Error {}

/** `--json` and what every command understands. */
export const COMMON: Record<string, Option> = {
  json: { summary: 'print data as JSON' },
  help: { short: 'h', summary: 'say how it is called' },
};
