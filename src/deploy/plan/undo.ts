import type { Pair, Stage } from './stage.ts'

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
