/** Wider than most letters are where they are strong. */
const strongLetterWidth = 9.2

/** What stands in brackets stays together. */
const between = / (?![^(]*\))/

/** A strong text in lines that fit into a width: broken between words, or within one that fits nowhere. */
export function linesIn(text: string, width: number): readonly string[] {
  const most = Math.max(4, Math.floor(width / strongLetterWidth))
  const lines: string[] = []
  for (const word of text
    .split(between)
    .flatMap((one) => one.match(new RegExp(`.{1,${most}}`, 'gu')) ?? [])) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
