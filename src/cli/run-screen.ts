import type { AllCommands } from '../engine/index.ts'
import { realClock } from '../host/index.ts'
import { formatDuration, type Key } from '../kernel/index.ts'
import { type RunState, stepsOf, type Try } from '../pipeline/index.ts'
import type { Io } from './command.ts'
import { createLive } from './live.ts'
import { mark, paint } from './marks.ts'

/** Shows a run that goes on: each step's output as it comes, and a line whenever a step or a job has ended. */
export interface RunScreen {
  show(state: RunState): void
  /** Resolves when everything that was printed by steps is out. */
  end(): Promise<void>
}

/** One line for each job that is at work: what it does, and since when. */
function runningJobs(state: RunState, io: Io): string[] {
  return (state.plan?.jobs ?? []).flatMap(({ name }) => {
    const job = state.jobs[name]
    if (!job || job.stage === 'waiting' || job.stage === 'ended') return []
    const step = stepsOf(state, name).findLast(({ tries }) => tries.length > 0)
    const since = formatDuration(realClock.now() - (job.startedAt ?? state.startedAt))
    return [`${mark('running', io.stderr)}  ${name}: ${step?.title ?? job.stage} ${since}`]
  })
}

export function createRunScreen(commands: AllCommands, io: Io): RunScreen {
  const followed = new Map<Key, Promise<void>>()
  const told = new Set<string>()
  const live = createLive(io.stderr, realClock)

  /** Lines of jobs that run side by side are told apart by their job's name. */
  async function follow(job: string, key: Key): Promise<void> {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const bytes of commands.log(key, 0, true)) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) live.say(`${paint(`${job} |`, 2, io.stderr)} ${line}`)
    }
    if (rest !== '') live.say(`${paint(`${job} |`, 2, io.stderr)} ${rest}`)
  }

  function tell(name: string, line: string): void {
    if (told.has(name)) return
    told.add(name)
    live.say(line)
  }

  function showTry(job: string, title: string, one: Try, n: number): void {
    const again = n > 0 ? ` (try ${n + 1})` : ''
    tell(`${one.key} begins`, `${mark('running', io.stderr)}  ${job}: ${title}${again}`)
    if (!followed.has(one.key)) followed.set(one.key, follow(job, one.key))
    if (one.standing !== 'running') tell(`${one.key} ends`, endLine(`${job}: ${title}`, one))
  }

  const endLine = (name: string, { standing, because }: Pick<Try, 'standing' | 'because'>): string =>
    `${mark(standing, io.stderr)}  ${name}${because ? `: ${because}` : ''}`

  function showJob(state: RunState, name: string): void {
    for (const { title, tries } of stepsOf(state, name)) {
      for (const [n, one] of tries.entries()) showTry(name, title, one, n)
    }
    const job = state.jobs[name]
    if (job?.stage !== 'ended') return
    const { standing, because } = job
    tell(`${name} ended`, endLine(name, because === undefined ? { standing } : { standing, because }))
  }

  return {
    show(state) {
      for (const job of state.plan?.jobs ?? []) showJob(state, job.name)
      live.show(runningJobs(state, io))
    },
    async end() {
      await Promise.all(followed.values())
      live.end()
    },
  }
}
