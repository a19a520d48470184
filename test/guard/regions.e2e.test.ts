import { symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runBin } from '../support/bins.ts';
import { callGuard, guardedRepository, writeIn } from '../support/guarded.ts';

const CHANGELOG = `# Changes
squad:begin alice
- one
squad:end alice
squad:begin bob
- two
squad:end bob
`;
const MATRIX = `/CHANGELOG.md: { owner: NONE, access: PARTITIONED }
/CHANGELOG.d: { owner: NONE, access: PARTITIONED, fragments: "<agent>-*.md" }
`;

function repository(text = CHANGELOG): string {
  return guardedRepository(MATRIX, { 'CHANGELOG.md': text });
}

// `undefined` when the guard has nothing to say.
async function refusal(
  root: string,
  tool_name: string,
  tool_input: Readonly<Record<string, unknown>>,
  as = 'alice',
): Promise<string | undefined> {
  const input = { session_id: as, hook_event_name: 'PreToolUse', tool_name, tool_input };
  const { code, stderr } = await callGuard({ root, as, input, client: 'codex' });
  return code === 0 ? undefined : stderr.split('\n')[0];
}

const edit = (from: string, to: string, more: Readonly<Record<string, unknown>> = {}) =>
  ['Edit', { file_path: 'CHANGELOG.md', old_string: from, new_string: to, ...more }] as const;
const patch = (body: string) =>
  ['apply_patch', { command: `*** Begin Patch\n${body}*** End Patch\n` }] as const;
const update = (hunk: string) => patch(`*** Update File: CHANGELOG.md\n${hunk}`);
const foreign = (what: string): string =>
  `squad: CHANGELOG.md is PARTITIONED: ${what}; write between "squad:begin alice" and "squad:end alice" (.squad/ownership.yaml:1, /CHANGELOG.md is the only rule that covers the path).`;

test.each([
  ['an edit in the own region', edit('- one', '- one\n- three'), undefined],
  ['an edit in the region of another', edit('- two', '- stolen'), foreign('region bob is not yours')],
  [
    'an edit outside all regions',
    edit('# Changes', '# History'),
    foreign('text outside every region was changed'),
  ],
  [
    'an edit over both regions',
    edit('- one\nsquad:end alice\nsquad:begin bob\n- two', '- one'),
    foreign('region bob ends but was not open'),
  ],
  ['every dash', edit('- ', '* ', { replace_all: true }), foreign('region bob is not yours')],
  ['an edit that stands in no place', edit('- nowhere', '- x'), undefined],
  ['an edit that stands in two places', edit('- ', '* '), undefined],
  [
    'several edits',
    [
      'MultiEdit',
      {
        file_path: 'CHANGELOG.md',
        edits: [
          { old_string: '- one', new_string: '- 1' },
          { old_string: '- two', new_string: '- 2' },
        ],
      },
    ],
    foreign('region bob is not yours'),
  ],
  [
    'the whole file, own region changed',
    ['Write', { file_path: 'CHANGELOG.md', content: CHANGELOG.replace('- one', '- 1') }],
    undefined,
  ],
  [
    'the whole file, another region gone',
    [
      'Write',
      { file_path: 'CHANGELOG.md', content: '# Changes\nsquad:begin alice\n- one\nsquad:end alice\n' },
    ],
    foreign('region bob is not yours'),
  ],
  [
    'OpenCode',
    ['edit', { filePath: 'CHANGELOG.md', oldString: '- two', newString: '- x' }],
    foreign('region bob is not yours'),
  ],
  [
    'Gemini',
    ['replace', { file_path: 'CHANGELOG.md', old_string: '- two', new_string: '- x' }],
    foreign('region bob is not yours'),
  ],
  ['a patch in the own region', update('@@\n squad:begin alice\n-- one\n+- 1\n'), undefined],
  [
    'a patch in the region of another',
    update('@@\n squad:begin bob\n-- two\n+- 2\n'),
    foreign('region bob is not yours'),
  ],
  [
    'a patch with two hunks',
    update('@@\n-- one\n+- 1\n@@\n-- two\n+- 2\n'),
    foreign('region bob is not yours'),
  ],
  [
    'a patch that deletes the file',
    patch('*** Delete File: CHANGELOG.md\n'),
    'squad: CHANGELOG.md is PARTITIONED: the file is shared and was deleted (.squad/ownership.yaml:1, /CHANGELOG.md is the only rule that covers the path).',
  ],
  [
    'a patch that moves the file away',
    update('*** Move to: x.md\n@@\n-- one\n+- 1\n'),
    'squad: CHANGELOG.md is PARTITIONED: the file is shared and was deleted (.squad/ownership.yaml:1, /CHANGELOG.md is the only rule that covers the path).',
  ],
  [
    'a shell command, whose text nobody knows before',
    ['Bash', { command: 'sed -i s/two/x/ CHANGELOG.md' }],
    undefined,
  ],
  ['an own fragment', ['Write', { file_path: 'CHANGELOG.d/alice-1.md', content: '' }], undefined],
  [
    "another's fragment",
    ['Write', { file_path: 'CHANGELOG.d/bob-1.md', content: '' }],
    'squad: CHANGELOG.d/bob-1.md is PARTITIONED: your fragments are CHANGELOG.d/alice-*.md (.squad/ownership.yaml:2, /CHANGELOG.d is the only rule that covers the path).',
  ],
  [
    "another's fragment by the shell",
    ['Bash', { command: 'echo x > CHANGELOG.d/bob-1.md' }],
    'squad: CHANGELOG.d/bob-1.md is PARTITIONED: your fragments are CHANGELOG.d/alice-*.md (.squad/ownership.yaml:2, /CHANGELOG.d is the only rule that covers the path).',
  ],
] as const)('regions before an edit: %s', async (_, [tool, input], expected) => {
  expect(await refusal(repository(), tool, input)).toBe(expected);
});

test('lines that end in CR and LF are found as clients find them', async () => {
  const root = repository(CHANGELOG.replaceAll('\n', '\r\n'));
  expect(await refusal(root, ...edit('- one\nsquad:end alice', '- 1\nsquad:end alice'))).toBeUndefined();
  expect(await refusal(root, ...edit('- two\nsquad:end bob', '- 2\nsquad:end bob'))).toContain('region bob');
});

test('a file shared by regions is leased to nobody, but a lease that somebody asked for counts', async () => {
  const root = repository();
  expect(await refusal(root, ...edit('- one', '- 1'))).toBeUndefined();
  expect(await refusal(root, ...edit('- two', '- 2'), 'bob')).toBeUndefined();

  await runBin('squad-lock', ['acquire', 'CHANGELOG.md', '--agent', 'carol'], { cwd: root });
  expect(await refusal(root, ...edit('- one', '- 1'))).toContain('is held by carol');
});

test('a link to a shared file is judged by the file', async () => {
  const root = repository();

  symlinkSync('CHANGELOG.md', `${root}/link.md`);
  const input = { file_path: `${root}/link.md`, old_string: '- two', new_string: '- x' };
  expect(await refusal(root, 'Edit', input)).toContain('region bob is not yours');
});

test('a new file that is shared by regions may bring any text but a region of another', async () => {
  const root = repository();
  writeIn(root, '.squad/ownership.yaml', '/NEWS.md: { owner: NONE, access: PARTITIONED }\n');
  const write = (content: string) => refusal(root, 'Write', { file_path: 'NEWS.md', content });
  expect(await write('# News\nsquad:begin alice\nsquad:end alice\n')).toBeUndefined();
  expect(await write('squad:begin bob\nsquad:end bob\n')).toContain('region bob is not yours');
});
