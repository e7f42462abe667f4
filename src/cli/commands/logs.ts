import { EXIT, EnvironmentError, type Call, type Command, type ExitCode } from '../command.ts';
import { ask, request } from '../server.ts';
import { serverEvents } from '../server-events.ts';
import { columns } from '../terminal.ts';

type Row = Record<string, unknown>;

export const logs: Command = {
  name: 'logs',
  summary: "Print a run's step log, or follow it losslessly until the run ends.",
  takes: 'ENROLLMENT',
  arity: [1, 1],
  options: { follow: { short: 'f', summary: 'stay, and print what comes; after a broken line it goes on where it stood' } },
  examples: [['millrace logs "$ENROLLMENT"', 'every step so far'], ['millrace logs -f --json "$ENROLLMENT" | jq .', 'one event a line']],
  run: (call) => (call.on('follow') ? follow(call) : list(call)),
};

const pathOf = ({ args }: Call): string => `/enrollments/${encodeURIComponent(args[0]!)}/logs`;

async function list(call: Call): Promise<ExitCode> {
  const rows: Row[] = [];
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const page: { data: Row[]; next_cursor: string | null } = await ask(call, 'GET', pathOf(call), { query: { limit: '100', cursor } });
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  call.terminal.show(rows, () =>
    columns(rows.map((row) => [text(row['seq']), text(row['started_at']), text(row['step_id']), text(row['status']), text(row['outcome']), text(row['error'])])));
  return EXIT.ok;
}

/** Broken lines in a row before it gives up. */
const MOST_BREAKS = 5;
const PAUSE_MS = 1_000;

async function follow(call: Call): Promise<ExitCode> {
  let cursor: string | null = null;
  for (let breaks = 0; breaks < MOST_BREAKS; breaks++) {
    const answer = await request(call, 'GET', pathOf(call), { headers: { accept: 'text/event-stream', ...(cursor !== null && { 'last-event-id': cursor }) } });
    if (answer.status === 204 || !answer.body) return EXIT.ok;
    try {
      for await (const event of serverEvents(answer.body)) {
        if (event.type === 'error') throw new EnvironmentError(`The stream was closed: ${text((JSON.parse(event.data) as Row)['detail'])}`);
        call.terminal.data(call.terminal.json ? event.data : lineOf(event.type, JSON.parse(event.data) as Row));
        cursor = event.id ?? cursor;
        breaks = 0;
      }
      return EXIT.ok;
    } catch (error) {
      if (error instanceof EnvironmentError) throw error;
      call.terminal.talk('The line broke; going on where it stood.');
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  throw new EnvironmentError('The line broke again and again. Is the server well? Try millrace doctor.');
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** `2027-04-17T01:24:57Z  step_ended  check_opened  completed  then`: an event of a step, or of the run itself. */
function lineOf(type: string, data: Row): string {
  const said: Row = { ...data, ...(data['log'] as Row | undefined) };
  const known = ['step_id', 'status', 'outcome', 'exit_reason', 'error'].flatMap((key) => (said[key] === undefined || said[key] === null ? [] : [text(said[key])]));
  return [text(data['at']).replace(/\.\d+Z$/, 'Z'), type.padEnd(12), ...known].join('  ').trimEnd();
}
