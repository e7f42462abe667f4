import { eventTypes, isCustomEvent } from './event-types.ts';
import type { Difference } from './expectations.ts';
import { factTypes } from './facts.ts';
import { nearest, suggest } from './definition/nearest.ts';
import type { Program } from './program.ts';
import type { ScriptedEvent } from './scripted-event.ts';
import { PROVIDER_ANSWERS } from './simulated-providers.ts';
import { findStep } from './steps/index.ts';

/** A `Difference` whose `expected` is a hint for people, and what was broken, for programs. */
interface Strange extends Difference {
  expected: string | null;
  rule: 'unknown_event' | 'unknown_step';
}

/** The first scripted event that can never happen, is about a step which there is not, or scripts a provider that its step never calls. */
export function strangeEvent(program: Program, events: ScriptedEvent[]): Strange | null {
  for (const [index, event] of events.entries()) {
    const strange = strangeType(program, event) ?? strangeStep(program, event);
    if (strange) return { ...strange, path: ['events', index, ...strange.path] };
  }
  return null;
}

const TYPES = eventTypes.map(({ type }) => type);
/** A custom event may be called nearly anything: only a slip of the keys is taken for one of the engine's. */
const A_SLIP = 0.25;

/** A type that nobody can post, and one that is almost the engine's own where the definition names no custom event of that name. */
function strangeType(program: Program, { type, data }: ScriptedEvent): Strange | null {
  if (TYPES.includes(type) || type === PROVIDER_ANSWERS) return null;
  const custom = isCustomEvent(type);
  if (custom && (isNamed(program, type) || nearest(type, TYPES, A_SLIP) === null)) return null;
  const own = type === 'event' && typeof data['name'] === 'string' ? `An event of your own is scripted by its name: type: ${data['name']}.` : suggest(type, TYPES);
  return { path: ['type'], message: `there is no event "${type}"${custom ? ', and the definition names none' : ''}.`, expected: own, actual: type, rule: 'unknown_event' };
}

const isNamed = ({ listens, recalls, triggers }: Program, type: string): boolean =>
  listens.includes(type) || recalls.some((recall) => recall.type === type) || triggers.some(({ config }) => config['name'] === type);

function strangeStep(program: Program, { type, data }: ScriptedEvent): Strange | null {
  const { step: id } = data;
  if (typeof id !== 'string' || !(type === PROVIDER_ANSWERS || factTypes.includes(type))) return null;
  const calling = program.order.filter((stepId) => findStep(program.steps.get(stepId)!.type)?.channel !== undefined);
  const fault = (message: string): Strange => ({ path: ['step'], message, expected: suggest(id, calling), actual: id, rule: 'unknown_step' });
  if (!program.steps.has(id)) return fault(`there is no step "${id}".`);
  if (type === PROVIDER_ANSWERS && !calling.includes(id)) return fault(`"${id}" calls no provider.`);
  if (type === PROVIDER_ANSWERS && data['status'] !== undefined && findStep(program.steps.get(id)!.type)?.channel !== 'webhook')
    return fault(`"${id}" calls no webhook, so no HTTP status answers it: write fails, silent or result.`);
  return null;
}
