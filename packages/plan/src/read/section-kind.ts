import type { Section } from './outline.ts';

/** What a heading or a caption announces. */
export type SectionKind =
  | 'tasks'
  | 'criteria'
  | 'risks'
  | 'requirements'
  | 'roadmap'
  | 'dependencies'
  | 'files'
  | 'examples'
  | 'shared'
  | 'notes'
  | 'other';

// In this order: the first that matches decides.
const KINDS: readonly (readonly [SectionKind, RegExp])[] = [
  [
    'criteria',
    /\b(?:acceptance|criteria|definition of (?:done|ready)|success|done when|checks?|checklist|test plan|testing strategy|quality gates?|gates?|validation|verification|sign-?off|metrics|kpis?|goals?|objectives|non-?goals?|independent test|checkpoint|exit|must haves?)\b|受け入れ|完了条件|成功|验收|수락|kabul|başarı|tiêu chí/iu,
  ],
  [
    'risks',
    /\b(?:risks?|mitigations?|open questions?|questions|assumptions?|constraints?|out of scope|concerns?|issues|limitations?|trade-?offs?|unknowns|blockers|alternatives)\b|リスク|风险|riskler|rủi ro/iu,
  ],
  [
    'examples',
    /\b(?:examples?|overview|summary|preview|parallel execution|parallel opportunities|legend|format|table of contents|notes on|how to|coverage|traceability|mapping|references?|appendix|glossary|changelog|history|revision)\b/iu,
  ],
  [
    'shared',
    /\b(?:shared (?:dependenc|types?|files?|resources?|code)|sequential access|read-?only|type definitions)/iu,
  ],
  [
    'dependencies',
    /\b(?:dependenc(?:y|ies)|execution order|order of|critical path|waves|sequenc(?:e|ing)|prerequisites)\b|依存|依赖|의존/iu,
  ],
  [
    'files',
    /\b(?:(?:relevant|affected|key|modified|changed|new)? ?files?|file structure|project structure|directory structure|code locations|folder structure)\b(?!.*\btasks?\b)|ファイル構成|文件/iu,
  ],
  [
    'tasks',
    /\b(?:tasks?|to-?dos?|work items?|action items?|work breakdown|task breakdown|backlog|sub-?tasks|work packages?|implementation steps|concrete steps|todo list|checklist of work|action plan|steps to implement|streams?)\b|タスク|任务|任務|작업|할 일|görevler|tâches|tareas|aufgaben|công việc|задач/iu,
  ],
  [
    'roadmap',
    /\b(?:roadmap|phases?|milestones?|implementation plan|implementation phases|rollout|release plan|timeline|schedule|sprints?|development plan|delivery plan|next steps|plan of work|mvp|iterations?|implementation)\b|ロードマップ|フェーズ|阶段|路线图|단계|yol haritası|giai đoạn/iu,
  ],
  [
    'requirements',
    /\b(?:requirements?|features?|capabilit(?:y|ies)|functional|non-functional|user stories|scope|use cases|specification|what to build)\b|要件|需求|요구|gereksinim|yêu cầu|tính năng|özellik/iu,
  ],
  [
    'notes',
    /\b(?:notes?|background|context|introduction|motivation|problem|architecture|design|technical|stack|discussion|rationale|decisions?|progress log|surprises|outcomes|retrospective)\b/iu,
  ],
];

/** The kind a title announces by itself. */
export function kindOfTitle(title: string): SectionKind {
  const plain = title.replace(/[*_`#]/gu, '').slice(0, 160);
  if (
    /^(?:\d+[.)]?\s*)?(?:implementation |development |detailed |engineering )?tasks?(?: list| breakdown)?(?:\s*\(.*\))?:?$/iu.test(
      plain,
    )
  )
    return 'tasks';
  if (/\b(?:task|issue|story|stories|work|ticket)s?[- ](?:breakdown|list)\b/iu.test(plain)) return 'tasks';
  if (/^[^\p{L}\p{N}]*(?:phase|stage|sprint|milestone|wave|iteration)\s*[\dA-Z]/iu.test(plain))
    return 'roadmap';
  if (/^[^\p{L}\p{N}]*(?:stream|work ?package|epic)\s*[\dA-Z]/iu.test(plain)) return 'tasks';
  return KINDS.find(([, pattern]) => pattern.test(plain))?.[0] ?? 'other';
}

/** The kind that a line above a list announces: there, tests are criteria and no section of work. */
export function kindOfCaption(caption: string): SectionKind {
  return /^[^\p{L}]*(?:tests?|vérif|kontrol|doğrula|checks?|verify)\b/iu.test(caption)
    ? 'criteria'
    : kindOfTitle(caption);
}

const known = new WeakMap<Section, SectionKind>();

/** The kind of a section: its own title's, else that of the nearest heading above; below criteria or risks only tasks are none. */
export function sectionKindOf(section: Section): SectionKind {
  const cached = known.get(section);
  if (cached !== undefined) return cached;
  const kinds = section.path.toReversed().map(kindOfTitle);
  const nearest = kinds.find((kind) => kind !== 'other') ?? 'other';
  const above = kinds.find((kind) => kind === 'criteria' || kind === 'risks' || kind === 'examples');
  const kind = above !== undefined && nearest !== 'tasks' && nearest !== 'roadmap' ? above : nearest;
  known.set(section, kind);
  return kind;
}
