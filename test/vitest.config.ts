import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['dotsquad:source'] },
  ssr: { resolve: { conditions: ['dotsquad:source'] } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts', 'test/support/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    restoreMocks: true,
  },
});
