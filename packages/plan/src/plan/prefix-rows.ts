/** A path and the label (an owner) it must resolve to. */
export interface Labelled {
  readonly path: string;
  readonly label: number;
}

interface Node {
  readonly children: Map<string, Node>;
  /** Label that the path itself must have: that of a file, or of a folder that is written as a whole. */
  label: number | undefined;
  costs: readonly number[];
}

/**
 * The fewest rows by which the longest matching prefix gives every path its label (Hartigan 1973 on the tree of
 * folders). Of tables with equally few rows the one whose rows lie deepest, so that no row claims more than it must.
 * Nothing is inherited from the root, so that undeclared paths at the top belong to nobody.
 */
export function prefixRows(paths: readonly Labelled[], labelCount: number): readonly Labelled[] {
  const root: Node = { children: new Map(), label: undefined, costs: [] };
  for (const { path, label } of paths) insert(root, path, label);
  const none = labelCount;
  computeCosts(root, labelCount + 1);
  const rows: Labelled[] = [];
  for (const [name, child] of root.children) collect({ node: child, path: name, inherited: none, rows });
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function insert(root: Node, path: string, label: number): void {
  let node = root;
  const parts = path.split('/');
  const isFolder = parts.at(-1) === '';
  for (const [index, part] of parts.entries()) {
    if (part === '') continue;
    const name = index < parts.length - 1 ? `${part}/` : part;
    let child = node.children.get(name);
    if (child === undefined) {
      child = { children: new Map(), label: undefined, costs: [] };
      node.children.set(name, child);
    }
    node = child;
    if (isFolder && index === parts.length - 2) break;
  }
  node.label = label;
}

/** `costs[label]`: rows needed at and below the node when it inherits the label. */
function computeCosts(node: Node, labelCount: number): void {
  for (const child of node.children.values()) computeCosts(child, labelCount);
  const below = Array.from({ length: labelCount }, (_, label) => sumBelow(node, label));
  node.costs = below.map((cost, inherited) => {
    if (node.label !== undefined) return (inherited === node.label ? 0 : 1) + (below[node.label] ?? 0);
    return Math.min(cost, 1 + Math.min(...below.slice(0, -1)));
  });
}

function sumBelow(node: Node, label: number): number {
  let sum = 0;
  for (const child of node.children.values()) sum += child.costs[label] ?? 0;
  return sum;
}

function collect(visit: { node: Node; path: string; inherited: number; rows: Labelled[] }): void {
  const { node, path, inherited, rows } = visit;
  const chosen = choose(node, inherited);
  if (chosen !== inherited) rows.push({ path, label: chosen });
  for (const [name, child] of node.children)
    collect({ node: child, path: path + name, inherited: chosen, rows });
}

function choose(node: Node, inherited: number): number {
  if (node.label !== undefined) return node.label;
  const stay = sumBelow(node, inherited);
  if (stay === node.costs[inherited]) return inherited;
  const labels = (node.costs.length ?? 1) - 1;
  for (let label = 0; label < labels; label += 1) {
    if (1 + sumBelow(node, label) === node.costs[inherited]) return label;
  }
  return inherited;
}
