import { renderChanges, type Action, type BoardRequest, type StatusRecord, type Tick } from '#coordinator';
import { isSquadError, printable } from '#protocol';
import type { Call } from '../shell/command.ts';
import { personAt } from '../shell/squad.ts';
import { approveTask } from '../task/give-verdict.ts';
import { sendControl } from './control.ts';
import type { OpenCoordinator } from './open-coordinator.ts';
import { openBoard } from './terminal-board.ts';

/** What shows the ticks of a watch. */
export interface WatchView {
  readonly show: (tick: Tick) => void;
  readonly close: () => void;
}

/** A board on a terminal, a JSON document a line with `--json`, else a line for each thing that changed. */
export function openView(call: Call, open: OpenCoordinator & { readonly quit: () => void }): WatchView {
  const { io } = call;
  if (!call.json && io.stdout.isTTY === true && io.stdin.isTTY === true) return boardView(call, open);
  let last: StatusRecord | undefined;
  return {
    show({ record }) {
      const lines = call.json ? [JSON.stringify(record)] : renderChanges(last, record).map(printable);
      if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
      last = record;
    },
    close: () => {},
  };
}

function boardView(call: Call, open: OpenCoordinator & { readonly quit: () => void }): WatchView {
  let last: Tick | undefined;
  const board = openBoard(call.io, (request) => answer(call, open, { request, tick: last }));
  return {
    show(tick) {
      last = tick;
      board.show(tick.record);
    },
    close: board.close,
  };
}

// Gives what the board is to say of it.
async function answer(
  call: Call,
  open: OpenCoordinator & { readonly quit: () => void },
  asked: { readonly request: BoardRequest; readonly tick: Tick | undefined },
): Promise<string | undefined> {
  const { request, tick } = asked;
  switch (request.kind) {
    case 'quit':
      open.quit();
      return undefined;
    case 'control': {
      const { command: name, agent: to } = request;
      sendControl(call.io, open.squad, { name, to, deadlineMs: 120_000, reason: 'from the board' });
      return `${name} was sent to ${to}`;
    }
    case 'approve': {
      const action = tick?.judgement.actions.find(({ key }) => key === request.key);
      const done = tick === undefined || action === undefined ? 0 : await open.perform([action], tick);
      return done === 1 ? `done: ${request.key}` : `${request.key} came to nothing`;
    }
    case 'approve-task':
      return approveAtBoard(call, request.task);
    case 'break': {
      const done = tick === undefined ? 0 : await open.perform([breakOrder(request)], tick);
      return done === 1
        ? `broke the lease of ${request.path}`
        : `the lease of ${request.path} was gone already`;
    }
  }
}

// Somebody else may have decided meanwhile.
async function approveAtBoard(call: Call, task: string): Promise<string> {
  try {
    const person = personAt(call.io.env);
    await approveTask(call, person, task);
    return `approved ${task} as ${person}`;
  } catch (error) {
    if (isSquadError(error)) return error.message;
    throw error;
  }
}

function breakOrder({ path, token, agent }: Extract<BoardRequest, { kind: 'break' }>): Action {
  return {
    kind: 'release-lease',
    key: `release-lease:${path}#${token}`,
    policy: 'act',
    path,
    token,
    agent,
    reason: 'a person broke it at the board',
    evidence: [],
    undo: `squad-lock acquire ${path} --agent ${agent}`,
  };
}
