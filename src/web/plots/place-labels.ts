import type { Ends } from './scale.ts'

/** A text that is to stand beside the top of a line. */
export type Label = { readonly text: string; readonly x: number }

/** Where its text begins, and in which row, counted from the lowest. */
export type PlacedLabel = Label & { readonly left: number; readonly row: number }

/** Wider than most letters and digits are at the size of a plot's labels: rather air than a neighbour. */
const letterWidth = 7.5
const gap = 6

/**
 * Labels to the right of their lines, within the ends. Where two would touch, the left one stands higher: the line of the
 * right one then ends below it.
 */
export function placeLabels(labels: readonly Label[], { from, to }: Ends): readonly PlacedLabel[] {
  const spans: { readonly left: number; readonly row: number }[] = []
  const placed = labels
    .toSorted((a, b) => b.x - a.x)
    .map((label) => {
      const width = label.text.length * letterWidth
      const left = Math.max(from, Math.min(label.x + gap, to - width))
      const under = spans.filter((one) => one.left < left + width + gap)
      const row = Math.max(0, ...under.map((one) => one.row + 1))
      spans.push({ left, row })
      return { ...label, left, row }
    })
  return placed.reverse()
}
