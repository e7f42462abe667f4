/** A path template such as `/api/workflows/{id}/publish`, cut into its parts. */
interface Template<Row> {
  parts: string[];
  row: Row;
}

interface Routable {
  method: string;
  path: string;
}

export type Match<Row> =
  | { kind: 'found'; row: Row; params: Record<string, string> }
  /** The path is known, the method is not: `allow` lists those that are. */
  | { kind: 'method'; allow: string[] }
  | { kind: 'missing' };

/**
 * Finds rows by method and path. A literal part wins over a parameter, so `/api/workflows/import` is never a workflow's id;
 * HEAD is answered by the row for GET.
 */
export function createRouter<Row extends Routable>(rows: Row[]): (method: string, pathname: string) => Match<Row> {
  const templates = rows.map((row): Template<Row> => ({ parts: row.path.split('/').slice(1), row })).sort((a, b) => parameters(a) - parameters(b));
  return (method, pathname) => {
    const parts = pathname.split('/').slice(1);
    const fitting = templates.filter((template) => fits(template, parts));
    if (fitting.length === 0) return { kind: 'missing' };
    const wanted = method === 'HEAD' ? 'GET' : method;
    const found = fitting.find((template) => template.row.method === wanted);
    if (!found) return { kind: 'method', allow: allowed(fitting) };
    return { kind: 'found', row: found.row, params: paramsOf(found, parts) };
  };
}

const isParameter = (part: string): boolean => part.startsWith('{');
const parameters = (template: Template<unknown>): number => template.parts.filter(isParameter).length;

function fits(template: Template<unknown>, parts: string[]): boolean {
  return template.parts.length === parts.length && template.parts.every((part, i) => (isParameter(part) ? parts[i] !== '' : part === parts[i]));
}

function paramsOf(template: Template<unknown>, parts: string[]): Record<string, string> {
  return Object.fromEntries(template.parts.flatMap((part, i) => (isParameter(part) ? [[part.slice(1, -1), decode(parts[i]!)]] : [])));
}

/** A broken escape stands for itself: it names nothing, and is answered with 404. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function allowed(fitting: Template<Routable>[]): string[] {
  const methods = new Set(fitting.map((template) => template.row.method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods, 'OPTIONS'];
}
