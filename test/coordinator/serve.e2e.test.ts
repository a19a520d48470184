import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { binPath, cleanEnvironment, runBin } from '../support/bins.ts';
import { CHROMIUM, openPage } from '../support/chromium.ts';
import { testRepository } from '../support/repository.ts';

async function serve(root: string): Promise<URL> {
  const child = spawn(process.execPath, [binPath('squad-sync'), 'serve', '--json'], {
    cwd: root,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  return new URL((JSON.parse(line) as { url: string }).url);
}

function get(
  url: URL,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: url.port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
        // The event stream has no end; its first event is enough.
        if (body.includes('\n\n') && path === '/events' && body.startsWith('data: ')) response.destroy();
      });
      response.on('close', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

test('the page opens with its token only, under its own name only, and forbids everything foreign', async () => {
  const root = testRepository({ '.gitignore': '.squad/\n', '.squad/README.md': 's\n' });
  await runBin('squad-comms', ['status', 'ACTIVE', '--task', 'T-1', '--note', '<b>not markup</b>'], {
    cwd: root,
    env: { AGENT_ID: 'agent-1' },
  });
  const url = await serve(root);
  const host = url.host;
  expect((await get(url, '/', { host })).status).toBe(403);
  expect((await get(url, '/?token=wrong', { host })).status).toBe(403);
  expect((await get(url, `/${url.search}`, { host: 'evil.example' })).status).toBe(421);
  const entry = await get(url, `/${url.search}`, { host });
  expect([entry.status, entry.headers['location']]).toEqual([303, '/']);
  const [cookie = ''] = String(entry.headers['set-cookie']).split(';');
  expect(String(entry.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/u);
  const page = await get(url, '/', { host, cookie });
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/u);
  const events = await get(url, '/events', { host, cookie });
  expect(events.body).toContain('"id":"agent-1"');
  expect((await get(url, '/nothing', { host, cookie })).status).toBe(404);
  expect((await get(url, '/diff?agent=agent-1', { host, cookie })).body).toBe(
    'agent-1 has no worktree of its own and named no file\n',
  );
});

// Resolves in the page once the expression is true there.
const until = (expression: string): string =>
  `new Promise((resolve) => { const look = () => ((${expression}) ? resolve(true) : setTimeout(look, 50)); look(); })`;

test.runIf(CHROMIUM !== undefined)(
  'a real browser draws agents, schedule, messages and a diff without breaking the policy',
  async () => {
    const root = testRepository({
      '.gitignore': '.squad/\n',
      'src/a.ts': 'export {};\n',
      '.squad/parallel-plans/agent-1-plan.md': `---\nversion: 1\nagent: agent-1\nrole: r\nfeature: F\nprd_hash: sha256:${'0'.repeat(64)}\ntasks:\n  - { id: T-1, title: Charts, files: { create: [], modify: [src/a.ts], read: [] }, depends_on: [], estimate_minutes: 10, start_minute: 0 }\n  - { id: T-2, title: API, files: { create: [src/b.ts], modify: [], read: [] }, depends_on: [T-1], estimate_minutes: 20, start_minute: 10 }\n---\n\n# agent-1\n`,
    });
    const env = { AGENT_ID: 'agent-1' };
    await runBin('squad-lock', ['acquire', 'src/a.ts'], { cwd: root, env });
    await runBin(
      'squad-comms',
      ['status', 'ACTIVE', '--task', 'T-1', '--next', '<img src=x onerror=alert(1)>'],
      { cwd: root, env },
    );
    writeFileSync(join(root, 'src/a.ts'), 'export const chart = 1;\n');
    const page = await openPage((await serve(root)).href);
    await page.evaluate(until("document.querySelectorAll('#agents tr').length === 1"));
    const text = String(await page.evaluate('document.body.innerText'));
    expect(text).toContain('agent-1');
    expect(text).toContain('src/a.ts: agent-1');
    expect(text).toContain('next: <img src=x onerror=alert(1)>');
    expect(await page.evaluate("document.querySelectorAll('#gantt rect').length")).toBe(3);
    expect(await page.evaluate("document.querySelectorAll('img').length")).toBe(0);
    await page.evaluate("document.querySelector('#agents button').click()");
    await page.evaluate(until("document.querySelector('#patch').textContent.includes('chart')"));
    await page.evaluate("document.querySelector('#diff').close()");
    const shots = process.env['SCREENSHOTS'];
    for (const [name, width, scheme] of [
      ['light', 1280, 'light'],
      ['dark', 1280, 'dark'],
      ['phone', 390, 'light'],
    ] as const) {
      await page.send('Emulation.setDeviceMetricsOverride', {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: width < 500,
      });
      await page.send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
      expect([
        name,
        await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'),
      ]).toEqual([name, true]);
      const { data } = await page.send('Page.captureScreenshot');
      if (shots !== undefined)
        writeFileSync(join(shots, `serve-${name}.png`), Buffer.from(String(data), 'base64'));
    }
    expect(page.log.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
  },
);
