import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** A time, and how many pieces of that very time were read. */
type Mark = { readonly at: string; readonly pieces: number }

/**
 * The newest times that were read, ascending. What a container prints to its two streams may come out of order, by one piece
 * of each; so more than the last time is remembered.
 */
type Marked = readonly Mark[]
const remembered = 16

/** How far the output of each container of a group was read, kept in a file. */
export interface Marks {
  /** Time from which on a container is to be read again; '': from the beginning. */
  at(container: string): string
  /** For one reading from that time on: whether a piece is new. What is new counts as read from then on. */
  reader(container: string): (at: string) => boolean
  /** Writes them down when they have moved. Now and then is enough: after a crash what came since is read again. */
  keep(): void
}

const markedOf = (kept: unknown): Marked =>
  Array.isArray(kept) ? (kept as Marked) : kept ? [kept as Mark] : []

function readMarks(file: string): Record<string, Marked> {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    return Object.fromEntries(Object.entries(kept).map(([name, marks]) => [name, markedOf(marks)]))
  } catch {
    return {}
  }
}

/** One piece more of a time; of so many times the oldest is forgotten. */
function withPiece(marked: Marked, at: string): Marked {
  const known = marked.find((one) => one.at === at)
  const others = marked.filter((one) => one !== known)
  const all = [...others, { at, pieces: (known?.pieces ?? 0) + 1 }]
  return all.sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-remembered)
}

export function openMarks(file: string): Marks {
  const marks = readMarks(file)
  let moved = false
  /** What is older was read; '' while all that was read is remembered. */
  const oldest = (marked: Marked): string => (marked.length < remembered ? '' : (marked[0]?.at ?? ''))
  return {
    at: (container) => oldest(marks[container] ?? []),
    reader(container) {
      const before = marks[container] ?? []
      const left = new Map(before.map(({ at, pieces }) => [at, pieces]))
      const from = oldest(before)
      return (at) => {
        if (at < from) return false
        // The engine gives all pieces of one long line the same time.
        const known = left.get(at) ?? 0
        left.set(at, known - 1)
        if (known > 0) return false
        marks[container] = withPiece(marks[container] ?? [], at)
        moved = true
        return true
      }
    },
    keep() {
      if (!moved) return
      moved = false
      writeFileSync(`${file}.new`, JSON.stringify(marks), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}
