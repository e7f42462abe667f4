import { defineStep } from '../define-step.ts';
import { changeTags, tagConfig, type TagConfig } from './tags.ts';

export const removeTag = defineStep<TagConfig>({
  type: 'remove_tag',
  group: 'action',
  summary: 'Takes tags off the contact.',
  icon: 'tags',
  config: tagConfig,
  results: ['changed'],
  enter: (step, moment) => changeTags('remove', step.config, moment),
});
