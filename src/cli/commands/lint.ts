import { CHECK_OPTIONS, checkFiles } from '../check-files.ts';
import type { Command } from '../command.ts';

export const lint: Command = {
  name: 'lint',
  summary: 'Say what is wrong and what looks wrong: warnings fail too, notes do not.',
  takes: 'FILE…',
  arity: [1, Infinity],
  options: CHECK_OPTIONS,
  examples: [
    ['millrace lint journey.yaml', 'errors, warnings and notes'],
    ['millrace lint --strict --format sarif *.yaml > lint.sarif', 'for code scanning'],
  ],
  run: (call) => checkFiles(call, () => true, ({ severity }) => severity !== 'info'),
};
