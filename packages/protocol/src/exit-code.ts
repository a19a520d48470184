/**
 * Process exit codes of every bin.
 * `usage` is also what a guard refusal exits with, because that is the code agent clients honour.
 * `contention` means: nothing is wrong, try again later.
 */
export const EXIT = { done: 0, failed: 1, usage: 2, contention: 3, bug: 70 } as const;

/** One of {@link EXIT}, or the exit code of a command that was run on the caller's behalf. */
export type ExitCode = number;
