import { runEngine } from './engine/engine.ts'
import type { EnginePlan } from './engine/engine-plan.ts'
import { openStage } from './engine/stage.ts'
import { resultOf } from './load-result.ts'
import type { LoadTest } from './load-test-plan.ts'
import type { LoadResult } from './result.ts'
import { isShown, rowOf } from './seconds.ts'
import { watchThresholds } from './threshold-watch.ts'

/**
 * How it goes, second by second. Durations in milliseconds; quantiles of this second, null when nothing ended in it.
 * `atMs` is since the first measured moment: negative during the warm-up.
 */
export type LoadProgress = LoadResult['seconds'][number]

export type LoadTestOptions = {
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
}

/** With a scenario: its set-up first, and its tear-down whatever happens. */
export async function onStage<T>(
  plan: EnginePlan,
  work: (plan: EnginePlan) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { script } = plan
  if (script.is !== 'scenarios') return work(plan)
  const stage = await openStage({ ...plan, ...script }, signal)
  try {
    const data = await stage.setUp()
    const { baseUrl } = stage
    const ready = { ...script, ...(baseUrl === undefined ? {} : { baseUrl }), data }
    return await work({ ...plan, script: ready }).finally(stage.tearDown)
  } finally {
    await stage.close()
  }
}

/**
 * Runs a load test to its end.
 * @throws PLM_LOAD_TARGET, PLM_LOAD_REQUEST, PLM_LOAD_SCENARIO when it cannot begin
 */
export async function runLoadTest(
  test: LoadTest,
  { onProgress, signal }: LoadTestOptions = {},
): Promise<LoadResult> {
  const watch = watchThresholds(test.thresholds)
  const rows: LoadResult['seconds'] = []
  const run = (plan: EnginePlan) =>
    runEngine({
      plan,
      onSecond: (second) => {
        const row = rowOf(second)
        onProgress?.(row)
        if (isShown(row, second.lengthMs)) rows.push(row)
        return second.second < 0 ? undefined : watch.add(second)
      },
      ...(signal ? { signal } : {}),
    })
  return resultOf(test, await onStage(test.plan, run, signal), watch, rows)
}
