// Extensions by which a token is a file and not a word with a dot.
const EXTENSIONS = new Set(
  (
    'ts tsx mts cts js jsx mjs cjs json jsonc json5 jsonl ndjson md mdx mdc rst txt adoc py pyi ipynb rs go java kt kts scala swift ' +
    'c h cc cpp cxx hpp hh cs fs vb rb erb rake php phtml pl pm lua r jl ex exs erl hs clj cljs dart zig nim sol vue svelte astro ' +
    'html htm css scss sass less styl svg png jpg jpeg gif webp ico woff woff2 mp3 mp4 wav pdf csv tsv xml xsd xsl yaml yml toml ini ' +
    'cfg conf properties env lock sql prisma graphql gql proto thrift tf tfvars hcl sh bash zsh fish ps1 psm1 bat cmd mk cmake gradle ' +
    'sbt dockerfile tmpl tpl hbs ejs pug njk jinja j2 liquid mustache plist xib storyboard pbxproj xcconfig entitlements strings ' +
    'resx csproj fsproj sln vbproj props targets razor cshtml xaml arb po pot mo snap feature robot http rest bru drawio puml mmd ' +
    'excalidraw wasm wat s asm f90 m mm ino bicep nix service timer socket rules log out db sqlite parquet feather pickle pkl onnx pt ' +
    'bats psd1 gd tscn glsl hlsl wgsl frag vert shader sv vhd vhdl tcl vim jsonnet libsonnet cue rego bzl bazel podspec kdl ron templ heex eex ' +
    'slim haml coffee elm purs mli lean groovy jsp aspx cls apex prefab unity ipy rmd qmd tex bib lookml avsc xsl cjson nuspec pyx pxd pyw ' +
    'example sample template dist bak map gitignore dockerignore npmrc nvmrc editorconfig local development production test'
  ).split(' '),
);

// A bare word before a slash is a folder only when it is one of these: "success/ failure" is none.
const FOLDERS = new Set(
  (
    'src lib app apps packages test tests spec specs docs doc scripts config configs api server client web frontend backend shared common ' +
    'public static assets components pages routes services models migrations db database prisma infra deploy docker tools cmd internal pkg ' +
    'bin examples templates styles hooks stores utils types ml data fixtures e2e features core .github .claude .vscode schemas contracts'
  ).split(' '),
);

const NAMES = new Set([
  'dockerfile',
  'makefile',
  'rakefile',
  'gemfile',
  'procfile',
  'vagrantfile',
  'jenkinsfile',
  'justfile',
  'caddyfile',
  'brewfile',
  'podfile',
  'fastfile',
  'codeowners',
  'license',
  'changelog',
  'go.mod',
  'go.sum',
  'build',
  'workspace',
]);

const DOT_NAME =
  /^\.(?:env|git|npm|nvm|editor|prettier|eslint|docker|stylelint|babel|swc|lint|husky|vscode|github|node|python|ruby|tool)[\w.-]*$/u;

// Products whose names look like files.
const PRODUCTS =
  /^(?:node|next|vue|nuxt|react|express|nest|three|d3|chart|ember|backbone|alpine|require|moment|socket|discord|deck|p5|tensorflow|babylon|pixi|electron|bun|deno|hono|solid|svelte|day|date-fns|ethers|web3|brain|paper|fabric|konva|video|hls|pdf|mermaid|highlight|prism|marked|handlebars|knockout|angular|jquery|meteor|sails|adonis|strapi|keystone|payload|auth|passport|bull|agenda|winston|pino|sequelize|knex|objection|mongoose|asp|ml|vb|ado)\.(?:js|ts|io|net|py)$/iu;

// Members of objects that read like files: `process.env`, `NextResponse.json`, `items.map`.
const MEMBERS =
  /^(?:[A-Z]\w*|res|req|response|request|ctx)\.(?:json|text|html|env)$|^(?:\w+\.)*\w+\.(?:env|map|test|rest|props)$|^console\.log$/u;

/** A path as the text has it, cleaned of quotes, line numbers and symbols; `undefined` when it is not one. */
export interface CleanPath {
  readonly path: string;
  /** The part after `::` or `#`, as in `src/a.ts::Store.get`. */
  readonly symbol: string | undefined;
}

/** How a token came: marked up as code or a link, or bare in running text, where it must look more like a path. */
export type Markup = 'code' | 'link' | 'bare';

/**
 * Repo-relative form of a token: `\` becomes `/`, a leading `./`, `/` or `@/` goes, `:12`, `#L10` and `::case` go.
 * Refuses URLs, code, endpoints (`/health`), numbers, versions and product names. Patterns are kept.
 */
export function cleanPath(token: string, markup: Markup): CleanPath | undefined {
  const { text, symbol } = splitSymbol(trimToken(token));
  if (text.length < 2 || text.length > 260 || isForeign(text)) return undefined;
  const path = relative(text);
  if (path === undefined || path === '' || path.includes('//')) return undefined;
  if (!looksLikePath(path, text, markup)) return undefined;
  return { path, symbol };
}

