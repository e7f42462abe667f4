import type { Explained } from './scenario.ts';
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
  /** How often one may come; one that nobody interrupted never more often than it was attempted. */
  most: number;
  /** True when the provider can be asked, so that we must know what it has. */
  asked: boolean;
}

/** What leaves the house no more often than it was promised. */
const PROMISES: Promised[] = [
  { channel: 'email', most: 2, asked: false, taken: ({ smtp }) => smtp.ledger.map(({ to, messageId, text }) => ({ to, same: messageId, text })) },
  {
    channel: 'sms',
    most: 1,
    asked: true,
    taken: ({ twilio }) => twilio.ledger.filter(({ kind }) => kind === 'message').map(({ params }) => ({ to: params['To']!, same: '', text: params['Body'] ?? '' })),
  },
  {
    channel: 'voice',
    most: 1,
    asked: true,
    taken: ({ twilio }) => twilio.ledger.filter(({ kind }) => kind === 'call').map(({ params }) => ({ to: params['To']!, same: '', text: params['Twiml'] ?? '' })),
  },
  {
    channel: 'webhook',
    most: Infinity,
    asked: false,
    taken: ({ webhooks }) => webhooks.ledger.map(({ headers, body }) => ({ to: who(body), same: headers['webhook-id'] ?? 'none', text: body })),
  },
];

const who = (body: string): string => (JSON.parse(body) as { who: string }).who;

interface Sent {
  name: string;
  to: string;
  status: string;
  attempt: number;
  interrupted: boolean;
}

const SENT = `SELECT c.first_name AS name, CASE s.channel WHEN 'email' THEN c.email WHEN 'webhook' THEN c.first_name ELSE c.phone END AS "to", s.status, s.attempt, s.unknown_before AS interrupted
  FROM sends s JOIN contacts c ON c.id = s.contact_id WHERE s.workflow_id = ANY($1) AND s.channel = $2`;

/** Holds what the providers took against the promises and against our own ledger. `lost` counts what we call accepted and nobody took. */
export async function checkLedgers(stage: Stage, workflowIds: string[], { late = false }: Explained): Promise<{ lost: number; doubled: number; problems: string[] }> {
  const answer = { lost: 0, doubled: 0, problems: [] as string[] };
  for (const { channel, most, asked, taken } of PROMISES) {
    const sent = await stage.ask<Sent>(SENT, [workflowIds, channel]);
    const attempts = new Map(sent.map(({ to, attempt, interrupted }) => [to, interrupted ? most : attempt]));
    const byReceiver = new Map<string, Taken[]>();
    for (const one of taken(stage)) byReceiver.set(one.to, [...(byReceiver.get(one.to) ?? []), one]);
    const accepted = sent.filter(({ status }) => status === 'accepted' || status === 'delivered');
    const missing = accepted.filter(({ to }) => !byReceiver.has(to));
    const doubled = [...byReceiver].filter(([, all]) => all.length > most || new Set(all.map(({ same }) => same)).size > 1);
    answer.lost += missing.length;
    answer.doubled += doubled.length;
    const findings = {
      'accepted, but nobody took it': missing,
      'taken for somebody else': sent.filter(({ name, to }) => byReceiver.get(to)?.some(({ text }) => !text.includes(name))),
      'taken more often than promised': doubled,
      'taken more often than it was attempted': [...byReceiver].filter(([to, all]) => all.length > (attempts.get(to) ?? 0)),
      'said to be unknown, but the provider could be asked': asked && !late ? sent.filter(({ to, status }) => status === 'unknown' && byReceiver.has(to)) : [],
    };
    for (const [what, found] of Object.entries(findings)) {
      if (found.length > 0) answer.problems.push(`${channel} ${what}: ${found.length}, e.g. ${JSON.stringify(found[0])}`);
    }
  }
  return answer;
}
