const VERBS = new Set(
  (
    'add adjust allow analyze apply archive assemble assign audit author automate back backfill benchmark bind build bump cache calculate ' +
    'capture change check clean clear collect combine compile complete compose compute conduct configure confirm connect consolidate ' +
    'construct convert copy correct create cut debug decide declare decouple define delete deliver deploy deprecate derive design detect ' +
    'develop disable display document draft drop emit enable encapsulate enforce enhance ensure establish evaluate execute expand expose ' +
    'extend extract fetch filter finalize find fix flag format gate generate group guard handle harden hide highlight hook host identify ' +
    'implement import improve include index ingest init initialize inject insert install instrument integrate introduce investigate isolate ' +
    'keep launch link lint list load localize lock log make manage map mark measure merge migrate mock model modify monitor mount move ' +
    'normalize notify optimize orchestrate organize package parse partition patch persist pin plan plug polish port prepare prevent print ' +
    'process produce profile promote prototype provide provision prune publish pull push query queue read rebuild record redesign reduce ' +
    'refactor refine register reject release remove rename render reorganize repair replace report require research reset resolve restore ' +
    'restrict restructure restyle retire retry return reuse review revise rewrite roll rotate route run sanitize save scaffold scale schedule ' +
    'scope script seed select send separate serialize serve set setup share ship show simplify sort specify spike split stabilize standardize ' +
    'start stop store stream streamline strip structure style submit support swap switch sync synchronize tag test throttle tidy track train ' +
    'transform translate trigger tune unify update upgrade upload use validate verify version visualize warn watch wire wrap write'
  ).split(' '),
);

/** True for a text that begins with an order: `Create the dashboard`, `**Implement** x`, `Set up y`. */
export function isImperative(text: string): boolean {
  const word = /^[^\p{L}]{0,8}([A-Za-z]+)(?:-[a-z]+)?/u.exec(text)?.[1]?.toLowerCase() ?? '';
  return VERBS.has(word) || VERBS.has(word.replace(/^re(?=[a-z]{3})/u, ''));
}
