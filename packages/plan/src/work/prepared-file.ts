import { hubKindOf } from './hub-file.ts';
import { isPattern } from './path-overlap.ts';

const TYPES =
  /(?:^|\/)(?:types?|interfaces?|contracts?|constants|protocol|schemas?)(?:\.d)?\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|cs|dart|swift)$|\.d\.ts$|\.(?:proto|graphql|gql|thrift|avsc)$|(?:^|\/)(?:types|interfaces|contracts)\/[^/]+$/iu;

/** What kind of file it is whose parts can be written before the work that uses them; `undefined` for any other. */
export function preparableKind(path: string): 'types' | 'schema' | 'manifest' | undefined {
  if (isPattern(path)) return undefined;
  const kind = hubKindOf(path);
  if (kind === 'manifest') return 'manifest';
  if (kind === 'schema or migration') return /(?:^|\/)migrations?\//u.test(path) ? undefined : 'schema';
  return TYPES.test(path) ? 'types' : undefined;
}
