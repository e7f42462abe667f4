import { contactCreated } from './contact-created.ts';
import { contactUpdated } from './contact-updated.ts';
import type { TriggerDefinition } from './define-trigger.ts';
import { manual } from './manual.ts';
import { tagAdded } from './tag-added.ts';
import { tagRemoved } from './tag-removed.ts';

/** Every kind of trigger. A new one is a file and a row here; its config type is erased, since each row parses its own. */
export const triggerDefinitions = [contactCreated, contactUpdated, tagAdded, tagRemoved, manual] as unknown as TriggerDefinition[];

const byType = new Map(triggerDefinitions.map((definition) => [definition.type, definition]));

export const findTrigger = (type: string): TriggerDefinition | undefined => byType.get(type);

export const triggerTypes: string[] = [...byType.keys()];
