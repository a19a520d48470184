/** A program without the version in its name: `python3.12` and `pip3` are `python` and `pip`, `prisma@5` is `prisma`. */
export function plainName(name: string): string {
  // Few names have one, and the first use of each regular expression costs a hook 0.03 ms.
  if (name.startsWith('p') && /^(?:python|pip)[\d.]+$/u.test(name)) return name.replace(/[\d.]+$/u, '');
  return withoutVersion(name);
}

/** A tool without the version it is asked for in: `prettier@3` is `prettier`, `@scope/tool` stays. */
export function withoutVersion(name: string): string {
  return name.lastIndexOf('@') > 0 ? name.replace(/@[\w.^~-]+$/u, '') : name;
}
