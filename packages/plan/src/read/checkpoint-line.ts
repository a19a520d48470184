import { commandsIn } from './command-text.ts';

/** What a line asks for between tasks: `**Checkpoint**: foundation ready`, `Gate: npm test, then design approval`. */
export interface CheckpointLine {
  readonly text: string;
  /** True where a person is to decide. */
  readonly isAsked: boolean;
  /** Commands that must succeed. */
  readonly commands: readonly string[];
}

const LINE =
  /^[\s>*_~\p{Extended_Pictographic}\uFE0F-]*((?:final |phase |quality |release |review )?(?:checkpoints?|gates?|approvals?|sign-?off|go\/no-?go)|チェックポイント|检查点|체크포인트)(?!\p{L})[^:：—–`.]{0,60}[:：—–][\s*_]*(\S.*)$/iu;
const DECISION = /approval|sign-?off|go\/no-?go/iu;
const WORDS_OF_GATES =
  /\b(?:approv\w*|reviews?|reviewed|sign(?:s|ed)?[- ]?off|confirm\w*|go\/no-?go|human)\b/iu;
const ASKS =
  /\b(?:approv(?:es?|ed|al) (?:by|of|from|before|required|is required|is needed)|(?:needs?|requires?|awaits?|get|await|pending|explicit|must have|after) (?:\w+ )?approval|(?:product|design|team|lead|owner|PO|stakeholder|manager|client|customer|user|legal|security|human) (?:approval|review|sign-?off|verification)|must approve|sign(?:s|ed)?[- ]?off|go\/no-?go|human (?:review|verif\w+|check)|review(?:ed)? (?:by|with)|demo(?:ed)? (?:to|for|with)|ask the user|user (?:confirms?|approves?|accepts?)|(?:person|human|someone|somebody|maintainer|reviewer|architect|product owner) (?:must |has to |should )?(?:approves?|accepts?|reviews?|decides?|confirms?)|confirm(?:ed)? (?:by|with)|wait for (?:the )?(?:user|review|confirmation|feedback|approval)|stop and)\b/iu;

/** True where a text wants a person to decide; "ask the user if questions arise" does not. */
export function asksForPerson(text: string): boolean {
  return ASKS.test(text.replace(/\bask the user if [^.]*/iu, ''));
}

/** The checkpoint that a line of text announces, if it does. */
export function checkpointLine(line: string): CheckpointLine | undefined {
  const match = LINE.exec(line.slice(0, 2000));
  if (match === null) return undefined;
  const [, label = '', rest = ''] = match;
  const text = rest.replace(/\*\*|__/gu, '').trim();
  const isGate = /gate/iu.test(label) && WORDS_OF_GATES.test(text);
  return { text, isAsked: DECISION.test(label) || isGate || asksForPerson(text), commands: commandsIn(text) };
}
