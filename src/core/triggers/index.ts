import { callCompleted } from './call-completed.ts';
import { contactCreated } from './contact-created.ts';
import { contactDeleted } from './contact-deleted.ts';
import { contactUpdated } from './contact-updated.ts';
import { dateField } from './date-field.ts';
import type { TriggerDefinition } from './define-trigger.ts';
import { emailClicked } from './email-clicked.ts';
import { emailOpened } from './email-opened.ts';
import { emailReceived } from './email-received.ts';
import { event } from './event.ts';
import { manual } from './manual.ts';
import { schedule } from './schedule.ts';
import { smsReceived } from './sms-received.ts';
import { tagAdded } from './tag-added.ts';
import { tagRemoved } from './tag-removed.ts';
import { webhook } from './webhook.ts';

/** Every kind of trigger. A new one is a file and a row here; its config type is erased, since each row parses its own. */
export const triggerDefinitions = [
  contactCreated,
  contactUpdated,
  contactDeleted,
  tagAdded,
  tagRemoved,
  smsReceived,
  emailReceived,
  emailOpened,
  emailClicked,
  callCompleted,
  webhook,
  event,
  schedule,
  dateField,
  manual,
] as unknown as TriggerDefinition[];

const byType = new Map(triggerDefinitions.map((definition) => [definition.type, definition]));

export const findTrigger = (type: string): TriggerDefinition | undefined => byType.get(type);

export const triggerTypes: string[] = [...byType.keys()];
