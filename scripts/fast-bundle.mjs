// Bundles fast bins into one CommonJS file each. What they load lazily stays outside the bundle: whatever a bundle
// imports dynamically would otherwise be wrapped in functions and neither shaken nor hoisted (measured: 3 ms a start).
// Beside each bundle lies the code that V8 has already compiled for it, and the bin is a loader that hands V8 both
// (measured: 4.7 ms a start). Another version of Node rejects that code and compiles the bundle itself. What only some
// commands of a bin need is a part: a bundle of its own that the bin loads in the same way.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// Parts by their bins: each a module that imports nothing whose state the bin shares.
const PARTS = {
  'squad-guard': {
    'squad-guard-shell': 'packages/guard/src/shell/read-shell.ts',
    'squad-guard-look': 'packages/guard/src/look/open-look.ts',
  },
};
const partsOf = (bin) => Object.entries(PARTS[bin] ?? {});

/** `import('../shell/read-shell.ts')` loads the part that this module is. */
const partModules = {
  name: 'parts',
  setup(bundler) {
    const parts = new Map(
      Object.keys(PARTS).flatMap((bin) => partsOf(bin).map(([name, path]) => [resolve(root, path), name])),
    );
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
      const name = kind === 'dynamic-import' ? parts.get(resolve(resolveDir, path)) : undefined;
      return name === undefined ? undefined : { path: `part:${name}`, external: true };
    });
  },
};

/** Bundles these bins into a folder, `lazy` being the esbuild plugins that say where the rest is; returns esbuild's metafile. */
export async function bundleFast({ bins, outdir, lazy, external = [] }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: bins.flatMap((name) => [
      { in: `packages/cli/src/bin/${name}.ts`, out: name },
      ...partsOf(name).map(([part, path]) => ({ in: path, out: part })),
    ]),
    outdir,
    outExtension: { '.js': '.bundle.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['dotsquad:source'],
    external,
    plugins: [partModules, ...lazy],
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: {
      js: "const importMetaUrl={toString:()=>require('node:url').pathToFileURL(__filename).href};",
    },
    logLevel: 'warning',
  });
  for (const bin of bins) finish(resolve(root, outdir), bin);
  return metafile;
}

function finish(folder, bin) {
  const names = [bin, ...partsOf(bin).map(([name]) => name)];
  for (const name of names) {
    const bundle = join(folder, `${name}.bundle.cjs`);
    writeFileSync(bundle, wrapped(readFileSync(bundle, 'utf8')));
    rmSync(join(folder, `${name}.code`), { force: true });
  }
  // First without compiled code, to run what is not to be kept.
  writeLoader(folder, names);
  execFileSync(process.execPath, [resolve(root, 'scripts/compile-bundle.cjs'), join(folder, bin)], {
    stdio: ['ignore', 'ignore', 'ignore', 2],
  });
  writeLoader(folder, names);
}

function writeLoader(folder, names) {
  const sizeOf = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
  const sizes = names.map((name) => [name, [sizeOf(`${name}.bundle.cjs`), sizeOf(`${name}.code`)]]);
  const loader = readFileSync(resolve(root, 'scripts/load-bundle.cjs'), 'utf8')
    .replace('SIZES', JSON.stringify(Object.fromEntries(sizes)))
    .replace('PROGRAM', JSON.stringify(names[0]));
  const path = join(folder, `${names[0]}.cjs`);
  writeFileSync(path, loader, { mode: 0o755 });
  chmodSync(path, 0o755);
}

/**
 * The bundle as the function that the loader calls. Each of Node's modules is required once, and not copied (1.5 % of a start);
 * a namespace of functions, which are there from the beginning, is an object and no set of getters (0.5 %).
 */
function wrapped(code) {
  const modules = new Set();
  const body = code
    .replace(/^#!.*/, '')
    .replace(/\bimport\("part:([^"]+)"\)/g, 'Promise.resolve(loadPart("$1"))')
    .replace(/\bimport\(("[^"]+")\)/g, 'lazyImport($1)')
    .replace(/\b(\w+)=\{\};__export\(\1,\{([^{}]+)\}\)/g, (_, name, getters) => {
      const members = getters.replace(/\(\)=>/g, '');
      for (const [, member] of members.matchAll(/:(\w+)/g))
        if (!code.includes(`function ${member}(`)) throw new Error(`${name}.${member} is no function`);
      return `${name}={${members}}`;
    })
    .replace(/__toESM\(require\("node:(\w+)"\)(?:,1)?\)|require\("node:(\w+)"\)/g, (_, copied, plain) => {
      modules.add(copied ?? plain);
      return `node_${copied ?? plain}`;
    });
  const required = [...modules]
    .map((name) => `const node_${name}=process.getBuiltinModule("node:${name}");`)
    .join('');
  return `(function(exports,require,module,__filename,__dirname,lazyImport,loadPart){${required}${body}\n})`;
}
