import { z } from 'zod';
import { asText } from '../../as-text.ts';
import { renderValue } from '../../templates/render.ts';
import type { Scope } from '../../templates/scope.ts';

const ref = z.string().trim().min(1).max(255);

/** Names another workflow of the location: by `workflow_id` (its id or slug) or by `name`; either also reads the other. */
export const workflowName = z
  .strictObject({ workflow_id: ref.optional(), name: ref.optional() })
  .refine((c) => (c.workflow_id === undefined) !== (c.name === undefined), { error: 'Give either workflow_id or name: which workflow is meant?' });
export type WorkflowName = z.output<typeof workflowName>;

/** As it is written, which may be a template. */
export const writtenName = ({ workflow_id, name }: WorkflowName): string => workflow_id ?? name ?? '';

/** As this run means it. */
export const meantName = (config: WorkflowName, scope: Scope): string => asText(renderValue(writtenName(config), scope)).trim();
