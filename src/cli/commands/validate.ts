import { CHECK_OPTIONS, checkFiles } from '../check-files.ts';
import type { Command } from '../command.ts';

export const validate: Command = {
  name: 'validate',
  summary: 'Say whether definitions could be published, with everything that is wrong.',
  takes: 'FILE…',
  arity: [1, Infinity],
  options: CHECK_OPTIONS,
  examples: [
    ['millrace validate journey.yaml', 'every error, with its line'],
    ['millrace validate --format github workflows/*.yaml', 'annotations on a pull request'],
    ['cat journey.json | millrace validate -', 'from a pipe'],
  ],
  run: (call) => checkFiles(call, ({ severity }) => severity === 'error', () => true),
};
