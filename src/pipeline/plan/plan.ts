import type { ContainersConfig } from '../../fleet/index.ts'
import type { Problem, Variables } from '../../kernel/index.ts'
import type { JobConfig, PipelineConfig, ReleaseConfig, StepConfig } from '../config.ts'
import { checkPipeline, orderJobs } from './graph.ts'

export type StepPlan = {
  readonly title: string
  /** Shell command. */
  readonly run: string
  /** The job's variables with the step's own over them; secrets by name. */
  readonly env: Variables
  readonly timeoutMs: number
  /** How often it is tried again when it fails. */
  readonly retries: number
}

export type CachePlan = { readonly key: readonly string[]; readonly paths: readonly string[] }

/** Where an image comes from: a Dockerfile of the tree, or an image by its name. */
export type ImagePlan = { readonly dockerfile: string; readonly stage?: string } | { readonly image: string }

export type JobPlan = {
  readonly name: string
  readonly needs: readonly string[]
  readonly steps: readonly StepPlan[]
  readonly timeoutMs: number
  /** Globs of the working directory. */
  readonly outputs: readonly string[]
  /** Names of the secrets that its steps ask for. */
  readonly secrets: readonly string[]
  readonly cache?: CachePlan
  readonly junit?: string
  /** The image in which its steps run; without one they run on this machine. */
  readonly container?: ImagePlan
}

/** What a run will do, as data: printed by `--dry-run`, kept with the run, and all that the run goes by. */
export type RunPlan = {
  /** Each job after those it needs. */
  readonly jobs: readonly JobPlan[]
  readonly release: { readonly include: readonly string[]; readonly exclude: readonly string[] }
  /** The containers of a release that has some. */
  readonly containers?: ContainersConfig
}

const secretsOf = (steps: readonly StepPlan[]): string[] => {
  const values = steps.flatMap((step) => Object.values(step.env))
  return [...new Set(values.flatMap((value) => (typeof value === 'string' ? [] : [value.secret])))].sort()
}

const planStep = (step: StepConfig, jobEnv: Variables): StepPlan => ({
  title: step.name ?? step.run.trim().split('\n')[0] ?? step.run,
  run: step.run,
  env: { ...jobEnv, ...step.env },
  timeoutMs: step.timeout,
  retries: step.retries,
})

/** The source of an image as configured; a container that says nothing is built from `Dockerfile`. */
export const imagePlan = (from: {
  readonly image?: string | undefined
  readonly dockerfile?: string | undefined
  readonly stage?: string | undefined
}): ImagePlan =>
  from.image === undefined
    ? {
        dockerfile: from.dockerfile ?? 'Dockerfile',
        ...(from.stage === undefined ? {} : { stage: from.stage }),
      }
    : { image: from.image }

function planJob(name: string, job: JobConfig): JobPlan {
  const steps = job.steps.map((step) => planStep(step, job.env))
  return {
    name,
    needs: job.needs,
    steps,
    timeoutMs: job.timeout,
    outputs: job.outputs,
    secrets: secretsOf(steps),
    ...(job.cache ? { cache: job.cache } : {}),
    ...(job.container ? { container: imagePlan(job.container) } : {}),
    ...(job.reports.junit === undefined ? {} : { junit: job.reports.junit }),
  }
}

/**
 * Plans a run of a change from its configuration.
 * @returns the plan, or all that keeps it from being one
 */
export function planRun(config: {
  readonly pipeline: PipelineConfig
  readonly release: ReleaseConfig
  readonly containers?: ContainersConfig
}): { readonly plan: RunPlan } | { readonly problems: readonly Problem[] } {
  const problems = checkPipeline(config.pipeline)
  if (problems.length > 0) return { problems }
  const jobs = orderJobs(config.pipeline).flatMap((name) => {
    const job = config.pipeline[name]
    return job ? [planJob(name, job)] : []
  })
  const { release, containers = {} } = config
  const some = Object.keys(containers).length > 0
  return { plan: { jobs, release, ...(some ? { containers } : {}) } }
}
