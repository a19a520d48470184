/** The page; everything in it is drawn by its script from the event stream. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>squad</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><h1>squad</h1><p id="summary" role="status">connecting…</p></header>
<main>
<section aria-labelledby="h-agents"><h2 id="h-agents">Agents</h2>
<div class="scroll"><table><thead><tr><th scope="col">Agent</th><th scope="col">Is</th><th scope="col">Says</th><th scope="col">Task</th><th scope="col">Done</th><th scope="col">Waits for</th><th scope="col">Diff</th></tr></thead><tbody id="agents"></tbody></table></div></section>
<section aria-labelledby="h-needs"><h2 id="h-needs">Needs a person</h2><ul id="needs"></ul></section>
<section aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2><ul id="findings"></ul></section>
<section aria-labelledby="h-gantt"><h2 id="h-gantt">Schedule</h2><p class="key"><span class="swatch planned"></span> planned <span class="swatch actual"></span> actual</p>
<div class="scroll"><svg id="gantt" role="img" aria-label="planned and actual times of every task"></svg></div></section>
<section aria-labelledby="h-locks"><h2 id="h-locks">Locks</h2><ul id="locks"></ul></section>
<section aria-labelledby="h-messages"><h2 id="h-messages">Messages</h2><ol id="messages"></ol></section>
<dialog id="diff" aria-labelledby="h-diff"><h2 id="h-diff">Diff</h2><pre id="patch" tabindex="0"></pre><form method="dialog"><button>Close</button></form></dialog>
</main>
<script src="/app.js"></script>
</body>
</html>
`;
