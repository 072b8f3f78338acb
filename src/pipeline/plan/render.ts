import { formatDuration, type Variables } from '../../kernel/index.ts'
import type { ChangeRef } from './change.ts'
import { type ImagePlan, imagePlan, type JobPlan, type RunPlan, type StepPlan } from './plan.ts'

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

const secretNames = (env: Variables): string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [`${name} from the secret ${value.secret}`],
  )

function renderStep(step: StepPlan, number: number): string {
  const notes = [
    `at most ${formatDuration(step.timeoutMs)}`,
    ...(step.retries > 0 ? [count(step.retries, 'retry').replace('retrys', 'retries')] : []),
    ...secretNames(step.env),
  ]
  const command = step.title === step.run ? '' : `\n     ${step.run.trim().replaceAll('\n', '\n     ')}`
  return `  ${number}. ${step.title}  (${notes.join(', ')})${command}`
}

const renderImage = (from: ImagePlan): string =>
  'image' in from ? from.image : `${from.dockerfile}${from.stage === undefined ? '' : ` (${from.stage})`}`

const renderContainers = (containers: RunPlan['containers'] = {}): string[] =>
  Object.entries(containers).map(([name, from]) => `  image    ${name} from ${renderImage(imagePlan(from))}`)

function renderJob(job: JobPlan): string[] {
  const { cache, junit, outputs } = job
  return [
    '',
    `${job.name}${job.needs.length > 0 ? `  after ${job.needs.join(' and ')}` : ''}`,
    ...(cache ? [`  kept     ${cache.paths.join(', ')}, until ${cache.key.join(' or ')} changes`] : []),
    ...(job.container ? [`  in       ${renderImage(job.container)}`] : []),
    ...job.steps.map((step, i) => renderStep(step, i + 1)),
    ...(junit === undefined ? [] : [`  reports  ${junit} (JUnit)`]),
    ...(outputs.length > 0 ? [`  outputs  ${outputs.join(', ')}`] : []),
  ]
}

function renderRelease({ include, exclude }: RunPlan['release']): string {
  const all = include.length === 1 && include[0] === '**'
  const without = exclude.length > 0 ? `, without ${exclude.join(', ')}` : ''
  return `  ${all ? 'the tree and all outputs' : include.join(', ')}${without}`
}

/** The plan as text for `plimsoll run --dry-run`, ending with a newline. */
export function renderPlan(plan: RunPlan, change: Pick<ChangeRef, 'short' | 'branch' | 'subject'>): string {
  const steps = plan.jobs.reduce((sum, job) => sum + job.steps.length, 0)
  const lines = [
    `${change.short} on ${change.branch}: ${change.subject}`,
    `${count(plan.jobs.length, 'job')}, ${count(steps, 'step')}, then the release`,
    ...plan.jobs.flatMap(renderJob),
    '',
    'release',
    renderRelease(plan.release),
    ...renderContainers(plan.containers),
  ]
  return `${lines.join('\n')}\n`
}
