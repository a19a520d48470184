// What one question to the pattern algebra costs, by kind. Usage: npm run build && node bench/pattern-speed.mjs
import { contains, matches, overlaps } from '../dist/glob/index.js';

/** @type {[string, () => unknown][]} */
const cases = [
  ['matches, warm', () => matches('src/**/*.{ts,tsx}', 'src/components/button/Button.tsx')],
  ['overlaps, different folders', () => overlaps('src/api/**', 'src/web/**')],
  ['overlaps, wildcards', () => overlaps('src/**/*.ts', 'src/api/**')],
  ['overlaps, seven wildcards', () => overlaps('**/*a*b*c*/**/d*', '**/*c*b*a*/**/*d')],
  ['contains, wildcards', () => contains('src/**', 'src/{a,b}/**/*.ts')],
  ['contains with an exception', () => contains({ any: ['src/**'], not: ['src/gen/**'] }, 'src/a/**/*.ts')],
];

for (const [name, ask] of cases) {
  for (let round = 0; round < 200; round += 1) ask();
  const times = Array.from({ length: 2000 }, () => {
    const start = performance.now();
    ask();
    return (performance.now() - start) * 1000;
  }).toSorted((a, b) => a - b);
  console.log(`${name}: median ${times[1000].toFixed(1)} µs, 99 % under ${times[1980].toFixed(0)} µs`);
}
