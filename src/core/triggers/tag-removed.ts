import { tagTrigger } from './tag-trigger.ts';

export const tagRemoved = tagTrigger('tag_removed', 'A tag was taken off the contact.');
