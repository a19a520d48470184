import { defineConfig } from 'vitest/config';

/** The long proofs: `npm run torture`. Minutes, not seconds; one file at a time, because they measure. */
export default defineConfig({
  resolve: { conditions: ['dotsquad:source'] },
  ssr: { resolve: { conditions: ['dotsquad:source'] } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.torture.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/build.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
    disableConsoleIntercept: true,
  },
});
