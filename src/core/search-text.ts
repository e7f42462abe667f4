/** What somebody searches for, as SQL's LIKE takes it: `%`, `_` and `\` stand for themselves. */
export const searchText = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
