import { count, type Pair, type Stage } from './stage.ts'

function fleetsTitle(before: Pair, sizes: Pair, to: number): string {
  const start = `start ${count(sizes.to - before.to, 'new instance')} (${sizes.to} of ${to})`
  return sizes.from < before.from
    ? `stop ${count(before.from - sizes.from, 'old instance')}, ${start}`
    : start
}

/**
 * New instances first, then old ones out, `surge` at a time. At no point do fewer instances take requests
 * than `from` had (or `to` wants, when that is less).
 */
export function planRolling(from: number, to: number, surge: number, bakeMs: number): Stage[] {
  const stages: Stage[] = []
  let sizes: Pair = { from, to: 0 }
  let serving: Pair = { from, to: 0 }
  const push = (stage: Stage) => {
    stages.push(stage)
    sizes = stage.sizes
    serving = stage.serving
  }
  while (serving.to < to) {
    const added = Math.min(surge, to - serving.to)
    const more: Pair = { from: serving.from, to: sizes.to + added }
    push({ do: 'fleets', title: fleetsTitle(sizes, more, to), sizes: more, serving })
    push({ do: 'traffic', title: 'the gateway sees them healthy', sizes, serving })
    const nowServing = serving.to + added
    // Never fewer than before: an old one leaves only for a new one that serves.
    const left = nowServing === to ? 0 : Math.max(0, Math.min(serving.from, from - nowServing))
    const next: Pair = { from: left, to: nowServing }
    push({ do: 'traffic', title: `${nowServing} of ${to} take requests`, sizes, serving: next })
  }
  if (bakeMs > 0) push({ do: 'bake', title: 'watch the new instances alone', sizes, serving })
  if (sizes.from > 0) push({ do: 'fleets', title: 'stop the old instances', sizes: { from: 0, to }, serving })
  return stages
}
