import { renderChanges, type Action, type BoardRequest, type StatusRecord, type Tick } from '#coordinator';
import { printable } from '#protocol';
import type { Call } from '../shell/command.ts';
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
  const board = openBoard(call.io, (request) => void answer(call, open, { request, tick: last }));
  return {
    show(tick) {
      last = tick;
      board.show(tick.record);
    },
    close: board.close,
  };
}

async function answer(
  call: Call,
  open: OpenCoordinator & { readonly quit: () => void },
  asked: { readonly request: BoardRequest; readonly tick: Tick | undefined },
): Promise<void> {
  const { request, tick } = asked;
  switch (request.kind) {
    case 'quit':
      open.quit();
      return;
    case 'control': {
      const { command: name, agent: to } = request;
      sendControl(call.io, open.squad, { name, to, deadlineMs: 120_000, reason: 'from the board' });
      return;
    }
    case 'approve': {
      const action = tick?.judgement.actions.find(({ key }) => key === request.key);
      if (tick !== undefined && action !== undefined) await open.perform([action], tick);
      return;
    }
    case 'break':
      if (tick !== undefined) await open.perform([breakOrder(request)], tick);
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
