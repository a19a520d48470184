// Bundles fast bins into one CommonJS file each. What they load lazily stays outside the bundle: whatever a bundle
// imports dynamically would otherwise be wrapped in functions and neither shaken nor hoisted (measured: 3 ms a start).
// Beside each bundle lies the code that V8 has already compiled for it, and the bin is a loader that hands V8 both
// (measured: 4.7 ms a start). Another version of Node rejects that code and compiles the bundle itself.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles these bins into a folder, `lazy` being the esbuild plugins that say where the rest is; returns esbuild's metafile. */
export async function bundleFast({ bins, outdir, lazy, external = [] }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: bins.map((name) => `packages/cli/src/bin/${name}.ts`),
    outdir,
    outExtension: { '.js': '.bundle.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['dotsquad:source'],
    external,
    plugins: lazy,
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: {
      js: "const importMetaUrl={toString:()=>require('node:url').pathToFileURL(__filename).href};",
    },
    logLevel: 'warning',
  });
  for (const bin of bins) finish(resolve(root, outdir, bin));
  return metafile;
}

function finish(stem) {
  const bundle = `${stem}.bundle.cjs`;
  const code = `${stem}.code`;
  writeFileSync(bundle, wrapped(readFileSync(bundle, 'utf8')));
  rmSync(code, { force: true });
  writeLoader(stem, [statSync(bundle).size, 0]);
  execFileSync(process.execPath, [resolve(root, 'scripts/compile-bundle.cjs'), stem], {
    stdio: ['ignore', 'ignore', 'ignore', 2],
  });
  writeLoader(stem, [statSync(bundle).size, statSync(code).size]);
}

function writeLoader(stem, sizes) {
  const loader = readFileSync(resolve(root, 'scripts/load-bundle.cjs'), 'utf8').replace(
    'SIZES',
    JSON.stringify(sizes),
  );
  writeFileSync(`${stem}.cjs`, loader, { mode: 0o755 });
  chmodSync(`${stem}.cjs`, 0o755);
}

/**
 * The bundle as the function that the loader calls. Each of Node's modules is required once, and not copied (1.5 % of a start);
 * a namespace of functions, which are there from the beginning, is an object and no set of getters (0.5 %).
 */
function wrapped(code) {
  const modules = new Set();
  const body = code
    .replace(/^#!.*/, '')
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
  return `(function(exports,require,module,__filename,__dirname,lazyImport){${required}${body}\n})`;
}
