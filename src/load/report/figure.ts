import { html, type Markup } from './markup.ts'

export type DataTable = {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export type Figure = {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  /** What it shows, in words. */
  readonly finding: string
  /** The drawing; undefined when there is nothing to draw. */
  readonly plot: Markup | undefined
  readonly legend: Markup | undefined
  readonly note: string | undefined
  readonly data: DataTable
}

/** A table that scrolls by itself where it is too wide or too long, also by keyboard. */
export const drawTable = (name: string, { heads, rows }: DataTable, kind = ''): Markup => html`
<div class="scroll ${kind}" tabindex="0" role="region" aria-label="${name}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(drawRow)}</tbody>
</table></div>`

const drawRow = ([first, ...rest]: readonly string[]): Markup => html`
<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`

const quote = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const csvOf = ({ heads, rows }: DataTable): string =>
  [heads, ...rows].map((row) => `${row.map(quote).join(',')}\r\n`).join('')

const csvLink = (id: string, title: string, data: DataTable): Markup => html`
<p><a download="${id}.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(csvOf(data))}">Save as CSV<span class="unseen">: ${title}</span></a></p>`

/** A plot with its finding, and its numbers for those who want them or cannot see it. */
export const drawFigure = ({ id, title, finding, plot, legend, note, data }: Figure): Markup => html`
<section class="card" aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<figure>
<figcaption id="${id}-finding">${finding}</figcaption>
${legend}${plot}
</figure>
${note !== undefined && html`<p class="quiet">${note}</p>`}
${data.rows.length > 0 && html`<details><summary>Show data<span class="unseen">: ${title}</span></summary>${drawTable(`Data: ${title}`, data, 'data')}${csvLink(id, title, data)}</details>`}
</section>`
