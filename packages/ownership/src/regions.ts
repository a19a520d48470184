/** A named stretch of a file between `squad:begin NAME` and `squad:end NAME`, markers included. */
export interface Region {
  readonly name: string;
  /** 1-based lines of the markers. */
  readonly first: number;
  readonly last: number;
}

/** A marker without its partner, or one inside another region. */
export interface MarkerProblem {
  readonly line: number;
  readonly message: string;
}

/** A change to a PARTITIONED file outside the agent's own regions. */
export interface ForeignChange {
  /** 1-based line, in the new text where there is one. */
  readonly line: number;
  /** The region that was changed; `undefined` outside all regions. */
  readonly region?: string;
  readonly message: string;
}

const MARKER = /(?:^|[^\w-])squad:(begin|end)\s+([A-Za-z0-9][\w.:/-]*)/u;

/** Finds the regions of a text. Markers may stand in any kind of comment; regions do not nest. */
export function parseRegions(text: string): {
  readonly regions: readonly Region[];
  readonly problems: readonly MarkerProblem[];
} {
  const regions: Region[] = [];
  const problems: MarkerProblem[] = [];
  let open: { name: string; first: number } | undefined;
  text.split('\n').forEach((content, index) => {
    const [, side, name = ''] = MARKER.exec(content) ?? [];
    const line = index + 1;
    if (side === 'begin' && open === undefined) open = { name, first: line };
    else if (side === 'begin') problems.push({ line, message: `region ${name} begins inside ${open?.name}` });
    else if (side === 'end' && open?.name === name) {
      regions.push({ ...open, last: line });
      open = undefined;
    } else if (side === 'end') problems.push({ line, message: `region ${name} ends but was not open` });
  });
  if (open !== undefined) problems.push({ line: open.first, message: `region ${open.name} is not ended` });
  return { regions, problems };
}

/** True when a region of this name is the agent's: its id, or its id and a topic (`agent-1:fixes`, `agent-1/fixes`). */
export function isOwnRegion(name: string, agent: string): boolean {
  return name === agent || name.startsWith(`${agent}:`) || name.startsWith(`${agent}/`);
}

/**
 * What a change did outside the agent's own regions; empty when nothing. Blank lines outside all regions are free, so
 * that a region can be set apart. A new file may bring any text, but no region of another.
 */
export function findForeignChange(change: {
  readonly before: string | undefined;
  readonly after: string;
  readonly agent: string;
}): ForeignChange | undefined {
  const { before, after, agent } = change;
  const { regions, problems } = parseRegions(after);
  const [problem] = problems;
  if (problem !== undefined) return { line: problem.line, message: problem.message };
  if (before === undefined) {
    const foreign = regions.find(({ name }) => !isOwnRegion(name, agent));
    return (
      foreign && { line: foreign.first, region: foreign.name, message: `region ${foreign.name} is not yours` }
    );
  }
  const old = keptLines(before, agent);
  const now = keptLines(after, agent);
  const index = now.findIndex(({ text }, at) => text !== old[at]?.text);
  if (index === -1 && old.length === now.length) return undefined;
  const place = index === -1 ? old[now.length] : now[index];
  const lost = index === -1 ? place : old[index];
  const region = place?.region ?? lost?.region;
  const line = index === -1 ? (now.at(-1)?.line ?? 1) : (place?.line ?? 1);
  return region === undefined
    ? { line, message: 'text outside every region was changed' }
    : { line, region, message: `region ${region} is not yours` };
}

interface KeptLine {
  readonly text: string;
  readonly line: number;
  readonly region: string | undefined;
}

// The lines that this agent may not touch.
function keptLines(text: string, agent: string): readonly KeptLine[] {
  const { regions } = parseRegions(text);
  return text.split('\n').flatMap((content, index) => {
    const line = index + 1;
    const region = regions.find(({ first, last }) => line >= first && line <= last)?.name;
    const isFree = region === undefined ? content.trim() === '' : isOwnRegion(region, agent);
    return isFree ? [] : [{ text: content, line, region }];
  });
}
