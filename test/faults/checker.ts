import { compile } from '../../src/core/definition/compile.ts';
import { readDefinition } from '../../src/core/definition/read.ts';
import type { Program } from '../../src/core/program.ts';
import type { Crowd } from './crowd.ts';
import { checkNoise } from './noise.ts';
import { checkLedgers } from './promises.ts';
import type { Explained } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What was found wrong after a fault. `lost` and `doubled` are counts for the table; `problems` says everything, in sentences. */
export interface Verdict {
  lost: number;
  doubled: number;
  problems: string[];
}

/** Sentence → a query that must find nothing. `$1` are the workflows. */
const NOTHING: Record<string, string> = {
  'nobody is in twice': 'SELECT workflow_id, contact_id FROM workflow_enrollments WHERE workflow_id = ANY($1) GROUP BY 1, 2 HAVING count(*) > 1',
  'every run completed': "SELECT id, status, exit_reason FROM workflow_enrollments WHERE workflow_id = ANY($1) AND status <> 'completed'",
  'every step completed':
    "SELECT l.enrollment_id, l.step_id, l.status, l.error FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = ANY($1) AND (l.status <> 'completed' OR l.completed_at IS NULL)",
  'a step begins when the one before it has ended, and ends after it began': `SELECT * FROM (SELECT l.enrollment_id, l.seq, l.started_at, l.completed_at, l.started_rev, l.ended_rev,
      lag(l.completed_at) OVER w AS before_at, lag(l.ended_rev) OVER w AS before_rev
    FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = ANY($1) WINDOW w AS (PARTITION BY l.enrollment_id ORDER BY l.seq)) x
    WHERE completed_at < started_at OR ended_rev < started_rev OR started_at < before_at OR started_rev < before_rev`,
  'no timer fired early': `SELECT l.enrollment_id, l.step_id, l.completed_at - l.started_at AS took FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id
    WHERE e.workflow_id = ANY($1) AND l.completed_at - l.started_at < CASE l.step_id WHEN 'pause' THEN interval '1 hour' WHEN 'nap' THEN interval '30 minutes' ELSE interval '0' END`,
  'the mailbox is empty':
    'SELECT a.kind, count(*) FROM workflow_scheduled_actions a JOIN workflow_enrollments e ON e.id = a.enrollment_id WHERE e.workflow_id = ANY($1) GROUP BY 1',
  'no send is left on its way': "SELECT id, channel, status, error FROM sends WHERE workflow_id = ANY($1) AND status NOT IN ('accepted', 'delivered', 'unknown')",
  'what can be asked for or repeated is never unknown':
    "SELECT id, channel, status, error FROM sends WHERE workflow_id = ANY($1) AND status = 'unknown' AND channel IN ('sms', 'webhook')",
  'each contact was written exactly once':
    "SELECT c.id, c.custom_fields FROM contacts c JOIN workflow_enrollments e ON e.contact_id = c.id WHERE e.workflow_id = ANY($1) AND (c.custom_fields->>'laps')::int IS DISTINCT FROM 1",
  'each event was told once':
    "SELECT v.contact_id, count(*) FROM contact_events v JOIN workflow_enrollments e ON e.contact_id = v.contact_id WHERE e.workflow_id = ANY($1) AND v.type = 'tag_added' GROUP BY 1 HAVING count(*) <> 1",
  'a send says unknown only when an attempt at it was interrupted':
    "SELECT id, channel, attempt FROM sends WHERE workflow_id = ANY($1) AND status = 'unknown' AND NOT unknown_before",
  'nothing crosses locations': `SELECT e.id FROM workflow_enrollments e JOIN workflows_v2 w ON w.id = e.workflow_id JOIN contacts c ON c.id = e.contact_id
    LEFT JOIN workflow_step_logs l ON l.enrollment_id = e.id LEFT JOIN sends s ON s.enrollment_id = e.id
    WHERE e.workflow_id = ANY($1) AND (w.location_id, c.location_id, coalesce(l.location_id, e.location_id), coalesce(s.location_id, e.location_id)) <> (e.location_id, e.location_id, e.location_id, e.location_id)`,
  'the counters equal the logs': `WITH logs AS (SELECT e.workflow_id, l.step_id FROM workflow_step_logs l JOIN workflow_enrollments e ON e.id = l.enrollment_id WHERE e.workflow_id = ANY($1)),
    truth AS (SELECT workflow_id, 'started' AS kind, step_id, count(*) AS n FROM logs GROUP BY 1, 3 UNION ALL SELECT workflow_id, 'ended', step_id, count(*) FROM logs GROUP BY 1, 3
      UNION ALL SELECT workflow_id, unnest(ARRAY['enrolled', 'completed']), '', count(*) FROM workflow_enrollments WHERE workflow_id = ANY($1) GROUP BY 1),
    counted AS (SELECT workflow_id, kind, step_id, sum(n) AS n FROM (SELECT workflow_id, kind, step_id, n FROM workflow_stat_deltas UNION ALL SELECT workflow_id, kind, step_id, n FROM workflow_stat_totals) x
      WHERE workflow_id = ANY($1) AND kind IN ('started', 'ended', 'enrolled', 'completed') GROUP BY 1, 2, 3)
    SELECT workflow_id, kind, step_id, t.n AS logged, c.n AS counted FROM truth t FULL JOIN counted c USING (workflow_id, kind, step_id) WHERE t.n IS DISTINCT FROM c.n`,
};

