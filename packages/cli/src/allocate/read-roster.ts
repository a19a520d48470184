import { resolve } from 'node:path';
import { SquadError } from '#protocol';
import type { Role } from '#plan';
import type { Io } from '../shell/io.ts';

/**
 * Reads a roster: YAML or JSON, either a list of names or `name: [skills]`, or `roles:` with either. A role without
 * skills is good for what its name says. Throws `INPUT_INVALID`.
 */
export async function readRoster(io: Io, file: string): Promise<readonly Role[]> {
  const text = io.store.readText(resolve(io.cwd, file));
  if (text === undefined)
    throw new SquadError({
      code: 'FILE_UNREADABLE',
      message: `there is no file ${file}`,
      hint: 'name an existing roster: --roles roles.yaml',
    });
  const { parseYaml } = await import('#markdown');
  const parsed = parseYaml(text, file);
  const roles = parsed.ok ? rolesIn(parsed.value) : undefined;
  if (roles !== undefined && roles.length > 0) return roles;
  throw new SquadError({
    code: 'INPUT_INVALID',
    message: parsed.ok ? `${file} is not a roster` : parsed.error.map(({ message }) => message).join('; '),
    hint: 'write it as YAML: frontend: [react, css] on a line each, or a list of role names',
  });
}

function rolesIn(value: unknown): readonly Role[] | undefined {
  if (Array.isArray(value)) {
    const roles = value.map((entry: unknown) => roleOf(entry));
    return roles.every((role) => role !== undefined) ? roles : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('roles' in value) return rolesIn(value.roles);
  const roles = Object.entries(value).map(([name, skills]) => named(name, skills));
  return roles.every((role) => role !== undefined) ? roles : undefined;
}

function roleOf(entry: unknown): Role | undefined {
  if (typeof entry === 'string') return named(entry, []);
  if (typeof entry !== 'object' || entry === null || !('name' in entry) || typeof entry.name !== 'string')
    return undefined;
  return named(entry.name, 'skills' in entry ? entry.skills : []);
}

function named(name: string, skills: unknown): Role | undefined {
  const list = skills === null ? [] : skills;
  if (name.trim() === '' || !Array.isArray(list)) return undefined;
  const words = list.map((skill: unknown) => String(skill).toLowerCase());
  return { name, skills: [...new Set([name.toLowerCase(), ...words])] };
}
