import type { Stage } from './stage.ts';

interface Taken {
  /** Who it was for: the address, the number, or the name in a webhook's body. */
  to: string;
  /** What must be the same when it comes again: Message-ID, `webhook-id`. */
  same: string;
  text: string;
}

interface Promised {
  channel: string;
  taken: (stage: Stage) => Taken[];
  /** How often one may come. */
  most: number;
}

/** What leaves the house no more often than it was promised. */
const PROMISES: Promised[] = [
  { channel: 'email', most: 2, taken: ({ smtp }) => smtp.ledger.map(({ to, messageId, text }) => ({ to, same: messageId, text })) },
  { channel: 'sms', most: 1, taken: ({ twilio }) => twilio.ledger.filter(({ kind }) => kind === 'message').map(({ params }) => ({ to: params['To']!, same: '', text: params['Body'] ?? '' })) },
  { channel: 'voice', most: 1, taken: ({ twilio }) => twilio.ledger.filter(({ kind }) => kind === 'call').map(({ params }) => ({ to: params['To']!, same: '', text: params['Twiml'] ?? '' })) },
  { channel: 'webhook', most: Infinity, taken: ({ webhooks }) => webhooks.ledger.map(({ headers, body }) => ({ to: who(body), same: headers['webhook-id'] ?? 'none', text: body })) },
];

const who = (body: string): string => (JSON.parse(body) as { who: string }).who;

/** Holds what the providers took against the promises and against our own ledger. `lost` counts what we call accepted and nobody took. */
export async function checkLedgers(stage: Stage, workflowIds: string[]): Promise<{ lost: number; doubled: number; problems: string[] }> {
  const answer = { lost: 0, doubled: 0, problems: [] as string[] };
  for (const promise of PROMISES) {
    const accepted = await stage.ask<{ name: string; to: string }>(
      `SELECT c.first_name AS name, CASE s.channel WHEN 'email' THEN c.email WHEN 'webhook' THEN c.first_name ELSE c.phone END AS "to"
       FROM sends s JOIN contacts c ON c.id = s.contact_id WHERE s.workflow_id = ANY($1) AND s.channel = $2 AND s.status IN ('accepted', 'delivered')`,
      [workflowIds, promise.channel],
    );
    const byReceiver = new Map<string, Taken[]>();
    for (const one of promise.taken(stage)) byReceiver.set(one.to, [...(byReceiver.get(one.to) ?? []), one]);
    const missing = accepted.filter(({ to }) => !byReceiver.has(to));
    const misled = accepted.filter(({ name, to }) => byReceiver.get(to)?.some(({ text }) => !text.includes(name)));
    const doubled = [...byReceiver].filter(([, all]) => all.length > promise.most || new Set(all.map(({ same }) => same)).size > 1);
    answer.lost += missing.length;
    answer.doubled += doubled.length;
    for (const [what, found] of Object.entries({ 'accepted, but nobody took it': missing, 'taken for somebody else': misled, 'taken more often than promised': doubled })) {
      if (found.length > 0) answer.problems.push(`${promise.channel} ${what}: ${found.length}, e.g. ${JSON.stringify(found[0])}`);
    }
  }
  return answer;
}
