import { ask, fail } from '../../verdict.ts';
import { defineStep } from '../define-step.ts';
import { meantName, workflowName, writtenName, type WorkflowName } from './workflow-name.ts';

/** Ends the contact's other active runs of a workflow; `stopped` says whether there were any, `count` how many. */
export const stopWorkflow = defineStep<WorkflowName>({
  type: 'stop_workflow',
  group: 'control',
  summary: 'Takes the contact out of another workflow.',
  icon: 'circle-stop',
  config: workflowName,
  results: ['stopped', 'count'],
  workflow: writtenName,
  enter: (step, { scope }) => {
    const workflow = meantName(step.config, scope);
    return workflow === '' ? fail(`"${writtenName(step.config)}" is empty here, so no workflow can be stopped. Correct the step, then retry it.`) : ask('stop', workflow);
  },
});
