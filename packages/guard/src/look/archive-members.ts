const BLOCK = 512;

/** Names of what a plain tar holds but folders (POSIX ustar, pax paths, GNU long names); `undefined` for bytes that are none. */
export function tarMembers(bytes: Uint8Array): readonly string[] | undefined {
  const names: string[] = [];
  let nextName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return names;
    const size = Number.parseInt(textOf(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0 || !isChecked(header)) return undefined;
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
    const kind = String.fromCharCode(header[156] ?? 0);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === 'L') nextName = textOf(body, 0, size);
    else if (kind === 'x') nextName = /^\d+ path=(.*)$/mu.exec(textOf(body, 0, size))?.[1] ?? nextName;
    else if (kind !== 'g' && kind !== 'K') {
      if (kind !== '5') names.push(nextName ?? nameIn(header));
      nextName = undefined;
    }
  }
  return names;
}

function nameIn(header: Uint8Array): string {
  const prefix =
    textOf(header, 257, 5) === 'ustar' && textOf(header, 262, 2) !== '  ' ? textOf(header, 345, 155) : '';
  const name = textOf(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function isChecked(header: Uint8Array): boolean {
  const stated = Number.parseInt(textOf(header, 148, 8).trim(), 8);
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === stated;
}

function textOf(bytes: Uint8Array, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return Buffer.from(end === -1 ? part : part.subarray(0, end)).toString('utf8');
}

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;

/** Names in the central directory of a zip; `undefined` for bytes that are none (PKWARE APPNOTE 4.3.12, 4.3.16). */
export function zipMembers(bytes: Uint8Array): readonly string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const first = Math.max(0, end - 65_536);
  while (end >= first && view.getUint32(end, true) !== END_OF_DIRECTORY) end -= 1;
  if (end < first) return undefined;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY) return undefined;
    const length = view.getUint16(at + 28, true);
    names.push(Buffer.from(bytes.subarray(at + 46, at + 46 + length)).toString('utf8'));
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return names;
}
