import { addTag } from './actions/add-tag.ts';
import { makeCall } from './actions/make-call.ts';
import { removeTag } from './actions/remove-tag.ts';
import { sendEmail } from './actions/send-email.ts';
import { sendSms } from './actions/send-sms.ts';
import { updateContact } from './actions/update-contact.ts';
import { webhook } from './actions/webhook.ts';
import { abSplit } from './control/ab-split.ts';
import { condition } from './control/condition.ts';
import { emitEvent } from './control/emit-event.ts';
import { exit } from './control/exit.ts';
import { goal } from './control/goal.ts';
import { set } from './control/set.ts';
import { startWorkflow } from './control/start-workflow.ts';
import { stopWorkflow } from './control/stop-workflow.ts';
import { switchStep } from './control/switch.ts';
import { wait } from './control/wait.ts';
import type { StepDefinition } from './define-step.ts';

/** Every kind of step. A new one is a file and a row here; its config type is erased, since each row parses its own. */
export const stepDefinitions = [
  sendEmail, sendSms, makeCall, updateContact, addTag, removeTag, webhook, wait, condition, switchStep, abSplit, goal, set, startWorkflow,
  stopWorkflow, emitEvent, exit,
] as unknown as StepDefinition<unknown>[];

const byType = new Map(stepDefinitions.flatMap((definition) => [definition.type, ...definition.aliases].map((type) => [type, definition] as const)));

/** The step definition of a type or an alias of it. */
export const findStep = (type: string): StepDefinition<unknown> | undefined => byType.get(type);

/** Every type that a definition may name, aliases included. */
export const stepTypes: string[] = [...byType.keys()];
