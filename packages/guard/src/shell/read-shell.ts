// All that reads shell commands, as one: it is loaded by the hooks that are about them.
export { analyseShell } from './analyse-shell.ts';
export { zonesWith } from './default-zones.ts';
export { findOperations } from './operations.ts';
export { putBack } from './put-back.ts';