/** What must hold after every fault, once all is quiet. */
export async function checkEverything(stage: Stage, crowd: Crowd, explained: Explained & { injections: number }): Promise<Verdict> {
  const workflowIds = crowd.parts.map(({ workflowId }) => workflowId);
  const problems: string[] = [];
  for (const [sentence, sql] of Object.entries(NOTHING)) {
    const found = await stage.ask(sql, [workflowIds]);
    if (found.length > 0) problems.push(`${sentence}: not so for ${found.length}, e.g. ${JSON.stringify(found.slice(0, 3))}`);
  }
  const [inside] = await stage.ask<Inside>(INSIDE, [workflowIds]);
  if (inside!.all !== crowd.people || inside!.active + inside!.ended !== inside!.all)
    problems.push(`enrolled = active + ended: ${crowd.people} were let in, ${JSON.stringify(inside)} are known`);
  const most = (explained.unknowns ?? 0) * explained.injections;
  if (inside!.unknown > most) problems.push(`${inside!.unknown} sends ended unknown; ${explained.injections} injections explain at most ${most}`);
  problems.push(...(await strayPaths(stage, workflowIds, programOf(crowd.source))));
  const ledgers = await checkLedgers(stage, workflowIds, explained);
  problems.push(...ledgers.problems, ...checkNoise(stage.said.splice(0), explained.troubles ?? []));
  return { lost: crowd.people - inside!.ended + ledgers.lost, doubled: ledgers.doubled, problems };
}

interface Inside {
  all: number;
  active: number;
  ended: number;
  unknown: number;
}

const INSIDE = `SELECT count(*)::int AS all, count(*) FILTER (WHERE status = 'active')::int AS active, count(*) FILTER (WHERE completed_at IS NOT NULL)::int AS ended,
  (SELECT count(*)::int FROM sends WHERE workflow_id = ANY($1) AND status = 'unknown') AS unknown FROM workflow_enrollments WHERE workflow_id = ANY($1)`;

function programOf(text: string): Program {
  const { definition } = readDefinition({ format: 'yaml', text });
  if (!definition) throw new Error('The journey of this fault is no definition.');
  return compile(definition);
}

interface Trail {
  id: string;
  seqs: number[];
  steps: string[];
  outcomes: (string | null)[];
}

/** Every log must be a path of its version: from its entry along its edges to an end, without a gap. */
async function strayPaths(stage: Stage, workflowIds: string[], program: Program): Promise<string[]> {
  const trails = await stage.ask<Trail>(
    `SELECT e.id, array_agg(l.seq ORDER BY l.seq) AS seqs, array_agg(l.step_id ORDER BY l.seq) AS steps, array_agg(l.outcome ORDER BY l.seq) AS outcomes
     FROM workflow_enrollments e LEFT JOIN workflow_step_logs l ON l.enrollment_id = e.id WHERE e.workflow_id = ANY($1) GROUP BY e.id`,
    [workflowIds],
  );
  const stray = trails.filter((trail) => !isPath(program, trail));
  return stray.length === 0 ? [] : [`every log is a whole path: not so for ${stray.length}, e.g. ${JSON.stringify(stray[0])}`];
}

function isPath(program: Program, { seqs, steps, outcomes }: Trail): boolean {
  let next = program.entry;
  for (const [index, stepId] of steps.entries()) {
    if (seqs[index] !== index + 1 || !('stepId' in next) || next.stepId !== stepId) return false;
    const step = program.steps.get(stepId);
    const edge = step?.edges[outcomes[index] ?? 'next'];
    if (!edge) return false;
    next = edge;
  }
  return 'end' in next;
}
