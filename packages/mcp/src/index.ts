export { serveOverStdio } from './serve.ts';
export { createTool, field } from './tool.ts';
export type { SquadTool, ToolAnswer } from './tool.ts';
