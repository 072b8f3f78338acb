/** Colours by function, as on the page of the server; the layers keep the two apart, so they stand here again. */
export type Tokens = Readonly<
  Record<
    | 'page'
    | 'raised'
    | 'text'
    | 'quiet'
    | 'line'
    | 'border'
    | 'link'
    | 'ok'
    | 'fail'
    | 'warn'
    | 'neutral'
    | 'live'
    | 'canary'
    | 'focus',
    string
  >
>

export const light: Tokens = {
  page: '#f7f8f9',
  raised: '#ffffff',
  text: '#14181d',
  quiet: '#4a5058',
  line: '#dfe3e8',
  border: '#79818b',
  link: '#12436d',
  ok: '#00796b',
  fail: '#8c1024',
  warn: '#9a5b00',
  neutral: '#4a5058',
  live: '#12436d',
  canary: '#c2410c',
  focus: '#12436d',
}

export const dark: Tokens = {
  page: '#0f1317',
  raised: '#171c22',
  text: '#eef1f4',
  quiet: '#aab4bf',
  line: '#2a323b',
  border: '#75808c',
  link: '#9cc7ee',
  ok: '#b6f2dc',
  fail: '#ff8a80',
  warn: '#f7bf3f',
  neutral: '#aab4bf',
  live: '#9cc7ee',
  canary: '#ff9d6c',
  focus: '#f7bf3f',
}

/** Where the reader has chosen the colours, all of them are the reader's; dashes and shapes still tell lines apart. */
const forced: Tokens = {
  page: 'Canvas',
  raised: 'Canvas',
  text: 'CanvasText',
  quiet: 'CanvasText',
  line: 'GrayText',
  border: 'CanvasText',
  link: 'LinkText',
  ok: 'CanvasText',
  fail: 'CanvasText',
  warn: 'CanvasText',
  neutral: 'CanvasText',
  live: 'CanvasText',
  canary: 'CanvasText',
  focus: 'Highlight',
}

const declare = (tokens: Tokens): string =>
  `:root{${Object.entries(tokens)
    .map(([name, value]) => `--${name}:${value};`)
    .join('')}}`

const page = `
*,*::before,*::after{box-sizing:border-box}
:root{color-scheme:light dark}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1,h2{line-height:1.25;margin:0 0 .5rem;text-wrap:balance}
h1{font-size:1.75rem}
h2{font-size:1.125rem}
p{margin:0 0 .75rem}
ul{margin:0 0 .75rem;padding:0;list-style:none}
a{color:var(--link);text-underline-offset:.15em}
code{font:.9375em/1.5 ui-monospace,"SF Mono","Cascadia Mono","Liberation Mono",monospace}
code,li,td,th,p,h1{overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
.brand{display:flex;align-items:center;gap:.625rem;padding:.75rem max(1rem,calc((100vw - 72rem)/2 + 1rem));background:var(--raised);border-bottom:1px solid var(--line);font-weight:650}
.brand svg{stroke:var(--live)}
.quiet{color:var(--quiet);font-size:.9375rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.card{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 1rem;min-width:0}
.pair{display:grid;gap:0 1rem;grid-template-columns:minmax(0,1fr)}
@media(min-width:60rem){.pair{grid-template-columns:minmax(0,2fr) minmax(0,3fr)}.pair>:only-child{grid-column:1/-1}}
`

const verdict = `
.verdict{display:flex;gap:1rem;align-items:flex-start;border-left:.375rem solid var(--neutral)}
.verdict.pass{border-left-color:var(--ok)}
.verdict.fail{border-left-color:var(--fail)}
.verdict.inconclusive{border-left-color:var(--warn)}
.verdict p:last-child{margin:0}
.verdict>div{min-width:0}
.verdict .state{white-space:normal}
.verdict>svg{flex:none;margin-top:.125rem}
.icon{width:1.125em;height:1.125em;flex:none;vertical-align:-.2em}
.verdict .icon{width:2rem;height:2rem}
.ok{color:var(--ok)}.bad{color:var(--fail)}.doubt{color:var(--warn)}
.state{font-weight:600;white-space:nowrap}
.next{padding-left:1.25rem;text-indent:-1.25rem;color:var(--quiet)}
.reasons li{margin:0 0 .75rem}
.reasons p{margin:0}
`

