import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../core/definition/definition.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import { readDefinition, type Source } from '../core/definition/read.ts';
import { messageOf } from '../errors.ts';
import { EnvironmentError, type Call } from './command.ts';
import { lineOf } from './findings.ts';

/** A text that a person named; `-` is stdin. Throws EnvironmentError when it cannot be read. */
export async function readText(path: string, { terminal }: Pick<Call, 'terminal'>): Promise<string> {
  if (path === '-') return terminal.read();
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

const REASONS: Record<string, string> = { ENOENT: 'there is no such file.', EISDIR: 'it is a folder.', EACCES: 'you may not.' };
const reasonOf = (error: unknown): string => REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? messageOf(error);

const DEFINITION = /\.(ya?ml|json)$/i;
const isFolder = (path: string): boolean => path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * The files that a person means by FILE…: a folder stands for the definitions in it, and what a pattern such as `examples/*` caught beside
 * definitions is passed over. Throws EnvironmentError for a folder without any.
 */
export function filesOf({ args, terminal }: Pick<Call, 'args' | 'terminal'>): string[] {
  const named = args.flatMap((path) => (isFolder(path) ? definitionsIn(path) : [path]));
  const meant = named.filter((path) => path === '-' || DEFINITION.test(path));
  if (meant.length === 0) return named;
  const others = named.filter((path) => !meant.includes(path));
  if (others.length > 0) terminal.talk(`Passed over, neither YAML nor JSON by name: ${others.join(', ')}`);
  return meant;
}

function definitionsIn(folder: string): string[] {
  const found = readdirSync(folder).filter((name) => DEFINITION.test(name)).sort();
  if (found.length === 0) throw new EnvironmentError(`${folder} holds no definition: no file in it ends with .yaml, .yml or .json.`);
  return found.map((name) => join(folder, name));
}

/** Writes a file. Throws EnvironmentError when it cannot be written. */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new EnvironmentError(`${path} cannot be written: ${messageOf(error)}`);
  }
}

/** A definition as the reader takes it. JSON is read as YAML too, which it is a part of, so that its findings have lines. */
export async function readSource(path: string, call: Pick<Call, 'terminal'>): Promise<Source> {
  return { format: 'yaml', text: await readText(path, call) };
}

/** A definition that must have the right shape. Throws Unreadable with everything that keeps it from it. */
export async function readShape(path: string, call: Pick<Call, 'terminal'>): Promise<Definition> {
  const { definition, diagnostics } = readDefinition(await readSource(path, call));
  if (!definition) throw new Unreadable(path, diagnostics);
  return definition;
}

/** A file that holds no definition: a finding, not a fault of the environment. */
export class Unreadable extends Error {
  constructor(path: string, diagnostics: Diagnostic[]) {
    super(diagnostics.map((one) => lineOf(path, one)).join('\n'));
  }
}
