/** The page's script: draws what the event stream sends, by text nodes only, so that no message can become markup. */
export const PAGE_SCRIPT: string = String.raw`'use strict';
const byId = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
function make(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = String(text);
  if (className) node.className = className;
  return node;
}
function fill(id, nodes, empty) {
  byId(id).replaceChildren(...(nodes.length > 0 ? nodes : [make('li', empty, 'faint')]));
}
function age(ms) {
  const minutes = Math.floor(ms / 60000);
  return minutes < 1 ? Math.max(0, Math.floor(ms / 1000)) + ' s' : minutes < 60 ? minutes + ' min' : Math.floor(minutes / 60) + ' h ' + (minutes % 60) + ' min';
}
function drawAgents(record) {
  const rows = record.agents.map((agent) => {
    const row = document.createElement('tr');
    const progress = agent.done === null || agent.total === null ? '' : agent.done + '/' + agent.total;
    row.append(make('th', agent.id), make('td', agent.life, agent.life), make('td', agent.status), make('td', [agent.task, agent.title].filter(Boolean).join(' ')), make('td', progress), make('td', agent.waitingFor));
    row.firstChild.scope = 'row';
    row.firstChild.title = agent.because.join('\n');
    const cell = document.createElement('td');
    const button = make('button', 'diff');
    button.setAttribute('aria-label', 'diff of ' + agent.id);
    button.addEventListener('click', () => showDiff(agent.id));
    cell.append(button);
    row.append(cell);
    return row;
  });
  const focused = document.activeElement && document.activeElement.getAttribute('aria-label');
  byId('agents').replaceChildren(...rows);
  if (focused) for (const button of document.querySelectorAll('#agents button')) if (button.getAttribute('aria-label') === focused) button.focus();
}
function bar(x, y, width, className, title) {
  const rect = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ x, y, width: Math.max(2, width), height: 7, rx: 2 })) rect.setAttribute(name, value);
  rect.setAttribute('class', className);
  const label = document.createElementNS(SVG, 'title');
  label.textContent = title;
  rect.append(label);
  return rect;
}
function drawGantt(bars, now) {
  const svg = byId('gantt');
  const begin = Math.min(...bars.flatMap((each) => (each.startedAt === null ? [] : [each.startedAt])), now);
  const actualEnd = (each) => (each.startedAt === null ? begin : each.endedAt === null || each.endedAt < each.startedAt ? now : each.endedAt);
  // One scale for both, so that lengths can be compared.
  const spanMs = Math.max(1, ...bars.map((each) => (each.plannedStart + each.plannedMinutes) * 60000), ...bars.map((each) => actualEnd(each) - begin));
  const left = 260, width = 640, rowHeight = 24;
  const height = Math.max(rowHeight, bars.length * rowHeight);
  svg.setAttribute('viewBox', '0 0 ' + (left + width) + ' ' + height);
  svg.setAttribute('width', left + width);
  svg.setAttribute('height', height);
  const nodes = bars.flatMap((each, index) => {
    const y = index * rowHeight;
    const text = document.createElementNS(SVG, 'text');
    text.setAttribute('x', 0);
    text.setAttribute('y', y + 15);
    const full = document.createElementNS(SVG, 'title');
    full.textContent = each.id + ' ' + each.title;
    text.textContent = each.id.length > 34 ? each.id.slice(0, 33) + '…' : each.id;
    text.append(full);
    const planned = bar(left + (each.plannedStart * 60000 * width) / spanMs, y + 3, (each.plannedMinutes * 60000 * width) / spanMs, 'bar-planned', each.agent + ', planned ' + each.plannedMinutes + ' min');
    if (each.startedAt === null) return [text, planned];
    const took = actualEnd(each) - each.startedAt;
    return [text, planned, bar(left + ((each.startedAt - begin) * width) / spanMs, y + 12, (took * width) / spanMs, 'bar-actual', each.agent + ', ' + each.state + ', ' + age(took))];
  });
  svg.replaceChildren(...nodes);
}
function draw(data) {
  const { record } = data;
  const done = record.tasks.filter((task) => task.state === 'complete').length;
  byId('summary').textContent = done + ' of ' + record.tasks.length + ' tasks, ' + record.conflicts.length + (record.conflicts.length === 1 ? ' conflict' : ' conflicts') + (record.eta ? ', done by ' + new Date(record.eta).toLocaleTimeString() : '') + ' · ' + new Date(record.at).toLocaleTimeString();
  drawAgents(record);
  fill('needs', record.needs.map((need) => {
    const item = make('li', need.message + ' ', 'warning');
    item.append(...need.commands.map((command) => make('code', command)));
    return item;
  }), 'nothing');
  fill('findings', record.findings.map((finding) => make('li', finding.kind + ': ' + finding.message, finding.severity)), 'none');
  drawGantt(data.gantt, data.now);
  const waiters = (path) => record.waits.filter((wait) => wait.paths.includes(path)).map((wait) => wait.agent);
  fill('locks', record.leases.map((lease) => make('li', lease.path + ': ' + lease.agent + ' for ' + age(lease.ageMs) + (waiters(lease.path).length > 0 ? ', awaited by ' + waiters(lease.path).join(', ') : ''))), 'none held');
  fill('messages', data.messages.map((message) => {
    const item = make('li');
    item.append(make('span', (message.at === null ? '' : new Date(message.at).toLocaleTimeString()) + ' ' + message.author + ' ' + message.kind + ' ', 'faint'), document.createTextNode(message.text));
    return item;
  }), 'none');
}
async function showDiff(agent) {
  byId('h-diff').textContent = 'Diff of ' + agent;
  byId('patch').textContent = 'loading…';
  byId('diff').showModal();
  const answer = await fetch('/diff?agent=' + encodeURIComponent(agent));
  byId('patch').textContent = await answer.text();
}
const source = new EventSource('/events');
source.onmessage = (event) => draw(JSON.parse(event.data));
source.onerror = () => { byId('summary').textContent = 'connection lost; trying again'; };
`;
