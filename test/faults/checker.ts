import { expect } from 'vitest';
import type { Stage } from './stage.ts';

/** What must hold after every fault, once all is quiet. `steps` is how many log rows one whole run leaves. */
export async function checkEverything({ db, smtp, twilio }: Stage, workflowId: string, people: number, steps: number): Promise<void> {
  const ask = async (sql: string): Promise<Record<string, unknown>[]> => (await db.query(sql, sql.includes('$1') ? [workflowId] : [])).rows;

  expect(await ask('SELECT status, count(*)::int AS n FROM workflow_enrollments WHERE workflow_id = $1 GROUP BY status'), 'every enrollment ended once').toEqual([{ status: 'completed', n: people }]);
  expect(await ask('SELECT count(DISTINCT contact_id)::int AS n FROM workflow_enrollments WHERE workflow_id = $1'), 'nobody is in twice').toEqual([{ n: people }]);
  expect(
    await ask(`SELECT e.id, array_agg(l.status ORDER BY l.seq) AS states FROM workflow_enrollments e LEFT JOIN workflow_step_logs l ON l.enrollment_id = e.id WHERE e.workflow_id = $1
      GROUP BY e.id HAVING count(*) <> ${steps} OR max(l.seq) <> ${steps} OR bool_or(l.status <> 'completed' OR l.completed_at IS NULL)`),
    'every log is whole, without a gap',
  ).toEqual([]);
  expect(await ask('SELECT l.* FROM workflow_step_logs l WHERE l.completed_at < l.started_at'), 'no step ended before it began').toEqual([]);
  expect(await ask('SELECT kind, count(*)::int AS n FROM workflow_scheduled_actions GROUP BY kind'), 'the mailbox is empty').toEqual([]);
  expect(await ask("SELECT id, channel, status FROM sends WHERE status NOT IN ('accepted', 'unknown')"), 'nothing is left on its way').toEqual([]);
  expect(await ask("SELECT id, custom_fields FROM contacts WHERE (custom_fields->>'laps')::int IS DISTINCT FROM 1"), 'each contact was written exactly once').toEqual([]);

  expect(repeated(twilio.ledger.filter(({ kind }) => kind === 'message').map(({ params }) => params['To']!)), 'no SMS twice').toEqual([]);
  expect(repeated(twilio.ledger.filter(({ kind }) => kind === 'call').map(({ params }) => params['To']!)), 'no call twice').toEqual([]);
  expect(repeated(twilio.ledger.map(({ kind, params }) => `${kind} ${params['To']}`)).length).toBe(0);
  const missing = await ask("SELECT s.id FROM sends s WHERE s.channel = 'sms' AND s.status <> 'accepted'");
  expect(missing, 'every SMS was accepted').toEqual([]);
  checkMails(smtp.ledger);
}

/** An e-mail is resent at most once, and only as the same message. */
function checkMails(ledger: { to: string; messageId: string }[]): void {
  const byAddress = new Map<string, typeof ledger>();
  for (const mail of ledger) byAddress.set(mail.to, [...(byAddress.get(mail.to) ?? []), mail]);
  for (const [to, mails] of byAddress) {
    expect(mails.length, `mails to ${to}`).toBeLessThanOrEqual(2);
    expect(new Set(mails.map(({ messageId }) => messageId)).size, `messages to ${to}`).toBe(1);
  }
}

function repeated(values: string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}
