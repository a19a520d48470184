export { findClient } from './client/find-client.ts';
export { runAgent } from './run-agent.ts';
