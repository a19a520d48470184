import type { ProposedRegions } from '../plan/regions.ts';

/** How files that agents write in turn could be parted into regions; nothing of it is done. */
export function renderRegions(proposed: readonly ProposedRegions[]): string {
  if (proposed.length === 0) return '';
  return `## Regions instead of turns\n${proposed.map(renderOne).join('\n\n')}`;
}

function renderOne({ path, savedMinutes, parts }: ProposedRegions): string {
  const [open, close] = commentOf(path);
  const markers = parts.map(({ agent, symbol, line, task }) => {
    const name = `${agent}:${symbol.replaceAll('.', '-')}`;
    return `   - \`${open}squad:begin ${name}${close}\` above line ${line} (${symbol}, for ${task}), \`${open}squad:end ${name}${close}\` below its end`;
  });
  const gain =
    savedMinutes === 0
      ? 'nobody would wait for a turn, though everything would end no sooner'
      : `everything would end ${savedMinutes} min sooner`;
  return [
    `\`${path}\` is written in turn, though its tasks keep to different parts of it. With a region for each, ${gain}. It is not done; to do it:`,
    '',
    '1. Mark the parts, and commit that:',
    ...markers,
    `2. In \`.squad/ownership.yaml\`, make the row \`/${path}: { owner: NONE, access: PARTITIONED }\`. The next allocation writes it anew.`,
    '3. `squad-own lint`, then `squad-allocate --check`',
  ].join('\n');
}

/** What begins and ends a comment in a file of this name. */
function commentOf(path: string): readonly [string, string] {
  if (/\.(?:py|rb|sh|bash|ya?ml|toml|pl|r|ex|exs|nix|tf|mk)$|(?:^|\/)(?:Makefile|Dockerfile)$/iu.test(path))
    return ['# ', ''];
  if (/\.(?:md|mdx|html?|vue|svelte|xml)$/iu.test(path)) return ['<!-- ', ' -->'];
  if (/\.(?:css|scss|less)$/iu.test(path)) return ['/* ', ' */'];
  return /\.(?:sql|lua|hs|elm)$/iu.test(path) ? ['-- ', ''] : ['// ', ''];
}
