/** Instances of the live and of the new fleet. */
export type Pair = { readonly from: number; readonly to: number }

/**
 * One step of a rollout: what is wanted from its beginning on. It is over when what is seen is as wanted.
 * `fleets`: so many instances run. `traffic`: so many of them take requests. `bake`: nothing changes for a while.
 */
export type Stage = {
  readonly do: 'fleets' | 'traffic' | 'bake'
  readonly title: string
  readonly sizes: Pair
  readonly serving: Pair
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

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

/** The way back from the middle of a rollout: the live fleet whole again first, then its traffic, then the new one out. */
export function planUndo(sizes: Pair, serving: Pair, full: number): Stage[] {
  const stages: Stage[] = []
  if (full > 0 && sizes.from < full) {
    stages.push({
      do: 'fleets',
      title: 'start the old instances again',
      sizes: { from: full, to: sizes.to },
      serving,
    })
    stages.push({
      do: 'traffic',
      title: 'the gateway sees them healthy',
      sizes: { from: full, to: sizes.to },
      serving,
    })
  }
  const back: Pair = { from: full, to: 0 }
  stages.push({
    do: 'traffic',
    title: 'all requests to the old instances',
    sizes: { from: full, to: sizes.to },
    serving: back,
  })
  stages.push({ do: 'fleets', title: 'stop the new instances', sizes: back, serving: back })
  return stages
}
