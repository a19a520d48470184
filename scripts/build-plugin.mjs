// Makes dist/plugin, the folder that Claude Code and Codex install, and dist/gemini-extension, the same for Gemini CLI: their
// templates, and every program bundled with what it needs, because a plugin is copied into a cache without node_modules. Lock and guard are bundled like the package's own, with V8's
// compiled code beside them; YAML is loaded from another file only when settings or matrix were edited.
import { build } from 'esbuild';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { geminiCommands } from '../dist/cli/init/clients/gemini-commands.js';
import { geminiHooks } from '../dist/cli/init/clients/gemini-hooks.js';
import { createNodeStore } from '../dist/store/index.js';
import { bundleFast } from './fast-bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}/dist/plugin`;
const { bin, version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
// What installs templates of the package has no place in a copy without them.
const programs = Object.keys(bin).filter((name) => !['dotsquad', 'squad-init'].includes(name));
const fast = ['squad-guard', 'squad-lock'];

rmSync(out, { recursive: true, force: true });
cpSync(`${root}/templates/plugin`, out, { recursive: true });

const common = {
  absWorkingDir: root,
  outdir: `${out}/lib`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['dotsquad:source'],
  logLevel: 'warning',
};
await build({
  ...common,
  entryPoints: [
    { in: 'packages/git/src/index.ts', out: 'git' },
    { in: 'packages/markdown/src/index.ts', out: 'markdown' },
    { in: 'packages/cli/src/shell/help.ts', out: 'help' },
  ],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
});
await bundleFast({
  bins: fast,
  outdir: 'dist/plugin/lib',
  lazy: [
    {
      name: 'load lazily what is slow',
      setup(bundler) {
        bundler.onResolve({ filter: /^#(?:git|markdown)$|\/help\.ts$/ }, ({ path, kind }) => {
          if (kind !== 'dynamic-import') return undefined;
          return { path: path.startsWith('#') ? `./${path.slice(1)}.cjs` : './help.cjs', external: true };
        });
      },
    },
  ],
});
await build({
  ...common,
  entryPoints: programs
    .filter((name) => !fast.includes(name))
    .map((name) => `packages/cli/src/bin/${name}.ts`),
  format: 'esm',
  splitting: true,
  chunkNames: 'chunk-[hash]',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

writeFileSync(
  `${out}/lib/package.json`,
  `${JSON.stringify({ name: 'dotsquad', version, private: true, type: 'module' })}\n`,
);
mkdirSync(`${out}/bin`);
for (const name of programs) {
  const file = fast.includes(name) ? `${name}.cjs` : `${name}.js`;
  writeFileSync(`${out}/bin/${name}`, `#!/usr/bin/env node\nimport('../lib/${file}');\n`);
  chmodSync(`${out}/bin/${name}`, 0o755);
}

const extension = `${root}/dist/gemini-extension`;
const here = '${extensionPath}';
rmSync(extension, { recursive: true, force: true });
cpSync(`${root}/templates/gemini-extension`, extension, { recursive: true });
for (const shared of ['bin', 'lib', 'skills', 'LICENSE'])
  cpSync(`${out}/${shared}`, `${extension}/${shared}`, { recursive: true });
const hooks = geminiHooks(
  (asks) =>
    `NODE_EXTRA_CA_CERTS= SQUAD_BIN="${here}/bin" node "${here}/lib/squad-guard.cjs" ${asks} --client gemini`,
);
mkdirSync(`${extension}/hooks`);
writeFileSync(`${extension}/hooks/hooks.json`, `${JSON.stringify({ hooks }, undefined, 2)}\n`);
mkdirSync(`${extension}/commands/squad`, { recursive: true });
for (const { path, text } of geminiCommands(createNodeStore(), (bin) => bin))
  writeFileSync(`${extension}/commands/${path}`, text);
