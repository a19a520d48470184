/** A program without the version in its name: `python3.12` and `pip3` are `python` and `pip`, `prisma@5` is `prisma`. */
export function plainName(name: string): string {
  return name.replace(/^(python|pip)[\d.]+$/u, '$1').replace(/^(.+)@[\w.^~-]+$/u, '$1');
}
