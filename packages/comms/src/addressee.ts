/** True when two spellings name one agent: letter case aside they are equal. */
export function isSameAgent(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** True when what is addressed to `to` is for the agent; lists (`agent-1, agent-2`) and `all` are read. */
export function isAddressedTo(to: string | undefined, agent: string): boolean {
  if (to === undefined || /^(?:all|everyone|everybody|\*|all agents|team)$/iu.test(to.trim())) return true;
  return to.split(/[,;]\s*|\s+and\s+/u).some((name) => isSameAgent(name.trim(), agent));
}
