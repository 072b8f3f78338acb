import {
  deploymentView,
  type RunView,
  runsView,
  runView,
  type StepView,
  spikeView,
} from '../../contract/index.ts'
import { exit, nearest, PlimsollError } from '../../kernel/index.ts'
import type { Client } from '../client.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { paint } from '../marks.ts'

async function latestRun(client: Client): Promise<string> {
  const [run] = (await client.get('/api/runs', runsView)).runs
  if (!run) throw new PlimsollError('PLM_NOT_FOUND', 'there is no run yet')
  return run.id
}

const address = (run: string, attempt: string, follow: boolean): string =>
  `/api/runs/${encodeURIComponent(run)}/steps/${encodeURIComponent(attempt)}/log${follow ? '?follow=1' : ''}`

async function copyBytes(client: Client, path: string, io: Io): Promise<void> {
  const decoder = new TextDecoder()
  for await (const bytes of client.stream(path, io.signal))
    io.stdout.write(decoder.decode(bytes, { stream: true }))
}

type Try = { readonly id: string; readonly title: string; readonly job: string }

const triesOf = (job: string, step: StepView): Try[] =>
  step.tries.map(({ id }) => ({ id, title: step.title, job }))

function choose(view: RunView, job: string | undefined): Try[] {
  const names = view.jobs.map(({ name }) => name)
  if (job !== undefined && !names.includes(job)) {
    const meant = nearest(job, names)
    throw new PlimsollError('PLM_NOT_FOUND', [
      { text: `run ${view.id} has no job ${job}`, ...(meant ? { didYouMean: meant } : {}) },
    ])
  }
  return view.jobs
    .filter(({ name }) => job === undefined || name === job)
    .flatMap(({ name, steps }) => steps.flatMap((step) => triesOf(name, step)))
}

