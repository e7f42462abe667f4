import { ask, fail } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { meantName, workflowName, writtenName, type WorkflowName } from './workflow-name.ts';

/** The other workflow's rules hold: it must be active, its re-entry policy allow it, and a chain of workflows ends after five. */
export const startWorkflow = defineStep<WorkflowName>({
  type: 'start_workflow',
  group: 'control',
  summary: 'Enrolls the contact into another workflow.',
  icon: 'workflow',
  config: workflowName,
  results: ['enrollment_id', 'created'],
  workflow: writtenName,
  enter: (step, { scope }) => {
    const workflow = meantName(step.config, scope);
    return workflow === '' ? fail(`"${writtenName(step.config)}" is empty here, so no workflow can be started. Correct the step, then retry it.`) : ask('start', workflow);
  },
});
