import { watch } from 'chokidar';
import { join } from 'node:path';

/** Hints that something changed; they come late, twice or not at all. */
export interface FolderWatch {
  readonly close: () => Promise<void>;
  /** Events since the last call. */
  readonly takeCount: () => number;
}

const WATCHED = [
  'comms',
  'control',
  'locks',
  'parallel-plans',
  'ownership.yaml',
  'config.yaml',
  join('.run', 'sessions'),
];

/** Watches what a tick reads of a `.squad/` folder and calls `onHint` at each event. */
export function watchSquad(squadDir: string, onHint: () => void): FolderWatch {
  let count = 0;
  const watcher = watch(
    WATCHED.map((name) => join(squadDir, name)),
    { ignoreInitial: true, ignored: (path) => /[/\\](?:archive|\.tmp-[^/\\]*)$/u.test(path) },
  );
  watcher.on('all', () => {
    count += 1;
    onHint();
  });
  // An unwatchable folder costs speed, not correctness: the rescan sees it.
  watcher.on('error', () => {});
  return {
    close: () => watcher.close(),
    takeCount() {
      const seen = count;
      count = 0;
      return seen;
    },
  };
}
