import type { PastEvent } from '../conditions/recall.ts';
import { idsSince } from '../facts.ts';
import type { Assets, Contact, ContactEvent, Data, Location, Run, Scene } from '../state.ts';
import { firstZone } from '../time/calendar.ts';

/** What `{{ … }}` and conditions may read. Roots are closed; every map under them is plain JSON. */
export interface Scope {
  contact: Contact;
  steps: Record<string, Data>;
  workflow: { id: string; name: string; enrolled_at: number };
  trigger: Data;
  enrollment: Data;
  location: Location;
  assets: Assets;
  /** Journey ms; frozen for a step. */
  now: number;
  /** IANA zone that calendar filters and printed instants use. */
  zone: string;
  event: ContactEvent | null;
  /** Collects the paths that were rendered and had no value, while a step is entered. */
  missing?: Set<string> | undefined;
  /** What behaviour conditions count in; absent when the program has none. */
  history?: { enrollmentId: string; events: PastEvent[] } | undefined;
  /** Only where a webhook is rendered; absent everywhere else, so that no other text can hold one. */
  secrets?: Data;
}

/** Builds the scope of one moment of a run. `zone` falls from the contact to the location to UTC. */
export function scopeOf(run: Run, scene: Scene, settingsZone: string, event: ContactEvent | null = null): Scope {
  const zone = settingsZone === 'contact' ? firstZone(scene.contact.timezone, scene.location.timezone) : settingsZone;
  return {
    contact: scene.contact,
    steps: run.state.data.steps,
    workflow: { id: scene.workflow.id, name: scene.workflow.name, enrolled_at: run.enrolledAt },
    trigger: run.trigger,
    enrollment: run.state.data.enrollment,
    location: scene.location,
    assets: scene.assets,
    now: scene.now,
    zone,
    event,
    history: scene.history && { enrollmentId: run.id, events: asNamedNow(scene.history, run) },
  };
}

/** The run's own events by the ids that its version knows their steps by. */
function asNamedNow(events: PastEvent[], { id, state: { position } }: Run): PastEvent[] {
  if (position.renamed === undefined) return events;
  return events.map((past) => (past.enrollmentId === id && past.stepId !== null ? { ...past, stepId: idsSince(position, past.stepId).at(-1)! } : past));
}
