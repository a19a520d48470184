import type { ProcessIdentity } from '#store';

/** A process as a part of a file name, without a dot; `0` where there is nothing to know it by again. */
export function processName(process: ProcessIdentity | undefined): string {
  if (process === undefined || !/^\d+$/u.test(process.start)) return '0';
  const { pid, start, namespace } = process;
  return namespace === undefined ? `${pid}-${start}` : `${pid}-${start}-${namespace}`;
}

/** The process that a name stands for, of the boot and host that wrote it; nothing for `0`. */
export function processOfName(
  name: string,
  here: { readonly boot: string; readonly host: string },
): ProcessIdentity | undefined {
  const [, pid, start = '', namespace] = /^([1-9]\d*)-(\d+)(?:-(\w+))?$/u.exec(name) ?? [];
  if (pid === undefined) return undefined;
  const identity = { pid: Number(pid), start, boot: here.boot, host: here.host };
  return namespace === undefined ? identity : { ...identity, namespace };
}
