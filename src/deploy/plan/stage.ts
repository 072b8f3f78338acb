/** Instances of the live and of the new fleet. */
export type Pair = { readonly from: number; readonly to: number }

export const noPair: Pair = { from: 0, to: 0 }

/** The commands of a deployment, by when they run. */
export type TaskName = 'wake' | 'migrate' | 'smokeBefore' | 'smokeAfter'

/**
 * One step of a rollout: what is wanted from its beginning on. It is over when what is seen is as wanted.
 * `fleets`: so many instances run. `traffic`: so many of them take requests. `plan`: the stages of a canary are planned
 * from the traffic seen so far, and put in after this one. `judge`: the new release is watched beside the live one.
 * `task`: a command runs, once. `bake`: nothing changes for a while.
 */
export type Stage = {
  readonly do: 'fleets' | 'traffic' | 'plan' | 'judge' | 'task' | 'bake'
  readonly title: string
  readonly sizes: Pair
  readonly serving: Pair
  /** Of the requests, for the new fleet; as many as its instances are among those that serve, when not given. */
  readonly share?: number
  /** How a judge goes on: after so long when nothing speaks against the new release, or only once it has passed. */
  readonly judge?: { readonly leastMs: number; readonly mustPass: boolean }
  /** Which command runs. */
  readonly task?: TaskName
}

export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

/** How the gateway splits requests in a stage: weights of the live and of the new fleet. */
export const weightsIn = ({ share, serving }: Stage): Pair =>
  share === undefined ? serving : { from: 1 - share, to: share }
