/** What must be undone before a process ends: done when it is asked for, and else at the end of the process. */
export interface Closing {
  /** Adds a deed, unless there is one of that name already. */
  readonly once: (name: string, deed: () => void) => void;
  readonly run: () => void;
}

const open = new Set<() => void>();
let isArmed = false;

/** Registers nothing before there is something to undo: most programs only look. */
export function openClosing(): Closing {
  const deeds = new Map<string, () => void>();
  const run = (): void => {
    open.delete(run);
    const all = [...deeds.values()];
    deeds.clear();
    for (const deed of all) deed();
  };
  return {
    once(name, deed) {
      if (!isArmed) process.on('exit', closeAll);
      isArmed = true;
      open.add(run);
      if (!deeds.has(name)) deeds.set(name, deed);
    },
    run,
  };
}

function closeAll(): void {
  for (const run of open) {
    try {
      run();
    } catch {
      // Nobody is left to be told; what stays behind is removed by others.
    }
  }
}