/** Prints what there is, then what comes, until the run has ended. */
async function copyAll(
  client: Client,
  run: string,
  job: string | undefined,
  follow: boolean,
  io: Io,
): Promise<RunView> {
  const done = new Set<string>()
  for (;;) {
    const view = await client.get(`/api/runs/${encodeURIComponent(run)}`, runView)
    const fresh = choose(view, job).filter(({ id }) => !done.has(id))
    for (const { id, title, job: name } of fresh) {
      done.add(id)
      io.stderr.write(`${paint(`── ${name}: ${title}`, 2, io.stderr)}\n`)
      await copyBytes(client, address(run, id, follow), io)
    }
    if (!follow || view.endedAt !== undefined || io.signal?.aborted) return view
    if (fresh.length === 0) await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Runs are called `payments.12`, deployments `payments.production.12`. */
const deploymentName = /^[^.]+\.[^.]+\.\d+$/

/** Load tests of environments are called `payments.perf.test-3`. */
const loadTestName = /\.test-\d+$/

/** What measured, or one command of a load test (`--job seed`), printed. */
async function copyLoadTest(
  client: Client,
  id: string,
  step: string,
  follow: boolean,
  io: Io,
): Promise<void> {
  const query = `step=${encodeURIComponent(step)}${follow ? '&follow=1' : ''}`
  await copyBytes(client, `/api/load-tests/${encodeURIComponent(id)}/log?${query}`, io)
}

async function copyOne(client: Client, title: string, path: string, follow: boolean, io: Io): Promise<void> {
  io.stderr.write(`${paint(`── ${title}`, 2, io.stderr)}\n`)
  await copyBytes(client, `${path}${follow ? '?follow=1' : ''}`, io)
}

/** What the commands of a deployment's gates, its migration and its checks printed. */
async function copyTasks(client: Client, id: string, follow: boolean, io: Io): Promise<void> {
  const at = `/api/deployments/${encodeURIComponent(id)}`
  const { rail, gates } = await client.get(at, deploymentView)
  const asked = gates.flatMap(({ name, output }) => (output === undefined ? [] : [{ name, output }]))
  for (const { name, output } of asked) await copyOne(client, `gate ${name}`, output, follow, io)
  const begun = rail.filter(({ task, at: began }) => task !== undefined && began !== undefined)
  for (const { title, task } of begun) await copyOne(client, title, `${at}/tasks/${task}/log`, follow, io)
  if (begun.length + asked.length === 0) io.stderr.write(`${id} has run no command\n`)
}

/** Tries are called `payments.try-3`. */
const spikeName = /^[^.]+\.try-\d+$/

/** What the commands printed that make what a try depends on, and take it away. */
async function copyDependencies(client: Client, id: string, follow: boolean, io: Io): Promise<void> {
  const at = `/api/tries/${encodeURIComponent(id)}`
  const { dependencies } = await client.get(at, spikeView)
  const begun = [
    ...(dependencies && dependencies.up !== 'none' ? ['up'] : []),
    ...(dependencies?.down === undefined ? [] : ['down']),
  ]
  for (const which of begun) {
    io.stderr.write(`${paint(`── ${which}`, 2, io.stderr)}\n`)
    await copyBytes(client, `${at}/commands/${which}/log${follow ? '?follow=1' : ''}`, io)
  }
  if (begun.length === 0) io.stderr.write(`${id} has run no command\n`)
}

/** Environments are called `payments.production`: what is asked of them is written by their gateways. */
const environmentName = /^([^.]+)\.([a-z][a-z0-9-]*)$/i

/** Lines of JSON, the same for people and for programs. */
async function copyRequests(client: Client, name: string, values: Input['values'], io: Io): Promise<void> {
  const [, service = '', environment = ''] = environmentName.exec(name) ?? []
  const last = typeof values.last === 'string' ? values.last : '100'
  if (!/^\d{1,6}$/.test(last))
    throw new PlimsollError('PLM_USAGE', `--last ${last} is no number of lines, expected 0 to 999999`)
  const query = `last=${last}${values.follow === true ? '&follow=1' : ''}`
  await copyBytes(client, `/api/services/${service}/environments/${environment}/requests?${query}`, io)
}

export const logs: Command = {
  name: 'logs',
  summary:
    'what the steps of a run printed, the commands of a deployment or a try, or a load test; what an environment was asked; the latest run when none is named',
  examples: ['plimsoll logs -f payments.12 --job test', 'plimsoll logs -f payments.production'],
  positionals: '[RUN|DEPLOYMENT|TRY|LOAD-TEST|ENVIRONMENT]',
  options: {
    ...serverOptions,
    follow: { type: 'boolean', short: 'f', description: 'go on until the run has ended' },
    last: { type: 'string', value: 'LINES', description: 'of an environment: so many lines (100)' },
    job: { type: 'string', value: 'JOB', description: 'of one job, or command of a load test' },
  },
  async run(input, io) {
    const client = await connect(input, io)
    const [named] = input.positionals
    if (named && deploymentName.test(named)) {
      await copyTasks(client, named, input.values.follow === true, io)
      return exit.yes
    }
    if (named && spikeName.test(named)) {
      await copyDependencies(client, named, input.values.follow === true, io)
      return exit.yes
    }
    if (named && environmentName.test(named)) {
      await copyRequests(client, named, input.values, io)
      return exit.yes
    }
    const job = typeof input.values.job === 'string' ? input.values.job : undefined
    if (named && loadTestName.test(named)) {
      await copyLoadTest(client, named, job ?? 'test', input.values.follow === true, io)
      return exit.yes
    }
    const run = named ?? (await latestRun(client))
    if (input.values.json) {
      io.stdout.write(
        `${JSON.stringify(await client.get(`/api/runs/${encodeURIComponent(run)}`, runView))}\n`,
      )
      return exit.yes
    }
    const view = await copyAll(client, run, job, input.values.follow === true, io)
    io.stderr.write(`${view.text}\n`)
    return view.standing === 'failed' ? exit.no : exit.yes
  },
}
