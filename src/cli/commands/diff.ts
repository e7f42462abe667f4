import { diffDefinitions, printDiff } from '../../core/definition/diff.ts';
import { EXIT, type Command } from '../command.ts';
import { readShape } from '../files.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'Say how two definitions differ in meaning; layout, comments and order of keys are noise.',
  takes: 'BEFORE AFTER',
  arity: [2, 2],
  options: {},
  examples: [
    ['millrace diff old.yaml new.yaml', 'steps, edges and settings that changed'],
    ['millrace export welcome | millrace diff - journey.yaml', 'what an import would change'],
  ],
  async run(call) {
    const [before, after] = [await readShape(call.args[0]!, call), await readShape(call.args[1]!, call)];
    const found = diffDefinitions(before, after);
    call.terminal.show(found, () => printDiff(found));
    return found.identical ? EXIT.ok : EXIT.findings;
  },
};
