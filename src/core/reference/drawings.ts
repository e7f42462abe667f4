import type { Definition } from '../definition/definition.ts';
import { graphOf, type Edge } from '../definition/graph.ts';
import { isEnd } from '../definition/targets.ts';

type Draw = (definition: Definition) => string;

/** A definition's graph in the forms that `millrace graph` knows, every inferred edge drawn. */
export const drawings: Record<string, Draw> = { text: drawText, mermaid: drawMermaid, dot: drawDot };

function drawText(definition: Definition): string {
  const graph = graphOf(definition.steps);
  const width = Math.max(...definition.steps.map(({ id }) => id.length));
  const types = Math.max(...definition.steps.map(({ type }) => type.length));
  return definition.steps
    .map(({ id, type }) =>
      `${id.padEnd(width)}  ${type.padEnd(types)}  ${shown(graph.edges.get(id)!)
        .map((edge) => `${labelOf(edge, '→ ', ' → ')}${edge.name}`)
        .join('   ')}`.trimEnd(),
    )
    .join('\n');
}

/** https://mermaid.js.org/syntax/flowchart.html */
function drawMermaid(definition: Definition): string {
  const { names, edges } = partsOf(definition);
  const nodes = definition.steps.map(({ id, type, label }) => `  ${names.get(id)}["${escape(label ?? id)}<br/>${type}"]`);
  const ends = [...names].filter(([name]) => isEnd(name)).map(([name, id]) => `  ${id}([${name}])`);
  return [
    'flowchart TD',
    ...nodes,
    ...ends,
    ...edges.map((edge) => `  ${names.get(edge.from)} -->${labelOf(edge, '', '', (outcome) => `|"${escape(outcome)}"|`)} ${names.get(edge.name)}`),
  ].join('\n');
}

/** https://graphviz.org/doc/info/lang.html */
function drawDot(definition: Definition): string {
  const { names, edges } = partsOf(definition);
  const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const nodes = definition.steps.map(({ id, type, label }) => `  ${quote(id)} [shape=box, style=rounded, label=${quote(`${label ?? id}\n${type}`).replaceAll('\n', '\\n')}];`);
  const ends = [...names.keys()].filter(isEnd).map((name) => `  ${quote(name)} [shape=plaintext];`);
  const arrows = edges.map((edge) => `  ${quote(edge.from)} -> ${quote(edge.name)}${labelOf(edge, '', '', (outcome) => ` [label=${quote(outcome)}]`)};`);
  return ['digraph workflow {', `  label=${quote(definition.name)};`, ...nodes, ...ends, ...arrows, '}'].join('\n');
}

const shown = (edges: Edge[]): Edge[] => edges.filter(({ possible }) => possible);
const labelOf = ({ outcome }: Edge, plain: string, after: string, label = (text: string): string => `${text}${after}`): string => (outcome === 'next' ? plain : label(outcome));
const escape = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('\n', ' ');

/** Every node with a name that is no word of the language drawn in, and every edge that can be taken. */
function partsOf(definition: Definition): { names: Map<string, string>; edges: Edge[] } {
  const graph = graphOf(definition.steps);
  const edges = definition.steps.flatMap(({ id }) => shown(graph.edges.get(id)!));
  const all = [...new Set([...definition.steps.map(({ id }) => id), ...edges.map(({ name }) => name)])];
  return { names: new Map(all.map((id, index) => [id, `n${index}`])), edges };
}
