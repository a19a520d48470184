import type { GuardPorts } from './guard-ports.ts';
import type { HookRequest } from './hook/hook-request.ts';
import type { Verdict } from './hook/verdict.ts';
import { settlePostTool } from './events/post-tool.ts';
import { judgePreTool } from './events/pre-tool.ts';
import { deliverMessages } from './events/prompt.ts';
import { endSession } from './events/session-end.ts';
import { startSession } from './events/session-start.ts';
import { settleStop } from './events/stop.ts';

/** Answers one hook call. Where no `.squad/` governs, the answer is always `pass` and nothing is written. */
export function answerHook(ports: GuardPorts, request: HookRequest): Promise<Verdict> {
  switch (request.event) {
    case 'session-start':
      return startSession(ports, request);
    case 'prompt':
      return deliverMessages(ports, request);
    case 'pre-tool':
      return judgePreTool(ports, request);
    case 'post-tool':
      return settlePostTool(ports, request);
    case 'stop':
      return settleStop(ports, request);
    case 'session-end':
      return endSession(ports, request);
    case 'other':
      return Promise.resolve({ kind: 'pass' });
  }
}
