// Generated task lists for timing: `ordinary` has about one file a task, `hubs` sends an eighth of the tasks to twenty shared files.

/** @param {'ordinary'|'hubs'} kind */
export function makeDocument(count, kind) {
  let state = 12345;
  const random = (bound) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 4294967296) * bound);
  };
  const lines = ['# Feature: Generated', '', '## Tasks'];
  for (let task = 1; task <= count; task += 1) {
    const id = `T${String(task).padStart(5, '0')}`;
    const files = [`src/area${random(Math.ceil(count / 50))}/module${random(count)}.ts`];
    if (kind === 'hubs' && random(8) === 0) files.push(`src/hub${random(20)}.ts`);
    const after =
      task > 10 && random(5) === 0 ? ` (depends on T${String(task - 1 - random(9)).padStart(5, '0')})` : '';
    lines.push(
      `- [ ] ${id} Build part ${task} in ${files.map((file) => `\`${file}\``).join(' and ')}${after}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
