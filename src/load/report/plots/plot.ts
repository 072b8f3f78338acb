import { html, type Markup } from '../markup.ts'
import type { Scale } from './scale.ts'

export type Axis = {
  readonly scale: Scale
  /** With its unit: `Latency, log scale`. */
  readonly title: string
  readonly tick: (value: number) => string
}

/** How a line is told from others: by its colour and by its dashes. */
export type Look = 'solid' | 'dashed' | 'dotted' | 'bad' | 'before'

/** A point in units of the axes; null breaks the line. */
export type Point = readonly [x: number, y: number | null]

export type Line = { readonly name: string; readonly look: Look; readonly points: readonly Point[] }

/**
 * Places in a plot are percentages of its area and text has its own size, so that one drawing is readable at any width.
 * Lines cannot be in percentages: they stand in a drawing of 1000 × 1000 that is stretched over the area.
 */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`
const stretched = (share: number): string => String(Number((share * 1_000).toFixed(1)))

export const atX = (axes: Axes, x: number): string => percent(axes.x.scale.at(x))
/** Up is more. */
export const atY = (axes: Axes, y: number): string => percent(1 - axes.y.scale.at(y))

export type Axes = { readonly x: Axis; readonly y: Axis }

function pathOf(axes: Axes, points: readonly Point[]): string {
  let pen = 'M'
  const parts: string[] = []
  points.forEach(([x, y], i) => {
    if (y === null) {
      pen = 'M'
      return
    }
    parts.push(`${pen}${stretched(axes.x.scale.at(x))} ${stretched(1 - axes.y.scale.at(y))}`)
    // A point between two gaps has no length; with one, its round end shows it as a dot.
    if (pen === 'M' && (points[i + 1]?.[1] ?? null) === null) parts.push('h.01')
    pen = 'L'
  })
  return parts.join('')
}

export const drawLines = (axes: Axes, lines: readonly Line[]): Markup => html`
<svg aria-hidden="true" viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" class="lines">
${lines.map(({ look, points }) => html`<path class="line ${look}" d="${pathOf(axes, points)}"/>`)}
</svg>`

/** Where the lines were measured. */
export const drawDots = (axes: Axes, { look, points }: Line): Markup =>
  html`${points.flatMap(([x, y]) =>
    y === null ? [] : [html`<circle class="dot ${look}" cx="${atX(axes, x)}" cy="${atY(axes, y)}" r="3"/>`],
  )}`

const drawY = (axes: Axes, value: number): Markup => html`
<line class="grid" x1="0" x2="100%" y1="${atY(axes, value)}" y2="${atY(axes, value)}"/>
<text class="tick" x="-8" y="${atY(axes, value)}" dy=".35em" text-anchor="end">${axes.y.tick(value)}</text>`

/** The last label would reach out of the plot when it stood in the middle of its tick. */
const nearEnd = 0.93

/** Where it is narrow, every second label gives way. */
const drawX = (axes: Axes, value: number, i: number): Markup => html`
<line class="mark" x1="${atX(axes, value)}" x2="${atX(axes, value)}" y1="100%" y2="102%"/>
<text class="tick ${i % 2 === 1 ? 'spare' : ''}" x="${atX(axes, value)}" y="100%" dy="1.6em" text-anchor="${axes.x.scale.at(value) > nearEnd ? 'end' : 'middle'}">${axes.x.tick(value)}</text>`

/**
 * A plot with its axes. What is said of it stands in the caption that `labelledBy` names, and its numbers in a table:
 * to a reader who does not see it, it is one picture.
 */
export const drawPlot = (axes: Axes, labelledBy: string, layers: readonly Markup[]): Markup => html`
<p class="axis" aria-hidden="true">${axes.y.title}</p>
<div class="plot"><svg role="img" aria-labelledby="${labelledBy}" width="100%" height="100%">
${axes.y.scale.ticks.map((value) => drawY(axes, value))}
${axes.x.scale.ticks.map((value, i) => drawX(axes, value, i))}
<line class="mark" x1="0" x2="100%" y1="100%" y2="100%"/>
${layers}
</svg></div>
<p class="axis below" aria-hidden="true">${axes.x.title}</p>`

/** Names the lines of a plot. */
export const drawLegend = (lines: readonly Pick<Line, 'name' | 'look'>[]): Markup => html`
<ul class="legend">${lines.map(
  ({ name, look }) =>
    html`<li><svg aria-hidden="true" width="32" height="10"><path class="line ${look}" d="M2 5H30"/></svg>${name}</li>`,
)}</ul>`
