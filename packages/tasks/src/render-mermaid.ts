import { printableLine } from '#protocol';
import type { TaskGraph } from './task-graph.ts';

/** A Mermaid flow chart of the graph, coloured by state where one is known. Ids are replaced by `t0`, `t1` …, so any id is safe. */
export function renderMermaid(
  graph: TaskGraph,
  stateOf: (id: string) => string | undefined = () => undefined,
): string {
  const name = new Map(graph.tasks.map(({ id }, index) => [id, `t${index}`]));
  const nodes = graph.tasks.map(({ id, title, checkpoint }) => {
    const label = quoted(`${id}: ${title}`);
    const state = stateOf(id);
    const shape = checkpoint ? `{{${label}}}` : `[${label}]`;
    return `  ${name.get(id)}${shape}${state === undefined ? '' : `:::${state}`}`;
  });
  const arrows = graph.edges.map(({ from, to, why }) => {
    const label = why === 'declared' ? '' : `|${quoted(why)}|`;
    return `  ${name.get(from)} -->${label} ${name.get(to)}`;
  });
  const classes = [
    '  classDef done fill:#cfc',
    '  classDef active fill:#ffc',
    '  classDef failed fill:#fcc',
    '  classDef ready fill:#cef',
  ];
  return ['flowchart LR', ...nodes, ...arrows, ...classes].join('\n');
}

function quoted(text: string): string {
  return `"${printableLine(text, 80).replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')}"`;
}
