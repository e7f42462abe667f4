export function announced(changelog: string): string;
export function compareSchemas(before: string, after: string, changelog: string): { silent: string[]; announced: string[]; dangerous: string[] };
