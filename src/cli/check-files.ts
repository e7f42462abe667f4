import { lintDefinition } from '../core/definition/lint/index.ts';
import { readStructure } from '../core/definition/read.ts';
import type { Diagnostic } from '../core/definition/diagnostic.ts';
import { EXIT, UsageError, type Call, type ExitCode, type Option } from './command.ts';
import { filesOf, readSource } from './files.ts';
import { printers, tally, type FileFindings, type Format } from './findings.ts';
import { ask } from './server.ts';

/** What `validate` and `lint` share. */
export const CHECK_OPTIONS: Record<string, Option> = {
  strict: { summary: 'make errors of steps that go past an arm without naming a next step' },
  format: { takes: 'text|json|github|sarif', summary: 'how findings are printed' },
  remote: { summary: 'let the server check, against the templates and voicemails that it has' },
};

/** Checks every file and prints what is found. @param tells which findings are told; @param fails whether one of them fails the command */
export async function checkFiles(call: Call, tells: (one: Diagnostic) => boolean, fails: (one: Diagnostic) => boolean): Promise<ExitCode> {
  const format = formatOf(call);
  const files: FileFindings[] = [];
  for (const file of filesOf(call)) files.push({ file, diagnostics: (await findingsOf(file, call)).filter(tells) });
  const text = printers[format](files);
  if (text !== '') call.terminal.data(text);
  call.terminal.talk(tally(files));
  return files.some(({ diagnostics }) => diagnostics.some(fails)) ? EXIT.findings : EXIT.ok;
}

function formatOf({ value, terminal }: Call): Format {
  const format = value('format') ?? (terminal.json ? 'json' : 'text');
  if (!Object.hasOwn(printers, format)) throw new UsageError(`--format wants one of ${Object.keys(printers).join(', ')}, not "${format}".`);
  return format as Format;
}

async function findingsOf(file: string, call: Call): Promise<Diagnostic[]> {
  const source = await readSource(file, call);
  const strict = call.on('strict');
  if (call.on('remote')) return remoteFindings(call, source, strict);
  const { definition, diagnostics } = readStructure(source);
  return definition ? lintDefinition(definition, { strict }) : diagnostics;
}

interface Entry {
  pointer: string;
  detail: string;
  line: number | null;
  column: number | null;
  rule: string;
  hint: string | null;
  severity: Diagnostic['severity'];
}

async function remoteFindings(call: Call, source: Awaited<ReturnType<typeof readSource>>, strict: boolean): Promise<Diagnostic[]> {
  const body = source.format === 'yaml' ? source.text : source.value;
  const { diagnostics } = await ask<{ diagnostics: Entry[] }>(call, 'POST', '/validate', { body, query: { strict: strict ? 'true' : null } });
  return diagnostics.map(({ pointer, detail, ...rest }) => ({ ...rest, message: detail, kind: 'reference', path: pathOf(pointer) }));
}

/** RFC 6901 back to a path. */
const pathOf = (pointer: string): Diagnostic['path'] =>
  pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
