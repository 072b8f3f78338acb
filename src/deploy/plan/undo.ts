import type { DeploymentSettings } from './order.ts'
import { possible } from './possible.ts'
import { noPair, type Pair, type Stage } from './stage.ts'
import { planRecession } from './succession.ts'

/** The way back from the middle of a rollout: the live fleet whole again first, then its traffic, then the new one out. */
function planOverlapping(sizes: Pair, serving: Pair, full: number): Stage[] {
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

/** The way back from a stage; from before the first one when there is none. */
export function planUndo(
  settings: DeploymentSettings,
  stage: Pick<Stage, 'sizes' | 'serving'> | undefined,
  full: number,
): Stage[] {
  const { strategy } = settings
  if (strategy.is === 'rolling' && strategy.overlap === false) return planRecession(full)
  return possible(settings, planOverlapping(stage?.sizes ?? noPair, stage?.serving ?? noPair, full))
}
