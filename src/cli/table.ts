import type { Screen } from './command.ts'

/** Columns as wide as their widest cell; the last one is cut to what the screen holds. */
export function renderTable(
  rows: readonly (readonly string[])[],
  screen: Pick<Screen, 'columns' | 'isTTY'>,
): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  const cut = (line: string) =>
    screen.isTTY && line.length > screen.columns ? `${line.slice(0, screen.columns - 1)}…` : line
  return lines.map((line) => `${cut(line)}\n`).join('')
}
