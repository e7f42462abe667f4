import { compile } from '../../core/definition/compile.ts';
import { namedAssets } from '../../core/definition/named-assets.ts';
import { parseScenario } from '../../core/scenario.ts';
import { playScenario } from '../../core/scenarios.ts';
import { showSimulation, type SimulationTrace } from '../../services/simulation.ts';
import { EXIT, UsageError, type Command } from '../command.ts';
import { readShape } from '../files.ts';
import { plainLocation } from '../plain-location.ts';
import { columns } from '../terminal.ts';

export const simulate: Command = {
  name: 'simulate',
  summary: 'Play a definition against one contact under a virtual clock; no message leaves.',
  takes: 'FILE',
  arity: [1, 1],
  options: {
    contact: { takes: 'JSON', summary: 'who it is played against: {"first_name": "Ana", "tags": ["vip"]}' },
    event: { takes: '"AFTER TYPE [key=value…]"', short: 'e', multiple: true, summary: 'what happens meanwhile: "3h email_opened step=welcome"; a value after := is JSON' },
    start: { takes: 'MOMENT', summary: 'when it starts; Monday 2026-01-05T09:00:00Z unless said' },
    variant: { takes: 'STEP=NAME', multiple: true, summary: 'decide the draw of an A/B split' },
  },
  examples: [
    ['millrace simulate journey.yaml', 'nothing ever happens to them'],
    ['millrace simulate journey.yaml -e "3h email_opened step=welcome" -e "2d tag_added tag=booked"', 'with a script'],
    ['millrace simulate journey.yaml -e "0 provider_answers step=charge status:=402"', 'a provider that refuses'],
  ],
  async run(call) {
    const definition = await readShape(call.args[0]!, call);
    const scenario = parseScenario({
      name: 'simulation', contact: contactOf(call.value('contact')), events: call.values('event').map(eventOf), variants: Object.fromEntries(call.values('variant').map(pairOf)),
      ...(call.value('start') !== null && { start: call.value('start') }), expect: { status: 'active' },
    });
    if (typeof scenario === 'string') throw new UsageError(scenario);
    const played = playScenario(compile(definition), scenario, { assets: namedAssets(definition), location: plainLocation });
    if ('message' in played) throw new UsageError([played.message, played.expected ?? []].flat().join(' '));
    const trace = showSimulation(played);
    call.terminal.show(trace, () => tableOf(trace));
    call.terminal.talk(`${trace.status}${trace.exit_reason ? `: ${trace.exit_reason}` : ''}, ${trace.log.length} steps, ${trace.sent.length} sent`);
    return trace.status === 'failed' ? EXIT.findings : EXIT.ok;
  },
};

const SOMEBODY = { first_name: 'Test', last_name: 'Contact', email: 'test@example.com', phone: '+15555550100' };

function contactOf(text: string | null): unknown {
  if (text === null) return SOMEBODY;
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--contact wants JSON: {"first_name": "Ana", "tags": ["vip"]}.');
  }
}

function eventOf(text: string): Record<string, unknown> {
  const [after, type, ...pairs] = text.trim().split(/\s+/);
  if (!after || !type) throw new UsageError(`--event wants a time and a type: "3h email_opened step=welcome", not "${text}".`);
  return { after, type, ...Object.fromEntries(pairs.map(dataOf)) };
}

/** `step=welcome`, or JSON after `:=`: `status:=402`. */
function dataOf(text: string): [string, unknown] {
  const [key, value] = pairOf(text);
  if (!key.endsWith(':')) return [key, value];
  try {
    return [key.slice(0, -1), JSON.parse(value)];
  } catch {
    throw new UsageError(`"${text}": what stands behind := is JSON, such as status:=402.`);
  }
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`"${text}" is no key=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function tableOf({ log, sent }: SimulationTrace): string {
  const messages = new Map(sent.map((one) => [`${one.step_id} ${one.at}`, [`${one.channel} to ${one.to}`, one.subject ?? one.message ?? []].flat().join(': ')]));
  return columns(log.map((row) => {
    const told = messages.get(`${row['step_id']} ${row['started_at']}`) ?? (row['error'] as string | null) ?? (row['decision'] as { text: string } | null)?.text ?? '';
    return [String(row['started_at']).slice(0, 16).replace('T', ' '), String(row['step_id']), String(row['status']), String(row['outcome'] ?? '…'), told];
  }));
}
