import { createHmac } from 'node:crypto';
import { askApi } from '../api.ts';
import type { Scenario } from '../scenario.ts';
import { type Stage, TWILIO_TOKEN } from '../stage.ts';

/** Doorbells by the handful, in the wrong order and for what is long done; requests sent twice; callbacks repeated, reordered and forged. */
export const repeatedDeliveries: Scenario = {
  name: 'deliveries repeated and reordered',
  people: 2_000,
  explains: { troubles: ['forged'] },
  async inject(stage, crowd) {
    const { queue } = stage.house.ctx;
    const problems: string[] = [];
    const [{ workflowId, contactIds }] = crowd.parts;
    const key = { 'idempotency-key': `faults-${workflowId}` };
    const enroll = () => askApi(stage, 'POST', `/api/workflows/${workflowId}/enroll`, { contact_ids: contactIds }, key);
    const answers = await Promise.all([enroll(), enroll(), crowd.enroll()]);
    const refused = answers.filter((answer) => answer && ![201, 409].includes(answer.status));
    if (refused.length > 0) problems.push(`a repeated request was answered ${JSON.stringify(refused[0])}`);
    let rings = 0;
    for (let round = 1; round <= 8; round += 1) {
      await crowd.share(round / 10);
      const workflowIds = crowd.parts.map((part) => part.workflowId);
      const runs = (await stage.ask<{ id: string }>('SELECT id FROM workflow_enrollments WHERE workflow_id = ANY($1) ORDER BY random() LIMIT 400', [workflowIds])).map(
        ({ id }) => id,
      );
      const sends = (await stage.ask<{ id: string }>('SELECT id FROM sends WHERE workflow_id = ANY($1) ORDER BY random() LIMIT 400', [workflowIds])).map(({ id }) => id);
      await Promise.all([
        queue.nudgeRuns('bulk', runs),
        queue.nudgeRuns('interactive', runs.toReversed()),
        queue.nudgeSends('bulk', sends),
        queue.nudgeSends('interactive', sends.toReversed()),
        queue.nudgeEvents(),
      ]);
      rings += 2 * (runs.length + sends.length);
    }
    await crowd.settles();
    problems.push(...(await repeatCallbacks(stage, workflowId)));
    return { injections: rings, slowestMs: null, problems };
  },
};

/** Every text is reported delivered twice, with `sent` behind it; a forged report changes nothing. */
async function repeatCallbacks(stage: Stage, workflowId: string): Promise<string[]> {
  const problems: string[] = [];
  const sends = await stage.ask<{ id: string; sid: string }>("SELECT id, provider_id AS sid FROM sends WHERE workflow_id = $1 AND channel = 'sms' LIMIT 20", [workflowId]);
  for (const { id, sid } of sends) {
    for (const status of ['delivered', 'delivered', 'sent', 'queued']) {
      const answer = await report(stage, id, { MessageSid: sid, MessageStatus: status }, TWILIO_TOKEN);
      if (answer !== 204) problems.push(`a callback "${status}" was answered ${answer}`);
    }
    const forged = await report(stage, id, { MessageSid: sid, MessageStatus: 'failed' }, 'somebody else');
    if (forged !== 403) problems.push(`a forged callback was answered ${forged}`);
  }
  const told = await stage.ask<{ type: string; n: number }>(
    "SELECT v.type, count(*)::int AS n FROM contact_events v JOIN workflow_enrollments e ON e.contact_id = v.contact_id WHERE e.workflow_id = $1 AND v.type LIKE 'sms_%' GROUP BY 1",
    [workflowId],
  );
  const expected = JSON.stringify([{ type: 'sms_delivered', n: sends.length }]);
  if (JSON.stringify(told) !== expected) problems.push(`each report is told once: expected ${expected}, found ${JSON.stringify(told)}`);
  return problems;
}

async function report(stage: Stage, sendId: string, params: Record<string, string>, token: string): Promise<number> {
  const url = `${stage.apiUrl}/hooks/twilio/status?send=${sendId}`;
  const signed = url + Object.keys(params).toSorted().map((name) => name + params[name]).join('');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': createHmac('sha1', token).update(signed).digest('base64') };
  return (await fetch(url, { method: 'POST', headers, body: new URLSearchParams(params) })).status;
}
