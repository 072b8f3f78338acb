import { count, type Pair, type Stage } from './stage.ts'

/** The whole new fleet beside the live one, which goes on to take all requests; what every later stage begins from. */
export function startBeside(from: number, to: number): Stage[] {
  const sizes: Pair = { from, to }
  const serving: Pair = { from, to: 0 }
  return [
    { do: 'fleets', title: `start ${count(to, 'new instance')}`, sizes, serving },
    { do: 'traffic', title: 'the gateway sees them healthy', sizes, serving },
  ]
}

/** All requests to the new fleet; the live one stays whole until it has baked, so that all can go back at once. */
export function takeOver(from: number, to: number, bakeMs: number): Stage[] {
  const sizes: Pair = { from, to }
  const serving: Pair = { from: 0, to }
  const stages: Stage[] = [{ do: 'traffic', title: 'all requests to the new instances', sizes, serving }]
  if (bakeMs > 0) stages.push({ do: 'bake', title: 'watch the new instances alone', sizes, serving })
  if (from > 0)
    stages.push({ do: 'fleets', title: 'stop the old instances', sizes: { from: 0, to }, serving })
  return stages
}

/** The new fleet whole beside the live one, then all requests at once. */
export const planBlueGreen = (from: number, to: number, bakeMs: number): Stage[] => [
  ...startBeside(from, to),
  ...takeOver(from, to, bakeMs),
]
