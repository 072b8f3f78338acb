import type { z } from 'zod'
import type { CommandEnd } from '../../host/index.ts'
import type { Digest, Effect, Found, Happening, Instant, Key } from '../../kernel/index.ts'
import { pipelineConfig, releaseConfig } from '../config.ts'
import type { ChangeRef } from './change.ts'
import { looksOf } from './look.ts'
import { runMachine } from './run.ts'
import { type JobState, newRun, type RunState } from './state.ts'
import type { ConfigEnd, StepStart, WorkEnd, WorkSpec } from './work.ts'

export const digestOf = (letter: string): Digest => `sha256:${letter.repeat(64)}`

export const change: ChangeRef = {
  id: '3f2a1c9d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a39',
  short: '3f2a1c9',
  branch: 'main',
  tree: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  commit: '3f2a1c9d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a39',
  subject: 'Add refunds',
  author: 'Ada',
  at: 1_700_000_000_000,
  repository: 'payments.git',
}

/** A configuration as the evaluation hands it over, with all defaults. */
export const configEnd = (pipeline: z.input<typeof pipelineConfig>): ConfigEnd => ({
  is: 'config',
  pipeline: pipelineConfig.parse(pipeline),
  release: releaseConfig.parse({}),
  digest: digestOf('c'),
})

export const exited = (exit: number, at: Instant = 0): CommandEnd => ({
  exit,
  signal: null,
  why: 'exited',
  startedAt: at,
  endedAt: at + 5,
  droppedBytes: 0,
})

/** A run and an imagined world around it: whatever is asked for runs until the test says how it ends. */
export class Story {
  state: RunState
  now: Instant = 1_000
  because = ''
  until: Instant | undefined
  readonly commands = new Map<Key, Found<CommandEnd>>()
  readonly work = new Map<Key, Found<WorkEnd>>()
  readonly specs = new Map<Key, WorkSpec>()
  readonly starts: StepStart[] = []
  readonly effects: Effect[] = []
  readonly events: Happening[] = []
  readonly #machine
  #ended = false

  constructor(limit = 4, secretsAllowed = true, trial?: RunState['trial']) {
    this.#machine = runMachine({ jobs: limit })
    const first = { id: '1', service: 'payments', change, actor: 'ada', secretsAllowed, startedAt: this.now }
    this.state = newRun({ ...first, ...(trial ? { trial } : {}) })
  }

  /** One decision, its state written and read again as the journal would; false when there was none to take. */
  turn(): boolean {
    if (this.#ended) return false
    const looks = looksOf(this.state)
    const seen = {
      commands: Object.fromEntries(looks.commands.map((key) => [key, this.commands.get(key) ?? 'absent'])),
      work: Object.fromEntries(looks.work.map((key) => [key, this.work.get(key) ?? 'absent'])),
    }
    const decision = this.#machine.decide(this.state, seen, this.now)
    if (decision.is === 'wait') {
      this.because = decision.because
      this.until = decision.until
      return false
    }
    this.#take(decision)
    return true
  }

  #take(move: {
    state: RunState
    effects: readonly Effect[]
    events: readonly Happening[]
    ended: boolean
  }): void {
    this.state = JSON.parse(JSON.stringify(move.state)) as RunState
    this.#ended = move.ended
    this.events.push(...move.events)
    for (const effect of move.effects) this.#perform(JSON.parse(JSON.stringify(effect)) as Effect)
  }

  #perform(effect: Effect): void {
    this.effects.push(effect)
    if (effect.kind === 'command.start') {
      this.starts.push(effect.spec as unknown as StepStart)
      this.commands.set(effect.key, 'running')
    }
    if (effect.kind === 'work.start') {
      this.specs.set(effect.key, effect.spec as unknown as WorkSpec)
      this.work.set(effect.key, 'running')
    }
  }

  /** Decides until there is nothing to decide. */
  settle(): this {
    for (let turns = 0; this.turn(); turns++)
      if (turns > 100) throw new Error('the machine does not come to rest')
    return this
  }

  /** Ends work by its key without `run/1/` and, for the first attempt, without the attempt. */
  works(key: string, end: WorkEnd | 'absent', attempt = 1): this {
    this.work.set(`run/1/${key}/${attempt}`, end === 'absent' ? end : { ended: end })
    return this.settle()
  }

  /** Ends a try: `JOB/STEP/TRY`. */
  ends(key: string, end: CommandEnd | 'lost' | 'absent' | number): this {
    const found =
      typeof end === 'number' ? { ended: exited(end) } : typeof end === 'object' ? { ended: end } : end
    this.commands.set(`run/1/${key}`, found)
    return this.settle()
  }

  cancel(by = 'ada'): boolean {
    const decision = this.#machine.accept(this.state, { is: 'cancel', by }, this.now)
    if (decision.is === 'move') this.#take(decision)
    return decision.is === 'move'
  }

  job(name: string): JobState {
    const job = this.state.jobs[name]
    if (!job) throw new Error(`no job ${name}`)
    return job
  }

  standings(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.state.jobs).map(([name, job]) => [name, job.standing]))
  }

  running(): string[] {
    return [...this.commands, ...this.work].filter(([, found]) => found === 'running').map(([key]) => key)
  }
}

/** A run that has read this pipeline and waits for its first jobs. */
export const storyOf = (
  pipeline: z.input<typeof pipelineConfig>,
  limit?: number,
  secretsAllowed?: boolean,
): Story => new Story(limit, secretsAllowed).settle().works('config', configEnd(pipeline))
