import { compile } from '../../core/definition/compile.ts';
import { namedAssets } from '../../core/definition/named-assets.ts';
import { explore as walk } from '../../core/explore.ts';
import { PLAIN_START } from '../../core/scenario.ts';
import { showExploration, type ExplorationReport } from '../../services/exploration.ts';
import { EXIT, type Command } from '../command.ts';
import { readShape } from '../files.ts';
import { plainLocation } from '../plain-location.ts';

export const explore: Command = {
  name: 'explore',
  summary: 'Walk every path: what nothing reaches, how runs end, the longest run, the densest day.',
  takes: 'FILE',
  arity: [1, 1],
  options: {},
  examples: [['millrace explore journey.yaml', 'both arms of each branch, each timeout'], ['millrace explore --json journey.yaml', 'for machines']],
  async run(call) {
    const definition = await readShape(call.args[0]!, call);
    const report = showExploration(walk({ program: compile(definition), assets: namedAssets(definition), location: plainLocation, start: PLAIN_START }), PLAIN_START);
    call.terminal.show(report, () => textOf(report));
    return report.unreached.length > 0 ? EXIT.findings : EXIT.ok;
  },
};

function textOf({ complete, unreached, open_ended, loop_limited, longest, ends, most_messages: day }: ExplorationReport): string {
  const lines = [
    `longest run    ${longest.duration}: ${longest.path.join(' → ')}`,
    `densest day    ${day.count} message${day.count === 1 ? '' : 's'}${day.count > 0 ? `: ${day.messages.map(({ step_id, channel, after }) => `${step_id} (${channel}, after ${after})`).join(', ')}` : ''}`,
    ...ends.map(
      ({ status, reason, path }, index) => `${index === 0 ? 'ends' : '    '}           ${status}${reason === null ? '' : ` (${reason})`}: ${path.join(' → ') || 'at entry'}`,
    ),
    ...(unreached.length > 0 ? [`never reached  ${unreached.join(', ')}`] : []),
    ...(open_ended.length > 0 ? [`without end    ${open_ended.join(', ')}: a run may wait there for ever`] : []),
    ...(loop_limited.length > 0 ? [`loop limit     ${loop_limited.join(', ')}: a run that comes 26 times fails`] : []),
    ...(complete ? [] : ['not all paths were walked: there are too many; the worst that was found is told']),
  ];
  return lines.join('\n');
}
