import { drawings } from '../../core/reference/drawings.ts';
import { EXIT, UsageError, type Command } from '../command.ts';
import { readShape } from '../files.ts';

export const graph: Command = {
  name: 'graph',
  summary: 'Draw a definition with every edge, the inferred ones too.',
  takes: 'FILE',
  arity: [1, 1],
  options: { format: { takes: Object.keys(drawings).join('|'), summary: 'how it is drawn; text unless said' } },
  examples: [
    ['millrace graph journey.yaml', 'one step a line'],
    ['millrace graph --format mermaid journey.yaml', 'for Markdown'],
    ['millrace graph --format dot journey.yaml | dot -Tsvg > journey.svg', 'a picture'],
  ],
  async run(call) {
    const format = call.value('format') ?? 'text';
    const draw = Object.hasOwn(drawings, format) ? drawings[format] : undefined;
    if (!draw) throw new UsageError(`--format wants one of ${Object.keys(drawings).join(', ')}, not "${format}".`);
    const definition = await readShape(call.args[0]!, call);
    call.terminal.data(draw(definition));
    return EXIT.ok;
  },
};
