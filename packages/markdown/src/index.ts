export { parseFrontMatter } from './front-matter.ts';
export type { FrontMatter } from './front-matter.ts';
export { renderFrontMatter, renderYaml } from './render-yaml.ts';
export { parseYaml } from './yaml.ts';
