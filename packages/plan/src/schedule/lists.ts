/** Many short lists of whole numbers in two flat arrays: list `i` is `items[offsets[i]] … items[offsets[i + 1] - 1]`. */
export interface Lists {
  readonly offsets: Int32Array;
  readonly items: Int32Array;
}

/** The number at an index that is known to exist. */
export function at(array: Int32Array, index: number): number {
  return array[index] ?? 0;
}

/** Packs rows into {@link Lists}. */
export function packLists(rows: readonly (readonly number[])[]): Lists {
  const offsets = new Int32Array(rows.length + 1);
  for (const [index, row] of rows.entries()) offsets[index + 1] = at(offsets, index) + row.length;
  const items = new Int32Array(at(offsets, rows.length));
  for (const [index, row] of rows.entries()) items.set(row, at(offsets, index));
  return { offsets, items };
}

/** List `index`, without copying. */
export function listAt(lists: Lists, index: number): Int32Array {
  return lists.items.subarray(at(lists.offsets, index), at(lists.offsets, index + 1));
}

/** For each value below `size`, the rows that contain it, in row order. */
export function invertLists(lists: Lists, size: number): Lists {
  const offsets = new Int32Array(size + 1);
  for (const value of lists.items) offsets[value + 1] = at(offsets, value + 1) + 1;
  for (let value = 0; value < size; value += 1)
    offsets[value + 1] = at(offsets, value + 1) + at(offsets, value);
  const items = new Int32Array(lists.items.length);
  const next = offsets.slice(0, size);
  for (let row = 0; row + 1 < lists.offsets.length; row += 1) {
    for (let place = at(lists.offsets, row); place < at(lists.offsets, row + 1); place += 1) {
      const value = at(lists.items, place);
      items[at(next, value)] = row;
      next[value] = at(next, value) + 1;
    }
  }
  return { offsets, items };
}
