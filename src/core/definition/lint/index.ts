import type { Assets } from '../../state.ts';
import { diagnose } from '../definition.ts';
import type { Definition } from '../definition.ts';
import { pathPointer } from '../diagnostic.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { graphOf } from '../graph.ts';
import { behaviourStep } from './behaviour-step.ts';
import { conditions } from './conditions.ts';
import { deadArm } from './dead-arm.ts';
import { endlessLoop } from './endless-loop.ts';
import { eventName } from './event-name.ts';
import { fallThrough } from './fall-through.ts';
import { fieldTwice } from './field-twice.ts';
import { goalTimeoutShort } from './goal-timeout-short.ts';
import type { LintInput, LintRule, WorkflowName } from './rule.ts';
import { misplacedEvent } from './misplaced-event.ts';
import { templates } from './templates.ts';
import { unknownAsset } from './unknown-asset.ts';
import { unknownResult } from './unknown-result.ts';
import { unknownTarget } from './unknown-target.ts';
import { unknownWorkflow } from './unknown-workflow.ts';
import { unreachableStep } from './unreachable-step.ts';
import { unreadStep } from './unread-step.ts';
import { unsafeUrl } from './unsafe-url.ts';
import { weightsSum } from './weights-sum.ts';

/** Every rule about a definition of the right shape. A new one is a file and a row here. */
export const lintRules: LintRule[] = [
  unknownTarget,
  endlessLoop,
  templates,
  misplacedEvent,
  conditions,
  behaviourStep,
  eventName,
  unreadStep,
  unknownResult,
  unknownAsset,
  unknownWorkflow,
  unreachableStep,
  fallThrough,
  deadArm,
  goalTimeoutShort,
  weightsSum,
  fieldTwice,
  unsafeUrl,
];

export interface LintOptions {
  /** Left out: the slugs of templates and voicemails are not looked up. */
  assets?: Assets;
  /** Left out: the workflows that steps start and stop are not looked up. */
  workflows?: WorkflowName[];
  /** `host:port` pairs that webhooks may call although they are private. Left out: a private address is a warning only. */
  outbound?: string[];
  /** Makes an error of every `fall_through`. */
  strict?: boolean;
}

/** Runs every rule. Errors refuse publishing. */
export function lintDefinition(definition: Definition, { assets, workflows, outbound, strict = false }: LintOptions = {}): Diagnostic[] {
  const input: LintInput = { definition, graph: graphOf(definition.steps), assets: assets ?? null, workflows: workflows ?? null, outbound: outbound ?? null };
  const diagnostics = lintRules.flatMap((rule) => diagnose(rule.check(input), { rule: rule.id, kind: 'reference', severity: rule.severity }, definition.place));
  if (strict) for (const one of diagnostics) if (one.rule === fallThrough.id) one.severity = 'error';
  // A template in a condition is looked at as a template and as a condition's part.
  return [...new Map(diagnostics.map((one) => [`${one.rule} ${pathPointer(one.path)} ${one.message}`, one])).values()];
}
