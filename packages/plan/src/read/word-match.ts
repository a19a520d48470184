const STOP = new Set(
  (
    'the a an of for to in on with and or by from as at is be it its this that all any new add create update implement build make write set up use file files src lib app index test tests ts tsx js jsx py md json ' +
    'functionality function module task tasks support feature main core component components service services model models api'
  ).split(' '),
);

/** Words of a title or path in lower case, split at case changes, plural `s` and `-ing`/`-ion` endings cut; common words left out. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = text
    .slice(0, 400)
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/\p{L}{2,}/gu);
  return new Set((words ?? []).filter((word) => !STOP.has(word)).map(stem));
}

function stem(word: string): string {
  return word.length > 5
    ? word.replace(/(?:ations?|ions?|ings?|ors?|ers?|ies|es|s|y|e)$/u, '')
    : word.replace(/s$/u, '');
}

/** How many words two sets share. */
export function commonWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let count = 0;
  for (const word of a) if (b.has(word)) count += 1;
  return count;
}
