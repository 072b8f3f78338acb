/** What stands behind a plot, in rows; a cell without a value is null. */
export type Table = {
  readonly heads: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** A spreadsheet takes a text that begins like this for a formula, and texts of commits are anybody's. */
const formula = /^[=+\-@\t\r]/

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Comma-separated values (RFC 4180). */
export const csvOf = ({ heads, rows }: Table): string =>
  [heads, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
