import { namedAssets } from '../../core/definition/named-assets.ts';
import { differenceText } from '../../core/expectations.ts';
import { runScenarios, type ScenarioResult } from '../../core/scenarios.ts';
import { showScenarios } from '../../services/exploration.ts';
import { EXIT, type Command } from '../command.ts';
import { filesOf, readShape, Unreadable } from '../files.ts';
import { plainLocation } from '../plain-location.ts';

export const test: Command = {
  name: 'test',
  summary: 'Play the scenarios (tests:) of definitions; no message leaves.',
  takes: 'FILE…',
  arity: [1, Infinity],
  options: {},
  examples: [['millrace test examples/*.yaml', 'all scenarios; the first difference of each that fails'], ['millrace test --json journey.yaml', 'what happened, for machines']],
  async run(call) {
    const { terminal } = call;
    const played: { file: string; results: ScenarioResult[] }[] = [];
    let unreadable = 0;
    for (const file of filesOf(call)) {
      try {
        const definition = await readShape(file, call);
        played.push({ file, results: runScenarios(definition, { assets: namedAssets(definition), location: plainLocation }) });
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        unreadable += 1;
        terminal.talk(error.message);
      }
    }
    const all = played.flatMap(({ results }) => results);
    const failed = all.filter(({ passed }) => !passed).length;
    const told = played.map(({ file, results }) => ({ file, ...showScenarios(results) }));
    if (played.length > 0 || terminal.json) terminal.show(told, () => played.map(({ file, results }) => [file, ...results.map(lineOf)].join('\n')).join('\n'));
    const broken = unreadable === 0 ? '' : `; ${unreadable} ${unreadable === 1 ? 'file holds' : 'files hold'} no definition`;
    terminal.talk(all.length === 0 && unreadable === 0 ? 'No scenarios. Add tests: to the definition.' : `${all.length - failed} passed, ${failed} failed${broken}`);
    return failed + unreadable > 0 ? EXIT.findings : EXIT.ok;
  },
};

const lineOf = ({ name, difference }: ScenarioResult): string => (difference ? `  FAIL  ${name}\n        ${differenceText(difference)}` : `  ok    ${name}`);