const tables = `
.scroll{overflow:auto;margin:0 0 .5rem}
.scroll.data{max-height:22rem}
.data thead th{position:sticky;top:0;background:var(--raised)}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{padding:.375rem .375rem;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}
td{white-space:nowrap}
th:first-child,td:first-child,.words td,.words th{text-align:left}
.words td,.verdicts td:last-child{white-space:normal}
th:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;color:var(--quiet);font-size:.875rem;white-space:nowrap}
tbody th{font-weight:400;min-width:5rem}
tbody tr:last-child>*{border-bottom:0}
.data tbody th{min-width:4rem}
.part1{padding-left:1rem!important}.part2{padding-left:2rem!important}
.some,.some *{color:var(--warn);font-weight:600}
dl{display:grid;grid-template-columns:minmax(5rem,max-content) minmax(0,1fr);gap:.25rem 1rem;margin:0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
`

const plots = `
figure{margin:0}
figcaption{margin:0 0 .75rem;max-width:60rem}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.5rem}
.axis{margin:0;font-size:.8125rem;color:var(--quiet)}
.axis.below{text-align:right}
.plot{height:17rem;padding:1.5rem 1.25rem 2rem 4rem}
.plot>svg{display:block}
.plot svg,.legend svg{overflow:visible}
.grid{stroke:var(--line)}
.mark{stroke:var(--border)}
.tick{fill:var(--quiet);font-size:.8125rem;font-variant-numeric:tabular-nums}
.label{fill:var(--text);font-size:.8125rem;font-weight:600;paint-order:stroke;stroke:var(--raised);stroke-width:4px;stroke-linejoin:round}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.line.solid{stroke:var(--live)}
.line.dashed{stroke:var(--canary);stroke-dasharray:8 5}
.line.dotted{stroke:var(--neutral);stroke-dasharray:1 5}
.line.bad{stroke:var(--fail);stroke-dasharray:3 5 8 5}
.line.before{stroke:var(--border);stroke-width:1.5}
.dot{stroke:var(--raised);stroke-width:1.5}
.dot.solid{fill:var(--live)}.dot.dashed{fill:var(--canary)}.dot.dotted{fill:var(--neutral)}
.bar{fill:var(--live);stroke:var(--raised);stroke-width:1}
.quantile{stroke:var(--canary);stroke-width:1.5;stroke-dasharray:5 4}
.goal{stroke:var(--fail);stroke-width:2;stroke-dasharray:8 4}
.band{fill:var(--ok);opacity:.18}
.waterline{stroke:var(--ok);stroke-width:2.5;fill:none}
.waterline.ring{fill:var(--raised)}
details{margin:.5rem 0 0}
summary{cursor:pointer;padding:.25rem 0;min-height:1.5rem;color:var(--link);width:fit-content}
@media(max-width:40rem){.spare{display:none}}
@media(max-width:30rem){.plot{padding:1.5rem .75rem 2rem 3.5rem}h1{font-size:1.375rem}.card{padding:.75rem}.verdict{gap:.75rem}}
`

const print = `
@media print{body{background:none}main{padding:0;max-width:none}.brand{padding:.5rem 0}details,.unseen{display:none}.card{break-inside:avoid;border-color:var(--border)}.scroll,.scroll.data{overflow:visible;max-height:none}.bar,.band,.verdict{print-color-adjust:exact}}
`

/** The whole style sheet: light, dark as the reader's system wants it, the reader's own colours, and paper. */
export const styleSheet = [
  declare(light),
  `@media screen and (prefers-color-scheme:dark){${declare(dark)}}`,
  `@media (forced-colors:active){${declare(forced)}}`,
  page,
  verdict,
  tables,
  plots,
  print,
]
  .join('')
  .replaceAll('\n', '')
