/**
 * The first of `count` steps at which a test is red, by binary search: step 0 is known to be green. 0 steps are red:
 * `count + 1`. `undefined` as soon as a try gives no answer.
 */
export async function findCulprit(
  count: number,
  isGreen: (step: number) => Promise<boolean | undefined>,
): Promise<number | undefined> {
  const last = await isGreen(count);
  if (last === undefined) return undefined;
  if (last) return count + 1;
  let green = 0;
  let red = count;
  while (red - green > 1) {
    const middle = Math.floor((green + red) / 2);
    const answer = await isGreen(middle);
    if (answer === undefined) return undefined;
    if (answer) green = middle;
    else red = middle;
  }
  return red;
}
