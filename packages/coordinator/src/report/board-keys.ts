import type { BoardView } from './render-board.ts';
import type { StatusRecord } from './status-record.ts';

/** What a key asks for beyond the view. */
export type BoardRequest =
  | { readonly kind: 'quit' }
  | { readonly kind: 'control'; readonly command: 'pause' | 'resume'; readonly agent: string }
  | { readonly kind: 'break'; readonly path: string; readonly token: number; readonly agent: string }
  | { readonly kind: 'approve'; readonly key: string }
  | { readonly kind: 'approve-task'; readonly task: string };

/** The part of the view that keys change. */
export type BoardState = Pick<BoardView, 'selected' | 'isDetail' | 'message'>;

/** A key's effect. */
export interface KeyEffect {
  readonly state: BoardState;
  readonly request?: BoardRequest;
}

/** Reads one key press, as a terminal in raw mode sends it. */
export function pressKey(key: string, state: BoardState, record: StatusRecord | undefined): KeyEffect {
  const agent = record?.agents[state.selected];
  const still = { ...state, message: '' };
  switch (key) {
    case 'q':
    case '\u0003':
      return { state, request: { kind: 'quit' } };
    case '\u001b[A':
    case 'k':
      return { state: { ...still, selected: Math.max(0, state.selected - 1) } };
    case '\u001b[B':
    case 'j':
      return {
        state: { ...still, selected: Math.min((record?.agents.length ?? 1) - 1, state.selected + 1) },
      };
    case '\r':
    case 'd':
      return { state: { ...still, isDetail: !state.isDetail } };
    case '\u001b':
      return { state: { ...still, isDetail: false } };
    case 'p':
    case 'r': {
      if (agent === undefined) return { state: { ...state, message: 'no agent is chosen' } };
      const command = key === 'p' ? 'pause' : 'resume';
      return {
        state: still,
        request: { kind: 'control', command, agent: agent.id },
      };
    }
    case 'b': {
      const lease = record?.leases.find((each) => each.agent === agent?.id);
      if (lease === undefined)
        return { state: { ...state, message: `${agent?.id ?? 'nobody'} holds no lease` } };
      const { path, token } = lease;
      return {
        state: still,
        request: { kind: 'break', path, token, agent: lease.agent },
      };
    }
    case 'a': {
      const [need] = record?.needs ?? [];
      if (need === undefined) return { state: { ...state, message: 'nothing waits for approval' } };
      const { kind, subject } = need;
      return {
        state: still,
        request:
          kind === 'checkpoint' ? { kind: 'approve-task', task: subject } : { kind: 'approve', key: subject },
      };
    }
    default:
      return { state };
  }
}
