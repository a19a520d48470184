import type { Config } from '#config';

/** What a repository decides about merging; the part of `.squad/config.yaml` named `merge`. */
export type MergeSettings = Config['merge'];
