import { defineStep } from '../define-step.ts';
import { changeTags, tagConfig, type TagConfig } from './tags.ts';

export const addTag = defineStep<TagConfig>({
  type: 'add_tag',
  group: 'action',
  summary: 'Puts tags on the contact.',
  icon: 'tag',
  config: tagConfig,
  results: ['changed'],
  enter: (step, moment) => changeTags('add', step.config, moment),
});
