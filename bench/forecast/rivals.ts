import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import initEts, { AutoETS } from '@bsull/augurs/ets'
import initMstl, { MSTL } from '@bsull/augurs/mstl'
import { forecast } from '../../src/forecast/index.ts'
import { classicTheta, type Said, seasonalNaive } from './benchmarks.ts'

const hourMs = 3_600_000

function ours(y: Float64Array, horizon: number): Said {
  const said = forecast({ from: 0, stepMs: hourMs, values: y }, horizon * hourMs)
  if (said.is === 'refused') throw new Error(said.why)
  return { middle: said.median, ...said.bands[95] }
}

type Augurs = {
  fit(y: Float64Array): void
  predict(
    horizon: number,
    level: number,
  ): { point: number[]; intervals: { lower: number[]; upper: number[] } | undefined }
  free(): void
}

/** Models in WebAssembly are freed by hand. */
function withAugurs(model: Augurs, y: Float64Array, horizon: number): Said {
  try {
    model.fit(y)
    const { point, intervals } = model.predict(horizon, 0.95)
    return { middle: point, ...(intervals && { lower: intervals.lower, upper: intervals.upper }) }
  } finally {
    model.free()
  }
}

const wasmOf = (name: string): Buffer =>
  readFileSync(fileURLToPath(import.meta.resolve(`@bsull/augurs/${name}`)).replace(/\.js$/, '_bg.wasm'))

export type Rival = (y: Float64Array, horizon: number) => Said

export async function rivals(): Promise<Readonly<Record<string, Rival>>> {
  await initEts({ module_or_path: wasmOf('ets') })
  await initMstl({ module_or_path: wasmOf('mstl') })
  return {
    plimsoll: ours,
    'seasonal naive': seasonalNaive,
    Theta: classicTheta,
    'augurs MSTL+ETS': (y, horizon) => withAugurs(MSTL.ets([24, 168]), y, horizon),
    'augurs ETS': (y, horizon) => withAugurs(new AutoETS(24, 'ZZN'), y, horizon),
  }
}
