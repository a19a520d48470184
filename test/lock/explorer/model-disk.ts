import type { FileAnswer, FileStep } from '#store';

/** 64 bits of a string's hash, as two 32-bit halves (FNV-1a with two bases). */
export type Hash = readonly [number, number];

export function hashOf(text: string): Hash {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  return [a >>> 0, b >>> 0];
}

export function mix(left: Hash, right: Hash): Hash {
  return [
    (Math.imul(left[0], 31) + right[0]) >>> 0,
    (Math.imul(left[1], 37) ^ Math.imul(right[1], 0x9e3779b1)) >>> 0,
  ];
}

/**
 * A file system in memory whose steps are atomic, with a hash of its whole content that is kept up to date, so that
 * states can be told apart cheaply.
 */
export class ModelDisk {
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>(['/', '/squad']);
  #hash: [number, number] = [0, 0];
  /** Which file each name means: names made by `link` mean one file. */
  readonly #file = new Map<string, number>();
  #made = 0;

  get hash(): Hash {
    return this.#hash;
  }

  perform(step: FileStep): FileAnswer {
    switch (step.kind) {
      case 'list':
        return this.#list(step.path);
      case 'read': {
        const text = this.files.get(step.path);
        return text === undefined ? { code: 'ENOENT' } : { code: '', text };
      }
      case 'create':
        return this.#create(step.path, step.text);
      case 'append':
        return this.#rewrite(step.path, (before) => before + step.text);
      case 'overwrite':
        return this.#rewrite(step.path, (before) => step.text + before.slice(step.text.length));
      case 'link':
        return this.#link(step.from, step.to);
      case 'rename':
        return this.folders.has(step.from)
          ? this.#renameFolder(step.from, step.to)
          : this.#renameFile(step.from, step.to);
      case 'remove':
        if (!this.files.has(step.path)) return { code: 'ENOENT' };
        this.#drop(step.path);
        return { code: '' };
      case 'removeFolder':
        // As "rm -r" does, a file too.
        for (const path of [step.path, ...this.#below(step.path)]) if (this.files.has(path)) this.#drop(path);
        for (const path of [...this.folders].filter(
          (each) => each === step.path || each.startsWith(`${step.path}/`),
        ))
          this.#dropFolder(path);
        return { code: '' };
      case 'makeFolder':
        this.#makeFolder(step.path);
        return { code: '' };
      case 'touch':
        return { code: this.files.has(step.path) ? '' : 'ENOENT' };
    }
  }

  /** Writes over whatever is there: what a correct protocol never does. */
  overwrite(path: string, text: string): FileAnswer {
    if (!this.folders.has(parentOf(path))) return { code: 'ENOENT' };
    this.#drop(path);
    this.#put(path, text, this.#newFile());
    return { code: '' };
  }

  #list(path: string): FileAnswer {
    if (!this.folders.has(path)) return { code: 'ENOENT' };
    const names = new Set<string>();
    for (const each of [...this.files.keys(), ...this.folders]) {
      if (each.startsWith(`${path}/`)) names.add(each.slice(path.length + 1).split('/')[0] ?? '');
    }
    return { code: '', names: [...names].sort() };
  }

  #create(path: string, text: string): FileAnswer {
    if (!this.folders.has(parentOf(path))) return { code: 'ENOENT' };
    if (this.files.has(path) || this.folders.has(path)) return { code: 'EEXIST' };
    this.#put(path, text, this.#newFile());
    return { code: '' };
  }

  #rewrite(path: string, change: (before: string) => string): FileAnswer {
    const file = this.#file.get(path);
    if (file === undefined) return { code: 'ENOENT' };
    for (const name of [...this.files.keys()].filter((each) => this.#file.get(each) === file)) {
      const before = this.files.get(name) ?? '';
      this.#drop(name);
      this.#put(name, change(before), file);
    }
    return { code: '' };
  }

  #link(from: string, to: string): FileAnswer {
    const text = this.files.get(from);
    if (text === undefined || !this.folders.has(parentOf(to))) return { code: 'ENOENT' };
    if (this.files.has(to)) return { code: 'EEXIST' };
    this.#put(to, text, this.#file.get(from) ?? 0);
    return { code: '' };
  }

  #renameFile(from: string, to: string): FileAnswer {
    const text = this.files.get(from);
    if (text === undefined || !this.folders.has(parentOf(to))) return { code: 'ENOENT' };
    const file = this.#file.get(from) ?? 0;
    this.#drop(from);
    this.#drop(to);
    this.#put(to, text, file);
    return { code: '' };
  }

  #renameFolder(from: string, to: string): FileAnswer {
    if (!this.folders.has(parentOf(to))) return { code: 'ENOENT' };
    const isEmpty =
      this.#below(to).length === 0 && ![...this.folders].some((each) => each.startsWith(`${to}/`));
    if (this.folders.has(to) && !isEmpty) return { code: 'ENOTEMPTY' };
    for (const path of this.#below(from)) {
      const text = this.files.get(path) ?? '';
      const file = this.#file.get(path) ?? 0;
      this.#drop(path);
      this.#put(to + path.slice(from.length), text, file);
    }
    for (const path of [...this.folders].filter((each) => each === from || each.startsWith(`${from}/`))) {
      this.#dropFolder(path);
      this.#makeFolder(to + path.slice(from.length));
    }
    return { code: '' };
  }

  #below(folder: string): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`${folder}/`));
  }

  #makeFolder(path: string): void {
    if (this.folders.has(path)) return;
    const parent = parentOf(path);
    if (parent !== path) this.#makeFolder(parent);
    this.folders.add(path);
    this.#toggle(hashOf(`${path}/`));
  }

  #dropFolder(path: string): void {
    if (this.folders.delete(path)) this.#toggle(hashOf(`${path}/`));
  }

  #newFile(): number {
    this.#made += 1;
    return this.#made;
  }

  #put(path: string, text: string, file: number): void {
    this.files.set(path, text);
    this.#file.set(path, file);
    this.#toggle(hashOf(`${path}\0${text}`));
  }

  #drop(path: string): void {
    const text = this.files.get(path);
    if (text === undefined) return;
    this.files.delete(path);
    this.#file.delete(path);
    this.#toggle(hashOf(`${path}\0${text}`));
  }

  #toggle([a, b]: Hash): void {
    this.#hash = [(this.#hash[0] ^ a) >>> 0, (this.#hash[1] ^ b) >>> 0];
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
