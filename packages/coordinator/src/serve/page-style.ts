/** The page's style: light and dark by the system's wish, one column on a phone. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--ink:#1c2128;--paper:#fff;--line:#d0d7de;--faint:#59636e;--good:#1a7f37;--warn:#9a6700;--bad:#cf222e;--plan:#afb8c1;--actual:#0969da}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;--faint:#9198a1;--good:#3fb950;--warn:#d29922;--bad:#f85149;--plan:#484f58;--actual:#4493f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
header{display:flex;gap:1rem;align-items:baseline;padding:.75rem 1rem;border-bottom:1px solid var(--line);position:sticky;top:0;background:var(--paper)}
h1{font-size:1.1rem;margin:0}h2{font-size:1rem;margin:0 0 .5rem}
#summary{margin:0;color:var(--faint)}
main{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.25rem;padding:1rem;max-width:90rem;margin:auto}
section:first-child,section:nth-child(4){grid-column:1/-1}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--faint);font-weight:600}
ul,ol{margin:0;padding-left:1.1rem}
li{margin:.15rem 0;overflow-wrap:anywhere}
.alive{color:var(--good)}.slow,.unknown,.warning{color:var(--warn)}.dead,.error{color:var(--bad)}
code{display:block;color:var(--ink);font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.faint{color:var(--faint)}
.key{margin:0 0 .4rem;color:var(--faint)}
.swatch{display:inline-block;width:1.2em;height:.6em;border-radius:2px}
.swatch.planned,.bar-planned{background:var(--plan);fill:var(--plan)}
.swatch.actual,.bar-actual{background:var(--actual);fill:var(--actual)}
#gantt text{fill:var(--ink);font:12px system-ui,sans-serif}
#messages{max-height:24rem;overflow:auto;list-style:none;padding:0}
button{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:6px;padding:.1rem .6rem;cursor:pointer}
:focus-visible{outline:2px solid var(--actual);outline-offset:2px}
dialog{width:min(70rem,95vw);max-height:90vh;border:1px solid var(--line);border-radius:8px;background:var(--paper);color:var(--ink)}
pre{overflow:auto;max-height:65vh;font:12px/1.4 ui-monospace,monospace}
@media (max-width:46rem){main{grid-template-columns:minmax(0,1fr);padding:.75rem}}
`;
