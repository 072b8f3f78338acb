/** Bytes of one list, cell by cell. */
export type CellList = { first: number; last: number; length: number }

/** What is in a cell before the next one begins. */
const cellBytes = 60
const cellsInPiece = 4_096
const none = -1

/**
 * Bytes of many lists that grow a little at a time, in few large pieces of memory: as an array each, they would be copied
 * whenever they grow, and cost more than what is in them.
 */
export interface Cells {
  list(): CellList
  append(list: CellList, bytes: Uint8Array): void
  /** All of a list, in memory of its own. */
  read(list: CellList): Uint8Array<ArrayBuffer>
  /** Its cells are free for others. */
  give(list: CellList): void
}

export function createCells(): Cells {
  const pieces: { readonly bytes: Uint8Array; readonly next: Int32Array }[] = []
  let free = none

  type Piece = (typeof pieces)[number]
  const pieceOf = (cell: number): Piece => pieces[Math.floor(cell / cellsInPiece)] as Piece
  const nextOf = (cell: number): number => pieceOf(cell).next[cell % cellsInPiece] as number
  function link(cell: number, next: number): void {
    pieceOf(cell).next[cell % cellsInPiece] = next
  }

  function take(): number {
    if (free === none) {
      const first = pieces.length * cellsInPiece
      pieces.push({ bytes: new Uint8Array(cellsInPiece * cellBytes), next: new Int32Array(cellsInPiece) })
      for (let i = cellsInPiece - 1; i >= 0; i--) {
        link(first + i, free)
        free = first + i
      }
    }
    const cell = free
    free = nextOf(cell)
    link(cell, none)
    return cell
  }

  function grow(list: CellList): void {
    const cell = take()
    if (list.first === none) list.first = cell
    else link(list.last, cell)
    list.last = cell
  }

  return {
    list: () => ({ first: none, last: none, length: 0 }),
    append(list, bytes) {
      for (let done = 0; done < bytes.length; ) {
        const used = list.length % cellBytes
        if (used === 0) grow(list)
        const part = bytes.subarray(done, done + cellBytes - used)
        pieceOf(list.last).bytes.set(part, (list.last % cellsInPiece) * cellBytes + used)
        list.length += part.length
        done += part.length
      }
    },
    read(list) {
      const whole = new Uint8Array(list.length)
      for (let cell = list.first, done = 0; done < list.length; cell = nextOf(cell), done += cellBytes) {
        const start = (cell % cellsInPiece) * cellBytes
        const count = Math.min(cellBytes, list.length - done)
        whole.set(pieceOf(cell).bytes.subarray(start, start + count), done)
      }
      return whole
    },
    give(list) {
      if (list.first === none) return
      link(list.last, free)
      free = list.first
      list.first = none
      list.last = none
      list.length = 0
    },
  }
}
