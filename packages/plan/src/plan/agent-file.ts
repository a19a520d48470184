import { parseFrontMatter } from '#markdown';
import { areaOfText } from '../read/area.ts';
import { asList, asText, type DataRecord } from '../read/record-task.ts';
import type { Role } from './role.ts';

/** An agent that a person described for a client, as `.claude/agents/react-developer.md`. */
export interface DescribedAgent extends Role {
  /** False where the file lists tools and none of them writes files. */
  readonly canWrite: boolean;
}

const WRITES = /^(?:\*|(?:edit|multiedit|write|notebookedit)\b)/iu;

// Words of names that stand for no area of a product.
const GENERAL = /[-_]|\b(?:worker|agent|service|handler|view|page)s?\b/giu;

/**
 * Reads an agent's file: its name, the skills it lists, and the area that its name or else its description speaks of. Without
 * any of these it can do anything. Headers that are no strict YAML (descriptions with a colon) are read line by line.
 */
export function readAgentFile(text: string, path: string): DescribedAgent {
  const header = parseFrontMatter(text, path);
  const data = header.ok ? (header.value.data ?? {}) : plainFields(text);
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/u, '');
  const name = asText(data['name']).trim() || file;
  const listed = words(data['skills']);
  const area = areaOfText(name.replaceAll(GENERAL, ' ')) ?? areaOfText(asText(data['description']));
  const skills = [...listed, ...(area === undefined ? [] : [area.area])];
  const tools = words(data['tools']);
  return {
    name,
    skills: skills.length === 0 ? [] : [...new Set([name.toLowerCase(), ...skills])],
    canWrite: tools.length === 0 || tools.some((tool) => WRITES.test(tool)),
  };
}

function words(value: unknown): string[] {
  return asList(typeof value === 'string' ? value.split(',') : value)
    .map((word) => asText(word).trim().toLowerCase())
    .filter((word) => word !== '');
}

function plainFields(text: string): DataRecord {
  const [, header = ''] = /^\uFEFF?---[^\n]*\n(.*?)\n---/su.exec(text) ?? [];
  return Object.fromEntries(
    [...header.matchAll(/^(name|description|tools|skills)[ \t]*:[ \t]*(.+?)[ \t\r]*$/gmu)].map((match) => [
      match[1] ?? '',
      (match[2] ?? '').replace(/^\[|\]$/gu, ''),
    ]),
  );
}
