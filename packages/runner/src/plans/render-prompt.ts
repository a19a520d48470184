import { SquadError } from '#protocol';

/**
 * Fills `{{name}}` placeholders. A line that holds only a placeholder without a value vanishes. A placeholder that nobody
 * knows is `INPUT_INVALID`: a template is edited by people, and an agent must not be told half.
 */
export function renderPrompt(template: string, facts: Readonly<Record<string, string>>): string {
  const unknown = [...template.matchAll(/\{\{([\w-]+)\}\}/gu)].find(
    ([, name = '']) => !Object.hasOwn(facts, name),
  );
  if (unknown !== undefined) {
    throw new SquadError({
      code: 'INPUT_INVALID',
      message: `the prompt template has a placeholder ${unknown[0]} that is not filled`,
      hint: `placeholders are: ${Object.keys(facts)
        .map((name) => `{{${name}}}`)
        .join(' ')}`,
    });
  }
  return `${template
    .split('\n')
    .flatMap((line) => {
      const filled = line.replace(/\{\{([\w-]+)\}\}/gu, (_, name: string) => facts[name] ?? '');
      return filled.trim() === '' && line.trim() !== '' ? [] : [filled];
    })
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}
