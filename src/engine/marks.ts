import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** How far one container's output was read: the time of the last piece, and how many had that very time. */
type Mark = { readonly at: string; readonly pieces: number }

const none: Mark = { at: '', pieces: 0 }

/** How far the output of each container of a group was read, kept in a file. */
export interface Marks {
  /** Time of the last piece of a container that was read; '' before the first. */
  at(container: string): string
  /** For one reading from that time on: whether a piece is new. What is new counts as read from then on. */
  reader(container: string): (at: string) => boolean
  /** Writes them down when they have moved. Now and then is enough: after a crash what came since is read again. */
  keep(): void
}

function readMarks(file: string): Record<string, Mark> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Mark>
  } catch {
    return {}
  }
}

export function openMarks(file: string): Marks {
  const marks = readMarks(file)
  let moved = false
  return {
    at: (container) => (marks[container] ?? none).at,
    reader(container) {
      const before = marks[container] ?? none
      let again = 0
      return (at) => {
        // The engine gives all pieces of one long line the same time.
        if (at < before.at || (at === before.at && ++again <= before.pieces)) return false
        const last = marks[container] ?? none
        marks[container] = { at, pieces: at === last.at ? last.pieces + 1 : 1 }
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
