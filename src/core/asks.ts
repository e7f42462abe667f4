import { z } from 'zod';
import type { ContactEvent, Data, EffectOutcome } from './state.ts';

/**
 * What a run asks of another workflow: an event of a private type in the same commit. Whoever dispatches it answers with an outcome for the
 * step, in one statement with the deed, so that both are there once or not at all.
 */
export const askTypes = { start: 'workflow_start', stop: 'workflow_stop' } as const;
export type AskKind = keyof typeof askTypes;

const kinds = new Map(Object.entries(askTypes).map(([kind, type]) => [type as string, kind as AskKind]));

export interface Ask {
  kind: AskKind;
  /** Id, slug or name of the workflow that is meant. */
  workflow: string;
  /** Name of the workflow that asks. */
  by: string;
  asker: { enrollmentId: string; stepId: string; visit: number };
}

const schema = z.object({
  workflow: z.string(),
  by: z.string(),
  asker: z.object({ enrollment: z.uuid(), step: z.string(), visit: z.number().int() }),
});

/** What an ask's event holds. */
export const askData = ({ workflow, by, asker }: Omit<Ask, 'kind'>): Data => ({ workflow, by, asker: { enrollment: asker.enrollmentId, step: asker.stepId, visit: asker.visit } });

/** Reads an ask off its event; null for any other event. */
export function readAsk({ type, data }: Pick<ContactEvent, 'type' | 'data'>): Ask | null {
  const kind = kinds.get(type);
  const read = kind && schema.safeParse(data);
  if (!kind || !read?.success) return null;
  const { workflow, by, asker } = read.data;
  return { kind, workflow, by, asker: { enrollmentId: asker.enrollment, stepId: asker.step, visit: asker.visit } };
}

/** How a simulation answers, where no other workflow is: whoever is to be started starts, and nobody is there to be stopped. */
export const simulatedAnswers: Record<AskKind, (id: string) => EffectOutcome> = {
  start: (id) => ({ status: 'accepted', result: { enrollment_id: id, created: true } }),
  stop: () => ({ status: 'accepted', result: { stopped: false, count: 0 } }),
};
