import { runScenario, type Row } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { startStage } from './stage.ts';

/**
 * `npm run faults`: every scenario at full size, and a table. `npm run faults -- Redis` takes those whose name has one of the words; `--tenth` runs them as the
 * tests do, `--log` shows what the processes say.
 */
const args = process.argv.slice(2);
const full = !args.includes('--tenth');
const words = args.filter((arg) => !arg.startsWith('--'));
const wanted = Object.values(scenarios).flat().filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase())));

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const cells = (row: string[]): string => row.map((cell, index) => (index === 0 ? cell.padEnd(44) : cell.padStart(12))).join('');
const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`);
const show = ({ name, injections, runs, lost, doubled, slowestMs, tookMs, notes, problems }: Row): string =>
  [
    cells([name, `${injections}`, `${runs}`, `${lost}`, `${doubled}`, seconds(slowestMs), seconds(tookMs)]),
    ...notes.map((note) => `  - ${note}`),
    ...problems.map((problem) => `  ! ${problem}`),
  ].join('\n');

const stage = await startStage(args.includes('--log') ? say : undefined);
let broken = 0;
say(cells(['scenario', 'injections', 'runs', 'lost', 'doubled', 'slowest', 'took']));
try {
  for (const scenario of wanted) {
    const row = await runScenario(stage, scenario, full);
    broken += row.problems.length;
    say(show(row));
  }
} finally {
  await stage.stop();
}
say(broken === 0 ? 'Every promise was kept.' : `${broken} promises were broken.`);
process.exitCode = broken === 0 ? 0 : 1;
