/** Sequences by which programs colour a terminal, name its window and move in it: nothing that a page could show. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the control characters that are to go
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b[@-Z\\-_]|[\u0000-\u0008\u000b-\u001f]/g

/** So many lines are shown; the rest is in the whole log. */
export const shownLines = 2_000

export type LogText = { readonly lines: readonly string[]; readonly dropped: number; readonly open: string }

export const emptyLog: LogText = { lines: [], dropped: 0, open: '' }

/** A line as it was last (a progress bar rewrites its own), without colours. */
export const plainLine = (line: string): string =>
  (line.replace(/\r+$/, '').split('\r').at(-1) ?? '').replace(controls, '')

/** Adds what came: whole lines, at most the newest `shownLines` of them; what has no end yet stays open. */
export function appendLog(log: LogText, text: string): LogText {
  const parts = (log.open + text).split('\n')
  const open = parts.pop() ?? ''
  const all = [...log.lines, ...parts.map(plainLine)]
  const over = Math.max(0, all.length - shownLines)
  return { lines: all.slice(over), dropped: log.dropped + over, open }
}

const wrong = /\b(error|fail(ed|ure)?|not ok|exception|panic)\b|✖|✗/i

/** Index of the first line that looks like what went wrong; -1 when none does. */
export const firstError = (lines: readonly string[]): number => lines.findIndex((line) => wrong.test(line))
