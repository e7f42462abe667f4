import type { z } from 'zod';
import type { ContactEvent, Data } from '../state.ts';

/** A kind of trigger: which events concern it and what its config may narrow. Filters are the workflow's own and come after. */
export interface TriggerDefinition<Config extends Data = Data> {
  type: string;
  summary: string;
  icon: string;
  config: z.ZodType<Config>;
  /** The event types that it reacts to; none for `manual`. */
  events: string[];
  /** The event types that this very config reacts to; `*` is every custom one. */
  listens(config: Config): string[];
  /** The first equality key, for the index: `{ tag: 'vip' }` lets one look-up pass over all other tags. */
  key(config: Config, workflowId: string): string | null;
  /** The same key read off an event. */
  keyOf(event: ContactEvent): string | null;
  /** Does the event match the config? */
  matches(config: Config, event: ContactEvent): boolean;
}

type Optional = 'listens' | 'key' | 'keyOf' | 'matches';
type Given<Config extends Data> = Omit<TriggerDefinition<Config>, Optional> & Partial<Pick<TriggerDefinition<Config>, Optional>>;

/** Declares a kind of trigger; without `matches` every event of its types fires it. */
export function defineTrigger<Config extends Data>(given: Given<Config>): TriggerDefinition<Config> {
  return { listens: () => given.events, key: () => null, keyOf: () => null, matches: () => true, ...given };
}
