import { startHttpDouble, type HttpDouble, type Received, type Reply } from './http-double.ts';

/** A message or call that the double took. */
export interface TwilioEntry {
  kind: 'message' | 'call';
  sid: string;
  at: number;
  params: Record<string, string>;
}

export interface TwilioDouble {
  url: string;
  ledger: TwilioEntry[];
  requests: Received[];
  /** Refuses or delays before anything is taken: `{ status: 429, headers }`. */
  before: (request: Received) => Reply | undefined;
  /** What is answered after a message was taken: `hang` is an acceptance that nobody hears of. */
  after: (entry: TwilioEntry) => Reply | undefined;
  close(): Promise<void>;
}

/** Twilio's messages and calls, as far as Millrace uses them: create and list. */
export async function startTwilioDouble(): Promise<TwilioDouble> {
  const http: HttpDouble = await startHttpDouble();
  const double: TwilioDouble = { url: http.url, ledger: [], requests: http.ledger, before: () => undefined, after: () => undefined, close: http.close };
  http.script = (request) => double.before(request) ?? answer(double, request);
  return double;
}

function answer(double: TwilioDouble, request: Received): Reply {
  const url = new URL(request.path, 'http://double');
  const kind = url.pathname.endsWith('/Messages.json') ? 'message' : url.pathname.endsWith('/Calls.json') ? 'call' : null;
  if (kind === null) return json(404, { code: 20404, message: 'not found' });
  if (request.method === 'GET') return list(double, kind, url.searchParams);
  const params = Object.fromEntries(new URLSearchParams(request.body));
  const entry: TwilioEntry = { kind, sid: `${kind === 'message' ? 'SM' : 'CA'}${String(double.ledger.length + 1).padStart(32, '0')}`, at: Date.now(), params };
  double.ledger.push(entry);
  return double.after(entry) ?? json(201, resource(entry));
}

function list(double: TwilioDouble, kind: TwilioEntry['kind'], query: URLSearchParams): Reply {
  const found = double.ledger.filter((entry) => entry.kind === kind && ['To', 'From'].every((name) => !query.has(name) || query.get(name) === entry.params[name]));
  return json(200, { [`${kind}s`]: found.reverse().map(resource), next_page_uri: null, page: 0, page_size: 50 });
}

const resource = ({ sid, params, at }: TwilioEntry) => ({
  sid,
  to: params['To'],
  from: params['From'],
  body: params['Body'] ?? null,
  num_segments: '1',
  direction: 'outbound-api',
  status: 'queued',
  date_created: new Date(at).toUTCString().replace('GMT', '+0000'),
});

const json = (status: number, body: unknown): Reply => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
