import { schema, type Schema } from '#protocol';

/** `.squad/installed.json`: what `squad-init` wrote, so that it can tell its own files from edited ones. */
export interface Installation {
  readonly version: 1;
  /** Repo-relative path to `sha256:` of the bytes as installed. */
  readonly files: Readonly<Record<string, string>>;
}

const { literal, object, record, string } = schema;

/** Decoder and JSON Schema of {@link Installation}. */
export const installationSchema: Schema<Installation> = object<Installation>({
  version: literal(1),
  files: record(string({ pattern: '^sha256:[0-9a-f]{64}$', expected: 'sha256: and 64 hex digits' })),
});
