/** What agents really write, and what of it must be understood. */
export const MANGLED: readonly (readonly [name: string, text: string, expected: readonly object[]])[] = [
  [
    'the protocol’s own example',
    '## Status Update 2026-11-20T11:00:00Z\nStatus: ACTIVE\nCurrent Task: T-03 Implementing dashboard\nFiles Modified:\n  - /frontend/Dashboard.tsx (created)\nProgress: 3/5 tasks complete\nNext: API integration\n',
    [
      {
        kind: 'status',
        at: Date.UTC(2026, 10, 20, 11),
        status: 'ACTIVE',
        taskId: 'T-03',
        taskTitle: 'Implementing dashboard',
        filesModified: [{ path: 'frontend/Dashboard.tsx', note: 'created' }],
        done: 3,
        total: 5,
        next: 'API integration',
      },
    ],
  ],
  [
    'a block without a heading',
    'Status: BLOCKED\nWaiting for: /shared/types/user.ts\nWaiting Since: 2026-11-20T11:15:00Z\nAlternative: Working on tests instead\n',
    [
      {
        kind: 'status',
        at: undefined,
        status: 'BLOCKED',
        waitingFor: '/shared/types/user.ts',
        waitingSince: Date.UTC(2026, 10, 20, 11, 15),
        alternative: 'Working on tests instead',
      },
    ],
  ],
  [
    'two blocks without headings',
    'Status: ACTIVE\nNext: a\n\nStatus: BLOCKED\nWaiting for: b\n',
    [
      { status: 'ACTIVE', next: 'a' },
      { status: 'BLOCKED', waitingFor: 'b' },
    ],
  ],
  [
    'no blank line between blocks',
    '## Status Update\nStatus: ACTIVE\n## Status Update\nStatus: COMPLETE\n',
    [{ status: 'ACTIVE' }, { status: 'COMPLETE' }],
  ],
  [
    'no blank line and no heading',
    'Status: ACTIVE\nStatus: REVIEW\n',
    [{ status: 'ACTIVE' }, { status: 'REVIEW' }],
  ],
  [
    'bold keys, colon inside',
    '## Status Update\n**Status:** active\n**Next:** tests\n',
    [{ status: 'ACTIVE', next: 'tests' }],
  ],
  ['bold keys, colon outside', '## Status Update\n**Status**: active\n', [{ status: 'ACTIVE' }]],
  ['bold value', '## Status Update\nStatus: **ACTIVE**\n', [{ status: 'ACTIVE' }]],
  [
    'bulleted fields',
    '## Status Update\n- Status: ACTIVE\n- Current Task: T-1 x\n- Next: y\n',
    [{ status: 'ACTIVE', taskId: 'T-1', taskTitle: 'x', next: 'y' }],
  ],
  [
    'bulleted bold fields',
    '### Status Update\n* **Status:** 🟢 Active\n* **Progress:** 60%\n',
    [{ status: 'ACTIVE', done: 60, total: 100 }],
  ],
  ['code spans as keys', '## Status Update\n`Status`: ACTIVE\n', [{ status: 'ACTIVE' }]],
  ['dialect: in_progress', 'Status: in_progress\n', [{ status: 'ACTIVE' }]],
  ['dialect: Done ✅', 'Status: Done ✅\n', [{ status: 'COMPLETE' }]],
  ['dialect: idle', 'Status: idle\n', [{ status: 'READY' }]],
  ['dialect: In Progress', 'Status: In Progress\n', [{ status: 'ACTIVE' }]],
  ['a status with an explanation', 'Status: BLOCKED - waiting on types\n', [{ status: 'BLOCKED' }]],
  ['a status in parentheses', 'Status: ACTIVE (working on charts)\n', [{ status: 'ACTIVE' }]],
  ['CRLF', '## Status Update\r\nStatus: ACTIVE\r\nNext: x\r\n', [{ status: 'ACTIVE', next: 'x' }]],
  ['a byte-order mark', '\uFEFF## Status Update\nStatus: ACTIVE\n', [{ status: 'ACTIVE' }]],
  [
    'unknown keys',
    'Status: ACTIVE\nMood: good\nETA: 5 min\n',
    [{ status: 'ACTIVE', extra: { Mood: 'good', ETA: '5 min' } }],
  ],
  ['lower-case keys', 'status: active\nnext: x\n', [{ status: 'ACTIVE', next: 'x' }]],
  [
    'snake_case keys',
    'status: ACTIVE\ncurrent_task: T-2\nfiles_modified: a.ts, b.ts\n',
    [{ status: 'ACTIVE', taskId: 'T-2', filesModified: [{ path: 'a.ts' }, { path: 'b.ts' }] }],
  ],
  [
    'a table',
    '## Status Update\n| Field | Value |\n|---|---|\n| Status | ACTIVE |\n| Next | tests |\n',
    [{ status: 'ACTIVE', next: 'tests' }],
  ],
  [
    'files inline in code spans',
    'Status: ACTIVE\nFiles: `src/a.ts`, `src/b c.ts`\n',
    [{ filesModified: [{ path: 'src/a.ts' }, { path: 'src/b c.ts' }] }],
  ],
  [
    'files with dashes for notes',
    'Status: ACTIVE\nFiles Modified:\n- src/a.ts - created\n- src/b.ts: changed\n',
    [
      {
        filesModified: [
          { path: 'src/a.ts', note: 'created' },
          { path: 'src/b.ts', note: 'changed' },
        ],
      },
    ],
  ],
  ['files: none', 'Status: ACTIVE\nFiles Modified: none\n', [{ filesModified: [] }]],
  [
    'a file list item with a colon that looks like a field',
    'Status: ACTIVE\nFiles Modified:\n- Makefile: updated\n- Next: tests\n',
    [{ filesModified: [{ path: 'Makefile', note: 'updated' }], next: 'tests' }],
  ],
  [
    'numbered files',
    'Status: ACTIVE\nFiles:\n1. src/a.ts\n2. src/b.ts\n',
    [{ filesModified: [{ path: 'src/a.ts' }, { path: 'src/b.ts' }] }],
  ],
  [
    'a time in brackets',
    '## [2026-11-20T11:00:00Z] Status Update\nStatus: ACTIVE\n',
    [{ at: Date.UTC(2026, 10, 20, 11) }],
  ],
  [
    'a time with a dash and UTC',
    '## Status Update - 2026-11-20 11:00 UTC\nStatus: ACTIVE\n',
    [{ at: Date.UTC(2026, 10, 20, 11) }],
  ],
  [
    'a time as a field',
    '## Status Update\nTimestamp: 2026-11-20T11:00:00Z\nStatus: ACTIVE\n',
    [{ at: Date.UTC(2026, 10, 20, 11), extra: {} }],
  ],
  [
    'a time with an offset',
    '## Status Update 2026-11-20T12:00:00+01:00\nStatus: ACTIVE\n',
    [{ at: Date.UTC(2026, 10, 20, 11) }],
  ],
  [
    'a fenced example is no block',
    'Example:\n```markdown\n## Status Update\nStatus: FAILED\n```\n\n## Status Update\nStatus: ACTIVE\n',
    [{ status: 'ACTIVE' }],
  ],
  ['a fence with tildes', '~~~\nStatus: FAILED\n~~~\nStatus: ACTIVE\n', [{ status: 'ACTIVE' }]],
  ['an unclosed fence silences nobody', '```\nStatus: ACTIVE\n', [{ status: 'ACTIVE' }]],
  ['torn within a word of a heading', 'Status: ACTIVE\n\n## Status Upd', [{ status: 'ACTIVE' }]],
  [
    'torn within the last value',
    '## Handoff Accepted\nID: H-1\n\n## Status Update\nStatus: COMPL',
    [{ kind: 'handoff-move', id: 'H-1' }],
  ],
  ['no final line break', 'Status: ACTIVE\nNext: x', [{ status: 'ACTIVE', next: 'x' }]],
  [
    'prose in between',
    '# Agent 1\n\nHello, I begin.\n\n## Status Update\nStatus: ACTIVE\n\nI work on the chart now.\n',
    [{ status: 'ACTIVE', note: 'I work on the chart now.' }],
  ],
  [
    'a rule ends a block',
    '## Status Update\nStatus: ACTIVE\n---\nNext: not mine\n',
    [{ status: 'ACTIVE', next: undefined }],
  ],
  [
    'another heading ends a block',
    '## Status Update\nStatus: ACTIVE\n\n## Thoughts\nNext: not mine\n',
    [{ status: 'ACTIVE', next: undefined }],
  ],
  [
    'the status in the heading',
    '## Status: BLOCKED\nWaiting for: x\n',
    [{ kind: 'status', status: 'BLOCKED', waitingFor: 'x' }],
  ],
  [
    'an upper-case heading with an underscore',
    'HANDOFF_REQUEST\nFROM: agent-1\nTO: agent-2\nFILE: /a.ts\n',
    [{ kind: 'handoff-request', from: 'agent-1', to: 'agent-2', files: ['a.ts'] }],
  ],
  [
    'a bold heading',
    '**Handoff Request** 2026-11-20T11:30:00Z\n\n- **ID**: H-9\n- **TO:** @agent-2\n- **FILE**: `shared/a.ts`\n',
    [
      {
        kind: 'handoff-request',
        id: 'H-9',
        to: 'agent-2',
        files: ['shared/a.ts'],
        at: Date.UTC(2026, 10, 20, 11, 30),
      },
    ],
  ],
  [
    'a handoff of several files',
    '## Handoff Request\nID: H-2\nTO: b\nFILES:\n  - /x.ts\n  - /y.ts\nNOTES: two\n  lines\n',
    [{ files: ['x.ts', 'y.ts'], notes: 'two\nlines' }],
  ],
  [
    'a handoff, then a status without heading',
    '## Handoff Request\nID: H-2\nTO: b\nFILE: x.ts\nSTATUS: Ready\n\nStatus: WAITING\n',
    [
      { kind: 'handoff-request', state: 'Ready' },
      { kind: 'status', status: 'WAITING' },
    ],
  ],
  [
    'an id in the heading',
    '## Handoff Accepted H-77\n',
    [{ kind: 'handoff-move', move: 'accepted', id: 'H-77' }],
  ],
  [
    'an acceptance that names the file',
    '## Handoff Accepted\nFILE: /shared/a.ts\n',
    [{ kind: 'handoff-move', id: '', files: ['shared/a.ts'] }],
  ],
  [
    'a declined handoff with its reason',
    '## Handoff Declined 2026-11-20\nID: H-1\nReason: no time\n',
    [{ move: 'declined', reason: 'no time' }],
  ],
  [
    'evidence in words',
    '## Completion Report\nTask: T-3\nEvidence: npm test (exit code: 0)\n',
    [{ kind: 'completion', taskId: 'T-3', evidence: [{ command: 'npm test', exitCode: 0 }] }],
  ],
  [
    'evidence without an exit code is none',
    '## Completion Report\nTask: T-3\nEvidence: I looked at it\n',
    [{ evidence: [], extra: { Evidence: 'I looked at it' } }],
  ],
  ['progress in words', 'Status: ACTIVE\nProgress: 2 of 7\n', [{ done: 2, total: 7 }]],
  [
    'progress that is none',
    'Status: ACTIVE\nProgress: halfway\n',
    [{ done: undefined, extra: { Progress: 'halfway' } }],
  ],
  [
    'tabs for indentation',
    'Status: ACTIVE\nFiles Modified:\n\t- a.ts\n\t- b.ts\n',
    [{ filesModified: [{ path: 'a.ts' }, { path: 'b.ts' }] }],
  ],
  [
    'a question without an id',
    '## Question\nTo: agent-2\nIs count a number?\n',
    [{ kind: 'question', to: 'agent-2', text: 'Is count a number?' }],
  ],
  [
    'an error report with attempts',
    '## Error Report\nTask: T-9\nError: build fails\nAttempted fixes:\n- npm ci\n- retry\n',
    [{ kind: 'error-report', taskId: 'T-9', error: 'build fails', attempts: ['npm ci', 'retry'] }],
  ],
  [
    'a path that leaves the repository is kept and reported',
    'Status: ACTIVE\nFiles: ../../etc/passwd\n',
    [{ filesModified: [{ path: '../../etc/passwd' }] }],
  ],
  [
    'keys that would be dangerous in an object',
    'Status: ACTIVE\nconstructor: x\n',
    [{ extra: { constructor: 'x' } }],
  ],
  [
    'a control block',
    '## Control 2026-11-20T12:00:00Z\nID: C-1\nCommand: Pause\nTo: all\n',
    [{ kind: 'control', command: 'pause', to: 'all' }],
  ],
  ['a deep heading', '##### STATUS UPDATE\nStatus: ACTIVE\n', [{ status: 'ACTIVE' }]],
  ['an unknown status word is no block', '## Status Update\nStatus: frobnicating\n', []],
  ['nothing at all', '', []],
];
