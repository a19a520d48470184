// Bundles the fast bins of the package into dist/fast. What they load lazily is what is compiled beside it.
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFast } from './fast-bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `import('./help.ts')` becomes an import of the same module as compiled beside the bundle. */
const lazyModules = {
  name: 'lazy-modules',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = relative(resolve(root, 'packages'), resolve(resolveDir, path));
      const compiled = source.replace(/^([^/]+)\/src\//, '../$1/').replace(/\.ts$/, '.js');
      return { path: compiled, external: true };
    });
  },
};

const metafile = await bundleFast({
  bins: ['squad-lock', 'squad-guard'],
  outdir: 'dist/fast',
  lazy: [lazyModules],
  external: ['#git', '#markdown', 'cac'],
});

// Read by the test that asserts what a fast bin may load.
writeFileSync(resolve(root, 'dist/fast/metafile.json'), JSON.stringify(metafile));
