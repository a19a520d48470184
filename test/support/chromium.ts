import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { testdir } from './testdir.ts';

/** A Chromium on this machine, or `undefined`: then browser tests are left out. */
export const CHROMIUM: string | undefined = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

/** One page in a headless browser. */
export interface BrowserPage {
  /** The value of an expression in the page; promises are awaited. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** Sends a command of the DevTools protocol to the page. */
  readonly send: (method: string, params?: object) => Promise<Record<string, unknown>>;
  /** Messages of the page's console and of the browser about it. */
  readonly log: readonly string[];
}

/** Opens a URL, speaking the DevTools protocol through a pipe; ended with the test. */
export async function openPage(url: string): Promise<BrowserPage> {
  const args = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--remote-debugging-pipe',
    `--user-data-dir=${testdir()}`,
  ];
  const child = spawn(CHROMIUM ?? 'chromium', args, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  onTestFinished(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  const log: string[] = [];
  const waiting = new Map<number, (answer: Record<string, unknown>) => void>();
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as {
        id?: number;
        method?: string;
        params?: unknown;
        result?: Record<string, unknown>;
      };
      if (message.id !== undefined) waiting.get(message.id)?.(message.result ?? {});
      else if (message.method === 'Log.entryAdded' || message.method === 'Runtime.consoleAPICalled')
        log.push(JSON.stringify(message.params));
    }
  });
  let next = 0;
  const call = (method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      next += 1;
      waiting.set(next, resolve);
      input.write(
        `${JSON.stringify({ id: next, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`,
      );
    });
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const send: BrowserPage['send'] = (method, params = {}) => call(method, params, String(sessionId));
  await send('Log.enable');
  await send('Runtime.enable');
  await send('Page.enable');
  await send('Page.navigate', { url });
  return {
    log,
    send,
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      return (result as { value?: unknown } | undefined)?.value;
    },
  };
}
