import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['dotsquad:source'] },
  ssr: { resolve: { conditions: ['dotsquad:source'] } },
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/clients/real/*.real.ts'],
    globalSetup: [
      'test/support/temporary-folder.ts',
      'test/support/build.ts',
      'test/clients/real/install-all.ts',
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
