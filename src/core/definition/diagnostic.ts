/** One finding about a definition. Structure errors refuse to store it; reference errors refuse to publish it. */
export interface Diagnostic {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  /** `structure` findings refuse create, update and import; `reference` findings refuse publishing only. */
  kind: 'structure' | 'reference';
  message: string;
  hint: string | null;
  /** `['steps', 3, 'config', 'if', 0, 'field']` */
  path: (string | number)[];
  line: number | null;
  column: number | null;
  /** What mends it, when that is known. */
  fix?: Fix;
}

/** A pure edit of what a person wrote. */
export interface Fix {
  /** For a button: `Add next: done`. */
  title: string;
  edits: Edit[];
}

/** Puts a value where `path` leads, adding its last key if that is missing; or renames that key. */
export type Edit = { path: (string | number)[]; value: unknown } | { path: (string | number)[]; rename: string };

/** `['steps', 3, 'config']` → `steps[3].config`, as people read it. */
export function pathText(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}

/** `['steps', 3, 'config']` → `/steps/3/config` (RFC 6901), as machines read it. */
export function pathPointer(path: (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
