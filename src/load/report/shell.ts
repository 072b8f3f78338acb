import { html, type Markup } from './markup.ts'
import { styleSheet } from './style.ts'

const brand = html`<svg aria-hidden="true" width="30" height="20" viewBox="0 0 30 20" fill="none" stroke-width="2.5"><circle cx="15" cy="10" r="7"/><path d="M1 10H29"/></svg>`

export type Look = 'ok' | 'bad' | 'doubt'

/** Three outlines that differ without colour: a circle, an octagon, a diamond. */
const shapes: Readonly<Record<Look, readonly [outline: string, sign: string]>> = {
  ok: ['M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21Z', 'M7 12.5l3.5 3.5L17 8.5'],
  bad: ['M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6Z', 'M8 8l8 8M16 8l-8 8'],
  doubt: ['M12 .8L23.2 12L12 23.2L.8 12Z', 'M9.3 9.3a2.8 2.8 0 1 1 4 2.6q-1.3.7-1.3 2.2M12 17v.1'],
}

/** Shape; the word stands beside it. */
export const drawIcon = (look: Look): Markup => {
  const [outline, sign] = shapes[look]
  return html`<svg class="icon ${look}" viewBox="0 0 24 24" aria-hidden="true"><path d="${outline}" fill="currentColor"/><path d="${sign}" fill="none" stroke="var(--raised)" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

const lookOf = { pass: 'ok', fail: 'bad', inconclusive: 'doubt' } as const

export const drawMark = (verdict: keyof typeof lookOf): Markup => drawIcon(lookOf[verdict])

/** One HTML file: nothing in it is loaded from elsewhere, and it needs no script. */
export const drawPage = (title: string, main: Markup): string =>
  `<!doctype html>\n${
    html`<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${{ markup: styleSheet }}</style></head>
<body><header class="brand">${brand}Plimsoll load test</header>
<main>
${main}
</main></body></html>`.markup
  }\n`
