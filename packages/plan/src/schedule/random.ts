/** A seeded source of whole numbers below a bound (xorshift32, Marsaglia 2003): the same sequence on every machine. */
export type Random = (bound: number) => number;

/** A {@link Random} that always begins the same way for one seed. */
export function seededRandom(seed = 42): Random {
  let state = seed | 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
