// npm run bench:growth -- [--rounds 3]
// squad-allocate as a whole process over generated documents: time beside that of a document of one task, and memory.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeDocument } from './make-document.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const program = fileURLToPath(new URL('../../dist/cli/bin/squad-allocate.js', import.meta.url));

// Reports its own processor time and largest memory on leaving, so that other work on the machine counts little.
const REPORT = `data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process._rawDebug('USAGE '+(u.userCPUTime+u.systemCPUTime)+' '+u.maxRSS)})`;

function prose(text, bytes) {
  const paragraph = `\n## Background\n${'The team wants this to be fast, and says so at length. '.repeat(200)}\n`;
  return text + paragraph.repeat(Math.ceil((bytes - text.length) / paragraph.length));
}

const CASES = {
  '1 task': makeDocument(1, 'ordinary'),
  '100 tasks': makeDocument(100, 'ordinary'),
  '100 tasks, hubs': makeDocument(100, 'hubs'),
  '1,000 tasks': makeDocument(1_000, 'ordinary'),
  '1,000 tasks, hubs': makeDocument(1_000, 'hubs'),
  '10,000 tasks': makeDocument(10_000, 'ordinary'),
  '10,000 tasks, hubs': makeDocument(10_000, 'hubs'),
  '1,000 tasks in 10 MB': prose(makeDocument(1_000, 'ordinary'), 10_000_000),
};

function measure(text) {
  const root = mkdtempSync(join(tmpdir(), 'squad-growth-'));
  try {
    writeFileSync(join(root, 'tasks.md'), text);
    spawnSync('git', ['init', '-q'], { cwd: root });
    const begin = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', REPORT, program, 'tasks.md'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const wallMs = performance.now() - begin;
    const usage = /USAGE (\d+) (\d+)/u.exec(stderr);
    if (status !== 0 || usage === null) throw new Error(stderr.slice(0, 2_000));
    return { wallMs, cpuMs: Number(usage[1]) / 1_000, megabytes: Number(usage[2]) / 1_024 };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const found = new Map(Object.keys(CASES).map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, text] of Object.entries(CASES)) found.get(name).push(measure(text));
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
console.log('| document | processor ms | ÷ 1 task | wall ms | MB |\n| --- | --- | --- | --- | --- |');
const base = median(found.get('1 task').map(({ cpuMs }) => cpuMs));
for (const [name, runs] of found) {
  const cpu = median(runs.map(({ cpuMs }) => cpuMs));
  const cells = [
    name,
    cpu.toFixed(0),
    (cpu / base).toFixed(2),
    median(runs.map(({ wallMs }) => wallMs)).toFixed(0),
    Math.max(...runs.map(({ megabytes }) => megabytes)).toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
