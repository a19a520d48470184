export { configSchema, DEFAULT_CONFIG } from './config-record.ts';
export type { Config } from './config-record.ts';
export { configPath, readConfig } from './read-config.ts';
