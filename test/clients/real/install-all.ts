import { CLIENT_PACKAGES, HOOK_MANAGERS, ensurePackage } from './client-cache.ts';

/** Installs what the scenarios drive before they begin, since two of them run at a time. */
export default function installAll(): void {
  for (const { spec, flags } of Object.values(CLIENT_PACKAGES)) ensurePackage(spec, flags);
  for (const spec of Object.values(HOOK_MANAGERS)) ensurePackage(spec);
}
