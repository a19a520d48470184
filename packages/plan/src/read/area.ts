/** A part of a product by which people divide work. */
export type Area = 'frontend' | 'backend' | 'ml' | 'db' | 'infra' | 'tests' | 'docs' | 'shared';

// In this order; the first area with the most words wins. Words from the table of PLANNING 5.2 and the requirements' own names.
const WORDS: readonly (readonly [Area, RegExp])[] = [
  [
    'ml',
    /\b(?:ml|machine learning|model training|train(?:ing|ed)?|anomaly|anomalies|prediction|predictive|classifier|inference|embeddings?|neural|forecast(?:ing)?|recommendations?|dataset|notebooks?|llm|insights?|segmentation|regression model)\b/giu,
  ],
  [
    'frontend',
    /\b(?:frontend|front-end|ui|ux|react|vue|svelte|angular|component|components|page|pages|screens?|view|views|dashboards?|charts?|widgets?|forms?|buttons?|modals?|layout|css|styles?|styling|theme|tailwind|responsive|client[- ]side|browser|navigation|navbar|sidebar|websockets?|real-time updates|hooks?|html)\b/giu,
  ],
  [
    'backend',
    /\b(?:backend|back-end|api|apis|rest|graphql|endpoints?|server|service|services|controllers?|handlers?|middleware|routes?|auth(?:entication|orization)?|jwt|oauth|webhooks?|queue|worker|cron|cache|caching|redis|export|business logic|grpc|fastapi|express|django)\b/giu,
  ],
  [
    'db',
    /\b(?:database|db|schemas?|migrations?|tables?|sql|postgres(?:ql)?|prisma|orm|index(?:es)?|seed data|queries)\b/giu,
  ],
  [
    'infra',
    /\b(?:infra(?:structure)?|docker|kubernetes|k8s|ci|cd|ci\/cd|pipelines?|deploy(?:ment|s)?|terraform|helm|nginx|monitoring|observability|github actions|devops|environment variables|project structure|scaffold|tooling|linting|linter)\b/giu,
  ],
  [
    'tests',
    /\b(?:tests?|testing|e2e|unit tests?|integration tests?|coverage|playwright|cypress|jest|vitest|pytest|qa)\b/giu,
  ],
  ['docs', /\b(?:docs?|documentation|readme|changelog|guide|tutorial|runbook)\b/giu],
  [
    'shared',
    /\b(?:shared types?|type definitions?|interfaces? (?:for|between)|contracts?|common types?)\b/giu,
  ],
];

/** The area that most words of a text speak of, and the words; `undefined` when none does. */
export function areaOfText(
  text: string,
): { readonly area: Area; readonly words: readonly string[] } | undefined {
  let best: { area: Area; words: readonly string[] } | undefined;
  for (const [area, pattern] of WORDS) {
    const words = [...new Set((text.slice(0, 4000).match(pattern) ?? []).map((word) => word.toLowerCase()))];
    if (words.length > (best?.words.length ?? 0)) best = { area, words };
  }
  return best;
}

const NAMES: Readonly<Record<string, Area>> = {
  frontend: 'frontend',
  'front-end': 'frontend',
  client: 'frontend',
  ui: 'frontend',
  web: 'frontend',
  mobile: 'frontend',
  backend: 'backend',
  'back-end': 'backend',
  server: 'backend',
  api: 'backend',
  ml: 'ml',
  ai: 'ml',
  'machine learning': 'ml',
  'data science': 'ml',
  database: 'db',
  db: 'db',
  data: 'db',
  infra: 'infra',
  infrastructure: 'infra',
  devops: 'infra',
  ops: 'infra',
  deployment: 'infra',
  tests: 'tests',
  testing: 'tests',
  qa: 'tests',
  docs: 'docs',
  documentation: 'docs',
  shared: 'shared',
};

/** The area that a short name is, as `Backend` in `Backend: REST API` or `Stream 2: Backend`. */
export function areaNamed(name: string): Area | undefined {
  return NAMES[name.trim().toLowerCase()];
}

const PATHS: readonly (readonly [Area, RegExp])[] = [
  ['tests', /(?:^|\/)(?:tests?|__tests__|e2e|spec|cypress|playwright)\/|[._](?:test|spec)\.|(?:^|\/)test_/iu],
  ['docs', /\.(?:md|mdx|rst)$|(?:^|\/)docs\//iu],
  [
    'infra',
    /(?:^|\/)(?:\.github|docker|infra|deploy|scripts?|ci)\/|Dockerfile|docker-compose|package\.json|tsconfig|\.config\.[jt]s$|pyproject|Cargo/iu,
  ],
  ['shared', /(?:^|\/)(?:shared|common|types|contracts)\//iu],
  ['ml', /(?:^|\/)(?:ml|training|notebooks)\/|\.ipynb$/iu],
  ['db', /migrations?\/|schema\.(?:sql|prisma)|(?:^|\/)(?:db|database|models?|prisma)\/|\.sql$/iu],
  [
    'frontend',
    /\.(?:tsx|jsx|vue|svelte|css|scss|html)$|(?:^|\/)(?:components?|pages|views|ui|frontend|web|client|styles|hooks|stores?)\//iu,
  ],
  [
    'backend',
    /(?:^|\/)(?:api|server|backend|services?|routes?|controllers?|handlers?)\/|\.(?:py|rs|go|java|cs|rb|php)$/iu,
  ],
];

/** The area a path lies in. */
export function areaOfPath(path: string): Area | undefined {
  return PATHS.find(([, pattern]) => pattern.test(path))?.[0];
}
