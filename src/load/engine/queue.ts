/** First in, first out, without moving anything. */
export interface Queue<T> {
  push(item: T): void
  shift(): T | undefined
  /** Looks at what `shift` would give. */
  first(): T | undefined
  readonly size: number
}

export function createQueue<T>(): Queue<T> {
  let items: T[] = []
  let head = 0
  return {
    push: (item: T) => void items.push(item),
    shift(): T | undefined {
      if (head === items.length) return undefined
      const item = items[head++]
      if (head > 1_024 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
    first: () => items[head],
    get size() {
      return items.length - head
    },
  }
}
