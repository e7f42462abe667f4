import { tagTrigger } from './tag-trigger.ts';

export const tagAdded = tagTrigger('tag_added', 'A tag was put on the contact.');