function trimToken(token: string): string {
  let text = token.trim().replaceAll('\\', '/');
  text = text
    .replace(/^["'“”‘’«»<~]+|^\*+(?![*._/\w-]*[._/])/u, '')
    .replace(/["'“”‘’«»>~,;:!?…，。、；：]+$/u, '');
  if (/^_.*_$|^\*.*[^*]\*$/u.test(text)) text = text.slice(1, -1);
  if (!/\/\*{1,2}$|^\*/u.test(text)) text = text.replace(/\*+$/u, '');
  return text
    .replace(/(?<!\.)\.$/u, '')
    .replace(/\.{2,}$/u, '')
    .replace(/(^|\/)\*\*(\w+)\*\*(?=\/|$)/gu, '$1__$2__');
}

function splitSymbol(text: string): { text: string; symbol: string | undefined } {
  const double = text.indexOf('::');
  if (double > 0) return { text: text.slice(0, double), symbol: text.slice(double + 2) || undefined };
  const hash = /^(.+\.\w+)#([\w.$-]+)$/u.exec(text);
  if (hash !== null)
    return { text: hash[1] ?? text, symbol: /^L\d/u.test(hash[2] ?? '') ? undefined : hash[2] };
  const line = /^(.+\.\w+):(?:L?\d+(?:[-–:,~]L?\d+)*)?$/u.exec(text);
  if (line !== null) return { text: line[1] ?? text, symbol: undefined };
  const name = /^(.+\/[^/:]+\.\w+|[^/:]+\.\w{1,5}):([A-Za-z_$][\w$.]*)(?:\(\))?$/u.exec(text);
  if (name !== null) return { text: name[1] ?? text, symbol: name[2] };
  return { text, symbol: undefined };
}

function isForeign(text: string): boolean {
  if (/[\s|=;<>"'`&^%]|:\/\/|^[a-z]+:|^[^@]+@.*\.|^@[^/]|\$[^/{]|^~|^-|,/iu.test(text)) return true;
  if (/^(?:https?|www\.|mailto)/iu.test(text) || /^[\d.,/-]+$/u.test(text)) return true;
  if (/^v?\d+(?:\.\d+)+/u.test(text) && !text.includes('/')) return true;
  if (PRODUCTS.test(text) || MEMBERS.test(text)) return true;
  return hasCodeBrackets(text);
}

/** True for `f(x)` and `{ a }`; false for the segments `(group)` and `[id]` of routers and for `{a,b}` choices. */
function hasCodeBrackets(text: string): boolean {
  if (!/[(){}[\]]/u.test(text)) return false;
  const plain = text
    .split('/')
    .map((segment) =>
      segment.replace(/^\([\w.-]+\)$/u, 'x').replace(/\[{1,2}(?:\.{3})?[\w.-]+\]{1,2}/gu, 'x'),
    )
    .join('/');
  return /[()[\]]/u.test(plain) || /\{[^}]*$|^[^{]*\}/u.test(plain) || /\{[^,{}]*\}/u.test(plain);
}

function relative(text: string): string | undefined {
  let path = text.replace(/^(?:\.\/)+/u, '');
  if (path.startsWith('@/')) path = `src/${path.slice(2)}`;
  else if (path.startsWith('~/')) return undefined;
  else if (path.startsWith('@')) return undefined;
  if (/^(?:\.\.\/)+/u.test(path)) path = path.replace(/^(?:\.\.\/)+/u, '');
  path = path.replace(/^\/+/u, '');
  return path.split('/').includes('..') ? undefined : path.normalize('NFC');
}

function looksLikePath(path: string, text: string, markup: Markup): boolean {
  if (/^[*./?]+$/u.test(path) || (path.includes('*') && !path.includes('/'))) return false;
  if (path.endsWith('/')) return isFolder(path, text, markup);
  const base = path.slice(path.lastIndexOf('/') + 1);
  if (/^\*{1,2}$/u.test(base)) return path.length > base.length + 1;
  if (isFileName(base, path.includes('/'))) return !(markup === 'bare' && /^\.?\w$/u.test(base));
  if (markup !== 'bare' && path.includes('*')) return path.includes('/') && !text.startsWith('/');
  return false;
}

function isFolder(path: string, text: string, markup: Markup): boolean {
  const segments = path.split('/').filter((segment) => segment !== '');
  if (markup === 'bare' && segments.length === 1 && !FOLDERS.has(segments[0] ?? '')) return false;
  if (segments.some((segment) => /^[A-Z][a-z]*$/u.test(segment) && segments.length > 1 && markup === 'bare'))
    return /^[a-z.]/u.test(path);
  return (
    segments.length > 0 &&
    /[\p{L}\p{N}]/u.test(path) &&
    !(text.startsWith('/') && segments[0] === 'api' && markup === 'bare')
  );
}

/** True when the last segment of a path is the name of a file. */
export function isFileName(base: string, isNested: boolean): boolean {
  const lower = base.toLowerCase();
  if (DOT_NAME.test(lower)) return true;
  const dot = lower.lastIndexOf('.');
  if (dot === -1)
    return (
      NAMES.has(lower) && (isNested || /^(?:[A-Z]|make|just)/u.test(base)) && !isPlainWord(base, isNested)
    );
  const extension = lower.slice(dot + 1).replace(/[^a-z0-9]+$/u, '');
  if (dot === 0)
    return EXTENSIONS.has(extension) && (isNested || /ignore$|rc$|env$|editorconfig$/u.test(extension));
  return EXTENSIONS.has(extension) && /[\p{L}\p{N}\]})*_]/u.test(base.slice(0, dot));
}

function isPlainWord(base: string, isNested: boolean): boolean {
  return !isNested && /^(?:build|workspace|license|changelog)$/iu.test(base) && base !== base.toUpperCase();
}
