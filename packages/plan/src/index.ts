export { inferFiles } from './infer/infer-files.ts';
export type { RepositoryEvidence } from './infer/evidence.ts';
export type * from './model.ts';
export { FORMATS, readDocument } from './read/read-document.ts';
export type { ReadOptions } from './read/read-document.ts';
export type { RawDocument } from './read/source-input.ts';
