export { guardProgram } from './guard/program.ts';
export { parseJsonc, valueOf } from './init/clients/jsonc-tree.ts';
export { mergeJsonc, removeOurs } from './init/clients/merge-jsonc.ts';
export { run } from './shell/run.ts';
