import { COMMON, type Command } from './command.ts';
import { columns } from './terminal.ts';

const indent = (text: string): string => text.split('\n').map((line) => (line === '' ? line : `  ${line}`)).join('\n');

/** The front page. */
export function overview(groups: Record<string, Command[]>): string {
  const width = Math.max(...Object.values(groups).flat().map(({ name, takes }) => `${name} ${takes}`.length));
  const list = Object.entries(groups).map(([title, commands]) =>
    `${title}\n${indent(commands.map(({ name, takes, summary }) => `${`${name} ${takes}`.padEnd(width)}  ${summary}`).join('\n'))}`);
  return `millrace: customer journeys as code

${list.join('\n\n')}

Every command has --help with examples, and --json for machines. A FILE is YAML or JSON; "-" reads stdin.
Commands that need a server take its address from MILLRACE_URL (http://127.0.0.1:4000 unless set) and its key from MILLRACE_API_KEY.
Exit codes: 0 all is well, 1 findings, 2 called wrongly, 3 the environment or the server.
`;
}

/** One command's page. */
export function page({ name, summary, takes, options, examples }: Command): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([option, { takes: value, short, summary: what, multiple }]) => [
    `${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`, `${what}${multiple ? ' (may be repeated)' : ''}`,
  ]);
  return `${`millrace ${name} ${takes}`.trimEnd()}

${indent(summary)}

Options
${indent(columns(rows))}

Examples
${indent(columns(examples.map(([line, what]) => [`$ ${line}`, `# ${what}`])))}
`;
}
