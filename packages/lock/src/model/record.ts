import { lazily, schema, type Schema } from '#protocol';
import { processIdentitySchema, type ProcessIdentity } from '#store';
import type { LockItem } from './lease.ts';
import type { Moment } from './moment.ts';

/** What every record carries. Clock and evidence travel in it, so that every process folds it alike. */
export interface RecordStamp {
  readonly v: 1;
  readonly id: string;
  readonly agent: string;
  readonly session?: string;
  readonly at: Moment;
  /** Tokens of leases, and ids of tickets, whose process the writer found gone on its own host. */
  readonly dead?: readonly (number | string)[];
}

/** What is asked for: all of it or nothing. */
export interface LeaseTerms {
  readonly items: readonly LockItem[];
  readonly ttlMs: number;
  readonly maxHoldMs: number;
  readonly purpose?: string;
  readonly handoffTo?: string;
  readonly holder?: ProcessIdentity;
}

/** Which leases of an agent are meant: by name, by token, or every one. */
export interface LeaseChoice {
  readonly names?: readonly string[];
  readonly tokens?: readonly number[];
  readonly all?: boolean;
}

/** Takes at once, or changes nothing. */
export interface AcquireRecord extends RecordStamp, LeaseTerms {
  readonly op: 'acquire';
}

/** Takes at once, or joins the queue. */
export interface WaitRecord extends RecordStamp, LeaseTerms {
  readonly op: 'wait';
  readonly patienceMs: number;
  readonly waiter?: ProcessIdentity;
  readonly wake?: string;
}

export interface ReleaseRecord extends RecordStamp, LeaseChoice {
  readonly op: 'release';
  /** Lets go however often it was acquired. */
  readonly wholly?: boolean;
}

export interface RenewRecord extends RecordStamp, LeaseChoice {
  readonly op: 'renew';
  readonly ttlMs?: number;
  /** The process that stands for the holder from now on. */
  readonly holder?: ProcessIdentity;
  /** Says that a served waiter has heard: what it was offered is its own, with the holder and TTL of this record. */
  readonly claim?: boolean;
}

export interface BreakRecord extends RecordStamp {
  readonly op: 'break';
  readonly names: readonly string[];
  readonly reason: string;
}

export interface TransferRecord extends RecordStamp {
  readonly op: 'transfer';
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly holder?: ProcessIdentity;
}

export interface LeaveRecord extends RecordStamp {
  readonly op: 'leave';
  readonly ticket: string;
}

export interface ExtendRecord extends RecordStamp {
  readonly op: 'extend';
  readonly ticket: string;
  readonly patienceMs: number;
}

/** Carries nothing but evidence: frees what the dead hold. */
export interface ReapRecord extends RecordStamp {
  readonly op: 'reap';
  /** The ticket on whose behalf its writer looked. */
  readonly behind?: string;
}

/** Enters a single-file lock of another tool. */
export interface AdoptRecord extends RecordStamp {
  readonly op: 'adopt';
  readonly name: string;
  readonly owner: string;
  readonly file: string;
  readonly remainingMs: number;
  readonly purpose?: string;
}

/** Closes an epoch. */
export interface SealRecord extends RecordStamp {
  readonly op: 'seal';
}

/** One entry of the log. */
export type LockRecord =
  | AcquireRecord
  | WaitRecord
  | ReleaseRecord
  | RenewRecord
  | BreakRecord
  | TransferRecord
  | LeaveRecord
  | ExtendRecord
  | ReapRecord
  | AdoptRecord
  | SealRecord;

const { array, boolean, later, literal, number, object, optional, string, tagged } = schema;

const duration = number({ min: 0 });
const reference: Schema<number | string> = {
  json: { type: ['number', 'string'] },
  decode: (value, at) =>
    typeof value === 'number' ? number().decode(value, at) : string().decode(value, at),
};

const stamp = lazily(() => ({
  v: literal(1),
  id: string(),
  agent: string(),
  session: optional(string()),
  at: object<Moment>({ wallMs: number(), bootMs: number(), boot: string(), host: string() }),
  dead: optional(array(reference)),
}));
const terms = lazily(() => ({
  items: array(object<LockItem>({ name: string(), mode: literal('exclusive', 'shared') })),
  ttlMs: duration,
  maxHoldMs: duration,
  purpose: optional(string()),
  handoffTo: optional(string()),
  holder: optional(processIdentitySchema),
}));
const choice = lazily(() => ({
  names: optional(array(string())),
  tokens: optional(array(number())),
  all: optional(boolean()),
}));

/** Decoder and JSON Schema of a {@link LockRecord}. */
export const lockRecordSchema: Schema<LockRecord> = tagged<LockRecord>('op', {
  acquire: later(() => object<AcquireRecord>({ ...stamp(), ...terms(), op: literal('acquire') })),
  wait: later(() =>
    object<WaitRecord>({
      ...stamp(),
      ...terms(),
      op: literal('wait'),
      patienceMs: duration,
      waiter: optional(processIdentitySchema),
      wake: optional(string()),
    }),
  ),
  release: later(() =>
    object<ReleaseRecord>({
      ...stamp(),
      ...choice(),
      op: literal('release'),
      wholly: optional(boolean()),
    }),
  ),
  renew: later(() =>
    object<RenewRecord>({
      ...stamp(),
      ...choice(),
      op: literal('renew'),
      ttlMs: optional(duration),
      holder: optional(processIdentitySchema),
      claim: optional(boolean()),
    }),
  ),
  break: later(() =>
    object<BreakRecord>({ ...stamp(), op: literal('break'), names: array(string()), reason: string() }),
  ),
  transfer: later(() =>
    object<TransferRecord>({
      ...stamp(),
      op: literal('transfer'),
      from: string(),
      to: string(),
      names: array(string()),
      holder: optional(processIdentitySchema),
    }),
  ),
  leave: later(() => object<LeaveRecord>({ ...stamp(), op: literal('leave'), ticket: string() })),
  extend: later(() =>
    object<ExtendRecord>({ ...stamp(), op: literal('extend'), ticket: string(), patienceMs: duration }),
  ),
  reap: later(() => object<ReapRecord>({ ...stamp(), op: literal('reap'), behind: optional(string()) })),
  adopt: later(() =>
    object<AdoptRecord>({
      ...stamp(),
      op: literal('adopt'),
      name: string(),
      owner: string(),
      file: string(),
      remainingMs: duration,
      purpose: optional(string()),
    }),
  ),
  seal: later(() => object<SealRecord>({ ...stamp(), op: literal('seal') })),
});

/**
 * The text of a record. Refuses one that others could not read back as it is: so what a record does where it was made is
 * what it does everywhere.
 */
export function encodeRecord(value: LockRecord): string {
  const decoded = lockRecordSchema.decode(value);
  const text = `${JSON.stringify(value)}\n`;
  if (!decoded.ok) throw new Error(`a record this program made does not decode: ${text}`);
  return text;
}

/** A slot of the log as found: a record, nothing usable (a no-op for everybody), or one of a later format. */
export type SlotReading =
  | { readonly kind: 'record'; readonly record: LockRecord }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'newer'; readonly version: number };

/** Reads a slot. Never throws; whatever does not fit is unusable for every reader alike. */
export function decodeSlot(text: string): SlotReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unusable' };
  }
  const version = typeof value === 'object' && value !== null && 'v' in value ? value.v : undefined;
  if (typeof version === 'number' && version > 1) return { kind: 'newer', version };
  const decoded = lockRecordSchema.decode(value);
  return decoded.ok ? { kind: 'record', record: decoded.value } : { kind: 'unusable' };
}
