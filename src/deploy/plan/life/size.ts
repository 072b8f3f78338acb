import { instanceSizeText, sameSize } from '../../../kernel/index.ts'
import type { LifeSight, LifeState, SizeMeasured } from './state.ts'

type Known = Pick<LifeState, 'size' | 'used'> & { readonly doubts: readonly string[] }

/** What speaks against what was measured: instances of several sizes, or of another one than was asked for. */
function doubtsOf({ asked, applied }: SizeMeasured, all: readonly SizeMeasured['applied'][]): string[] {
  if (!applied) return []
  const other = all.find((one) => one && !sameSize(one, applied))
  const differs = asked && !sameSize(asked, applied)
  return [
    ...(other
      ? [`instances were not alike: ${instanceSizeText(applied)}, and ${instanceSizeText(other)}`]
      : []),
    ...(differs
      ? [`instances had ${instanceSizeText(applied)}, and ${instanceSizeText(asked)} was asked for`]
      : []),
  ]
}

/** Of what size the instances were that were measured, and how much of it they used. */
export function sizeMeasured({ instances, asked, used }: LifeSight): Known {
  const all = instances.flatMap(({ size }) => size ?? [])
  const [applied] = all
  const size = { ...(asked ? { asked } : {}), ...(applied ? { applied } : {}) }
  return {
    ...(asked || applied ? { size } : {}),
    ...(used ? { used } : {}),
    doubts: doubtsOf(size, all),
  }
}
