import type { Channel } from '../state.ts';
import { renderText } from '../templates/render.ts';
import type { Scope } from '../templates/scope.ts';
import { fail, skip, type Verdict } from '../verdict.ts';

const CONTROL = /[\u0000-\u001f\u007f]/;

/** The failure of a step whose address or header has control characters in it: they are how further headers are smuggled in. Null when none has. */
export function smuggled(texts: Record<string, string | null>): Verdict | null {
  const [name] = Object.entries(texts).find(([, text]) => text !== null && CONTROL.test(text)) ?? [];
  return name === undefined ? null : fail(`"${name}" has control characters in it once its variables are filled in. Correct what they read, then retry the step.`);
}

/**
 * Whether a contact can be reached over a channel, and where. Without consent or an address the step is skipped, with the
 * reason; an address with control characters fails it (they are how headers are smuggled in).
 */
export function reach(channel: Channel, to: string, scope: Scope): { address: string; verdict: Verdict | null } {
  if (scope.contact.consent[channel] === 'withdrawn') return { address: '', verdict: skip(`opted_out: the contact withdrew consent for ${channel}`) };
  const address = renderText(to, scope).trim();
  if (address === '') return { address, verdict: skip(`no_address: the contact has no address for ${channel}`) };
  if (CONTROL.test(address)) return { address, verdict: fail(`The ${channel} address has control characters in it. Correct the contact, then retry the step.`) };
  return { address, verdict: null };
}
