/** What of Go's templates the chart uses: values, `quote`, `toJson`, `if [and]`, `else`, `range $k, $v :=`. Anything else throws, so the chart stays this simple. */
type Scope = Record<string, unknown>;
type Node = { text: string } | { expression: string } | { if: string; then: Node[]; otherwise: Node[] } | { over: string; names: string[]; body: Node[] };

export function renderTemplate(template: string, root: Scope): string {
  const tokens = template.split(/(\{\{-?[\s\S]*?-?\}\})/).map((token, index, all) => (token.startsWith('{{') ? token : trimmed(token, all[index - 1], all[index + 1])));
  const nodes = parse(tokens);
  if (tokens.length > 0) throw new Error(`An "end" too many before: ${tokens.join('').slice(0, 80)}`);
  return render(nodes, { $: root });
}

const trimmed = (text: string, before = '', after = ''): string => {
  const left = before.endsWith('-}}') ? text.trimStart() : text;
  return after.startsWith('{{-') ? left.trimEnd() : left;
};

/** Reads up to the `end` or `else` that is not its own, which it takes off. */
function parse(tokens: string[], closed: { by?: string } = {}): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    const token = tokens.shift();
    if (token === undefined) return nodes;
    if (!token.startsWith('{{')) {
      nodes.push({ text: token });
      continue;
    }
    const inside = token.replace(/^\{\{-?|-?\}\}$/g, '').trim();
    if (inside === 'end' || inside === 'else') {
      closed.by = inside;
      return nodes;
    }
    nodes.push(block(inside, tokens) ?? { expression: inside });
  }
}

function block(inside: string, tokens: string[]): Node | null {
  const condition = /^if (.+)$/.exec(inside)?.[1];
  if (condition) {
    const closed: { by?: string } = {};
    const then = parse(tokens, closed);
    return { if: condition, then, otherwise: closed.by === 'else' ? parse(tokens) : [] };
  }
  const [, names, over] = /^range (\$\w+(?:, \$\w+)?) := (\S+)$/.exec(inside) ?? [];
  return names && over ? { over, names: names.split(', '), body: parse(tokens) } : null;
}

function render(nodes: Node[], scope: Scope): string {
  return nodes.map((node) => {
    if ('text' in node) return node.text;
    if ('expression' in node) return String(valueOf(node.expression, scope));
    if ('if' in node) return render(node.if.replace(/^and /, '').split(' ').every((part) => truthy(valueOf(part, scope))) ? node.then : node.otherwise, scope);
    const list = valueOf(node.over, scope);
    const pairs = Array.isArray(list) ? list.map((value, key) => [key, value] as const) : Object.entries(list as Scope).sort();
    return pairs
      .map(([key, value]) => render(node.body, { ...scope, ...(node.names.length === 2 ? { [node.names[0]!]: key, [node.names[1]!]: value } : { [node.names[0]!]: value }) }))
      .join('');
  }).join('');
}

const truthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function valueOf(expression: string, scope: Scope): unknown {
  const [path, ...filters] = expression.split('|').map((part) => part.trim());
  const value = lookUp(path!, scope);
  if (value === undefined) throw new Error(`{{ ${expression} }} has no value.`);
  return filters.reduce<unknown>((so, filter) => {
    if (filter === 'quote') return JSON.stringify(String(so));
    if (filter === 'toJson') return JSON.stringify(so);
    throw new Error(`The chart may not use "${filter}": this test cannot render it.`);
  }, value);
}

function lookUp(path: string, scope: Scope): unknown {
  if (!/^(\$\w*)?(\.\w+)*$/.test(path)) throw new Error(`The chart may not use "{{ ${path} }}": this test cannot render it.`);
  const [head, ...keys] = path.split('.');
  return keys.reduce<unknown>((value, key) => (value as Scope | undefined)?.[key], scope[head === '' ? '$' : head!]);
}
