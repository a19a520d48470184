/** A binary heap of distinct numbers, smallest first. */
export class NumberHeap {
  private readonly values: number[] = [];

  get size(): number {
    return this.values.length;
  }

  clear(): void {
    this.values.length = 0;
  }

  /** The smallest number, or `undefined` when empty. */
  peek(): number | undefined {
    return this.values[0];
  }

  push(value: number): void {
    const { values } = this;
    let hole = values.length;
    values.push(value);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = values[parent] ?? 0;
      if (above <= value) break;
      values[hole] = above;
      hole = parent;
    }
    values[hole] = value;
  }

  /** Removes and returns the smallest number. */
  pop(): number | undefined {
    const { values } = this;
    const top = values[0];
    const last = values.pop();
    if (top === undefined || last === undefined || values.length === 0) return top;
    const half = values.length >> 1;
    let hole = 0;
    while (hole < half) {
      let child = 2 * hole + 1;
      if ((values[child + 1] ?? Infinity) < (values[child] ?? 0)) child += 1;
      const below = values[child] ?? 0;
      if (below >= last) break;
      values[hole] = below;
      hole = child;
    }
    values[hole] = last;
    return top;
  }
}
