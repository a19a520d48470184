import { parseMarkdown } from '#markdown/document';
import { ITEM } from './line.ts';

/** What only a whole parse of the markdown can tell about a line. */
export interface LiteralLines {
  /** Lines of indented code and of `<pre>`, `<script>`, `<style>` blocks: text, whatever they look like. */
  readonly code: ReadonlySet<number>;
  /** Headings underlined with `=`: their text by their first line. */
  readonly underlined: ReadonlyMap<number, { readonly text: string; readonly lastLine: number }>;
}

const NOTHING: LiteralLines = { code: new Set(), underlined: new Map() };

// remark takes about 6 ms per KiB (10,000 tasks: 3.1 s), the line reader 0.1: beyond this size only fences are code.
const LARGEST = 64 * 1024;

type Tree = ReturnType<typeof parseMarkdown>;
type TreeNode = Tree | Tree['children'][number];

/**
 * Asks remark (CommonMark and GFM) for the lines that the line reader cannot judge by themselves. Headings underlined with
 * `-` are left to the line reader, which takes them for a rule: planning documents draw rules right below text.
 */
export function literalLines(text: string, firstLine: number): LiteralLines {
  const mayMatter = /^(?: {4}|\t| {0,3}<(?:pre|script|style)\b| {0,3}=+[ \t]*$)/imu.test(text);
  if (!mayMatter || text.length > LARGEST) return NOTHING;
  const lines = text.split('\n');
  const code = new Set<number>();
  const underlined = new Map<number, { text: string; lastLine: number }>();
  const body = [...Array.from({ length: firstLine - 1 }, () => ''), ...lines.slice(firstLine - 1)].join('\n');
  walk(parseMarkdown(body), (node) => {
    const { position } = node;
    if (position === undefined) return;
    const [first, last] = [position.start.line, position.end.line];
    const source = lines[first - 1]?.slice(position.start.column - 1) ?? '';
    if (isLiteral(node, source)) for (let line = first; line <= last; line += 1) code.add(line);
    if (node.type === 'heading' && /^\s*=+\s*$/u.test(lines[last - 1] ?? '')) {
      const title = lines.slice(first - 1, last - 1).map((line) => line.trim());
      // The marks of a merge conflict below a list are no underline, though remark takes them for one.
      if (!title.some((line) => ITEM.test(line)))
        underlined.set(first, { text: title.join(' '), lastLine: last });
    }
  });
  return { code, underlined };
}

function isLiteral(node: TreeNode, source: string): boolean {
  if (node.type === 'code') return !/^(?:`{3}|~{3})/u.test(source);
  return node.type === 'html' && /^<(?:pre|script|style)\b/iu.test(node.value);
}

function walk(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node);
  if ('children' in node) for (const child of node.children) walk(child, visit);
}
