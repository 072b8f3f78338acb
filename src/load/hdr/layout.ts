/** Range and precision of an HdrHistogram, in whole units (for us microseconds). */
export type Range = {
  /** What is below is not told apart from 0. */
  readonly lowest: number
  readonly highest: number
  /** Significant decimal digits, 0 … 5. */
  readonly digits: number
}

/** Where values lie in the list of counts: log-linear, each octave in as many steps as the digits need. */
export interface Layout {
  /** How many counts the list can have. */
  readonly length: number
  indexOf(value: number): number
  /** The largest value that counts in this place. */
  upperOf(index: number): number
}

const octaveOf = (value: number): number => Math.floor(Math.log2(value))

/** The list is long enough when its last octave reaches the highest value. */
function octavesFor(highest: number, exactBelow: number): number {
  let octaves = 1
  for (let reach = exactBelow; reach <= highest; reach *= 2) octaves++
  return octaves
}

export function layoutOf({ lowest, highest, digits }: Range): Layout {
  const unit = 2 ** octaveOf(lowest)
  /** Steps that are told apart in the first octave: twice as many as in each of the others. */
  const steps = 2 ** Math.ceil(Math.log2(2 * 10 ** digits))
  const half = steps / 2
  return {
    length: (octavesFor(highest, steps * unit) + 1) * half,
    indexOf(value) {
      const units = Math.floor(value / unit)
      const shift = units < steps ? 0 : octaveOf(units) - octaveOf(half)
      return shift * half + Math.floor(units / 2 ** shift)
    },
    upperOf(index) {
      const shift = Math.max(0, Math.floor(index / half) - 1)
      return (index - shift * half + 1) * 2 ** shift * unit - 1
    },
  }
}
