import { array, boolean, later, literal, number, object, optional, string, type Schema } from './schema.ts';

/** Repo-relative paths that a task creates, changes or only reads. Patterns are allowed. */
export interface TaskFiles {
  readonly create: readonly string[];
  readonly modify: readonly string[];
  readonly read: readonly string[];
}

/** One task in a plan's front matter. */
export interface PlanTask {
  readonly id: string;
  readonly title: string;
  readonly files: TaskFiles;
  readonly depends_on: readonly string[];
  readonly estimate_minutes: number;
  readonly priority?: string;
  /** Planned start, in minutes after the start of the whole. */
  readonly start_minute: number;
  /** A shell command whose success shows the task done. */
  readonly acceptance?: string;
  /** More commands that must succeed before it counts as complete. */
  readonly gates?: readonly string[];
  /** True: once done, a person approves before dependents start. */
  readonly checkpoint?: boolean;
  /** The agent it was taken from; the coordinator's notice says whose it is now. */
  readonly reassigned_from?: string;
}

/** Front matter of `.squad/parallel-plans/agent-<n>-plan.md`: everything a program needs of a plan. */
export interface PlanHeader {
  readonly version: 1;
  readonly agent: string;
  readonly role: string;
  readonly feature: string;
  /** `sha256:` and 64 hex digits of the PRD's bytes. */
  readonly prd_hash: string;
  readonly tasks: readonly PlanTask[];
}

const taskFiles: Schema<TaskFiles> = later(() =>
  object<TaskFiles>({
    create: array(string()),
    modify: array(string()),
    read: array(string()),
  }),
);

const planTask: Schema<PlanTask> = later(() =>
  object<PlanTask>({
    id: string({ pattern: '\\S', expected: 'a task id' }),
    title: string(),
    files: taskFiles,
    depends_on: array(string()),
    estimate_minutes: number({ min: 0 }),
    priority: optional(string()),
    start_minute: number({ min: 0 }),
    acceptance: optional(string()),
    gates: optional(array(string())),
    checkpoint: optional(boolean()),
    reassigned_from: optional(string()),
  }),
);

/** Decoder and JSON Schema of {@link PlanHeader}. */
export const planHeaderSchema: Schema<PlanHeader> = later(() =>
  object<PlanHeader>({
    version: literal(1),
    agent: string({ pattern: '\\S', expected: 'an agent id' }),
    role: string(),
    feature: string(),
    prd_hash: string({ pattern: '^sha256:[0-9a-f]{64}$', expected: 'sha256: and 64 hex digits' }),
    tasks: array(planTask),
  }),
);
