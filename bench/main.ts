import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { contenders, type ContenderName } from './contenders.ts';
import { interleaved, readPlan, type Plan } from './plan.ts';
import { runContender, type Servers } from './run-contender.ts';
import { tablesOf } from './table.ts';
import { linesOf, type Medians } from './targets.ts';
import type { Measured } from './work.ts';

/** `npm run bench`: everybody in turn, round after round, and the medians as ratios. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const plan = readPlan(process.argv.slice(2));
const runs = await runAll(plan, serversOf(process.env));
const medians = Object.fromEntries([...runs].map(([name, measured]) => [name, medianOf(measured)])) as Medians;
const lines = linesOf(medians);
say(`\n${tablesOf(lines, medians)}`);
if (plan.json !== null) writeFileSync(plan.json, `${JSON.stringify({ at: new Date().toISOString(), cpus: cpus().length, rounds: plan.rounds, lines, medians, runs: Object.fromEntries(runs) }, null, 2)}\n`);

async function runAll({ rounds, only, shrink }: Plan, servers: Servers): Promise<Map<ContenderName, Measured[]>> {
  const found = new Map<ContenderName, Measured[]>();
  const run = async (name: ContenderName): Promise<void> => {
    const measured = await runContender(name, Math.ceil(contenders[name].size / shrink), servers);
    found.set(name, [...(found.get(name) ?? []), measured]);
    say(`${measured.contender}: ${Math.round(measured.steps / measured.seconds).toLocaleString('en')} steps/s (load ${loadavg()[0]!.toFixed(1)})`);
  };
  for (let round = 1; round <= rounds; round += 1) {
    say(`\nRound ${round} of ${rounds}`);
    for (const name of interleaved.filter((each) => only.includes(each))) await run(name);
  }
  for (const name of only.filter((each) => !interleaved.includes(each))) await run(name);
  return found;
}

/** By time a step; of an even number the slower one of the middle two. */
function medianOf(measured: Measured[]): Measured {
  const sorted = measured.toSorted((a, b) => a.seconds / a.steps - b.seconds / b.steps);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function serversOf({ DATABASE_URL: databaseUrl, ADMIN_DATABASE_URL: adminUrl = databaseUrl, REDIS_URL: redisUrl }: NodeJS.ProcessEnv): Servers {
  if (!databaseUrl || !adminUrl || !redisUrl) throw new Error('The bench needs DATABASE_URL (and ADMIN_DATABASE_URL, a role that may make databases) and REDIS_URL. `npm run bench` brings up its own.');
  return { databaseUrl, adminUrl, redisUrl };
}
