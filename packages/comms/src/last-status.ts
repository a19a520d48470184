import type { CommBlock, CompletionBlock, StatusBlock } from '#protocol';

/** What an agent said last of itself. */
export interface LastStatus {
  readonly agent: string;
  readonly status: StatusBlock['status'];
  readonly block: StatusBlock | CompletionBlock;
}

/** The last word of each agent on itself, by file order: its last status, or a completion report after it. */
export function foldLastStatus(blocks: readonly CommBlock[]): ReadonlyMap<string, LastStatus> {
  const last = new Map<string, LastStatus>();
  for (const block of blocks) {
    if (block.kind === 'status') last.set(block.author, { agent: block.author, status: block.status, block });
    else if (block.kind === 'completion')
      last.set(block.author, { agent: block.author, status: 'COMPLETE', block });
  }
  return last;
}
