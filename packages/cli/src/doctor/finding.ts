import type { Locks } from '#lock';
import type { SquadHome } from '#store';
import type { Io } from '../shell/io.ts';

/** What a check looks at. Looking changes nothing. */
export interface DoctorScene {
  readonly io: Io;
  readonly home: SquadHome;
  readonly locks: Locks;
}

/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly severity: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do, where the doctor cannot. */
  readonly advice?: string;
  /** What `--fix` does, and how it then shows that it worked. */
  readonly repair?: Repair;
}

/** A repair that proves itself. */
export interface Repair {
  readonly what: string;
  readonly apply: () => void | Promise<void>;
  readonly isDone: () => boolean | Promise<boolean>;
}
