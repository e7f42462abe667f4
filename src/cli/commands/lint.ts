import { applyFixes } from '../../core/definition/apply-fixes.ts';
import { CHECK_OPTIONS, checkFiles } from '../check-files.ts';
import { UsageError, type Call, type Command } from '../command.ts';
import { filesOf, readSource, writeText } from '../files.ts';

export const lint: Command = {
  name: 'lint',
  summary: 'Say what is wrong and what looks wrong: warnings fail too, notes do not.',
  takes: 'FILE…',
  arity: [1, Infinity],
  options: { ...CHECK_OPTIONS, fix: { summary: 'mend what can be mended, in the files; of the rest tell' } },
  examples: [
    ['millrace lint journey.yaml', 'errors, warnings and notes'],
    ['millrace lint --fix journey.yaml', 'write every inferred next, and the nearest name for what is no name'],
    ['millrace lint --strict --format sarif *.yaml > lint.sarif', 'for code scanning'],
  ],
  async run(call) {
    if (call.on('fix')) for (const file of filesOf(call)) await mend(file, call);
    return checkFiles(call, () => true, ({ severity }) => severity !== 'info');
  },
};

/** Writes a file anew where a fix changed it. */
async function mend(file: string, call: Call): Promise<void> {
  if (file === '-') throw new UsageError('--fix writes files, and "-" is none.');
  const { source, fixed } = applyFixes(await readSource(file, call));
  if (fixed.length === 0 || source.format !== 'yaml') return;
  writeText(file, source.text);
  for (const one of fixed) call.terminal.talk(`${file}:${one.line ?? 1} ${one.rule}: ${one.fix!.title}`);
}
