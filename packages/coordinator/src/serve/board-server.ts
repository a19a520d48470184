import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PAGE_HTML } from './page-html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { PageData } from './page-data.ts';

/** What a board server serves. */
export interface BoardSource {
  /** Random; whoever has it may look. */
  readonly token: string;
  /** The uncommitted and committed changes of an agent as a patch. */
  readonly diffOf: (agent: string) => Promise<string>;
}

/** A running server of the board, on the loopback address only. */
export interface BoardServer {
  readonly url: string;
  readonly publish: (data: PageData) => void;
  readonly close: () => Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const FILES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': ['text/html; charset=utf-8', PAGE_HTML],
  '/app.js': ['text/javascript; charset=utf-8', PAGE_SCRIPT],
  '/style.css': ['text/css; charset=utf-8', PAGE_STYLE],
};

/**
 * Serves the board on 127.0.0.1. The token opens it once (`/?token=…`) and becomes a strict cookie; requests under
 * another Host name, which a rebound DNS name would bear, and without the token are refused. Only reads.
 */
export async function serveBoard(source: BoardSource, port: number): Promise<BoardServer> {
  const listeners = new Set<ServerResponse>();
  let last: string | undefined;
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, server, source.token);
    if (refusal !== undefined) return answer(response, refusal, ['text/plain; charset=utf-8', 'refused\n']);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.searchParams.has('token')) return enter(response, source.token);
    if (url.pathname === '/events') return subscribe({ response, listeners, last });
    if (url.pathname === '/diff') return void sendDiff(source, response, url.searchParams.get('agent') ?? '');
    const file = FILES[url.pathname];
    answer(response, file === undefined ? 404 : 200, file ?? ['text/plain; charset=utf-8', 'not found\n']);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}/?token=${source.token}`,
    publish(data) {
      last = JSON.stringify(data);
      for (const listener of listeners) listener.write(`data: ${last}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        for (const listener of listeners) listener.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function refusalOf(request: IncomingMessage, server: Server, token: string): number | undefined {
  const hosts = [`127.0.0.1:${portOf(server)}`, `localhost:${portOf(server)}`];
  if (!hosts.includes(request.headers.host ?? '')) return 421;
  if (request.method !== 'GET') return 405;
  const given = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('token');
  const cookie = /(?:^|;\s*)squad=([^;]+)/u.exec(request.headers.cookie ?? '')?.[1];
  return given === token || (given === null && cookie === token) ? undefined : 403;
}

function enter(response: ServerResponse, token: string): void {
  response.writeHead(303, {
    ...HEADERS,
    location: '/',
    'set-cookie': `squad=${token}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end();
}

function answer(response: ServerResponse, status: number, [type, body]: readonly [string, string]): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type });
  response.end(body);
}

function subscribe(to: {
  response: ServerResponse;
  listeners: Set<ServerResponse>;
  last: string | undefined;
}): void {
  const { response, listeners, last } = to;
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(last === undefined ? ': hello\n\n' : `data: ${last}\n\n`);
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
}

async function sendDiff(source: BoardSource, response: ServerResponse, agent: string): Promise<void> {
  const text = await source.diffOf(agent).catch(() => 'the diff could not be made\n');
  answer(response, 200, ['text/plain; charset=utf-8', text]);
}
