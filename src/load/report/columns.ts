/** How a column stands: words to the left, figures to the right. */
export type Align = 'left' | 'right'

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`

/**
 * Lines of a table whose first column gives way when the whole is too wide.
 * @param width columns of the screen; never exceeded while the first column keeps at least 8
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  align: readonly Align[],
  width: number,
): readonly string[] {
  const widths = align.map((_, i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)))
  const rest = widths.slice(1).reduce((sum, one) => sum + one + 2, 0)
  widths[0] = Math.min(widths[0] ?? 0, Math.max(8, width - rest))
  const cell = (text: string, i: number) => {
    const space = widths[i] ?? 0
    return align[i] === 'right' ? text.padStart(space) : cut(text, space).padEnd(space)
  }
  return rows.map((row) =>
    align
      .map((_, i) => cell(row[i] ?? '', i))
      .join('  ')
      .trimEnd(),
  )
}

/** Breaks a text at spaces into lines of at most `width`; a longer word stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
