import type { RunSummary, ServicesView } from '../../contract/index.ts'
import { type DeploymentState, isSpikeName, takesRequests } from '../../deploy/index.ts'
import type { World } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'
import type { RunState } from '../../pipeline/index.ts'
import { changeLink } from './change.ts'
import { ledgerOf, requestsText } from './ledger.ts'
import { nameRelease } from './releases.ts'
import { summariseRun } from './run.ts'

const dayMs = 86_400_000

const failedText = (run: RunSummary): string => `${run.change.subject} (${run.change.service}): ${run.text}`

/** Where it runs now, each place once, and whether a request was lost on the way; when nobody asked there is nothing to say. */
export function runsText(all: readonly DeploymentState[], subject: string): string {
  const asked = all.filter((d) => takesRequests(d.settings) && ledgerOf(d.ledger, undefined).accepted > 0)
  const requests = asked.map((d) => `; ${asked.length > 1 ? `${d.environment}: ` : ''}${requestsText(d)}`)
  const places = new Set(all.map(({ environment }) => environment))
  return `${subject} runs in ${all[0]?.service} ${[...places].join(', ')}${requests.join('')}`
}

function failedThereText(d: DeploymentState, subject: string): string {
  const what = d.rail.length > 0 ? 'was rolled back in' : 'was not deployed to'
  return `${subject} ${what} ${d.service} ${d.environment}: ${d.reasons[0]?.text ?? 'nobody said why'}`
}

/** One release on its way through the environments is one change; each that failed is one by itself. */
const sameChange = ({ standing, service, release, id }: DeploymentState): string =>
  standing === 'passed' ? `${service} ${release}` : id

/** @param all newest first */
async function deploymentNote(
  world: World,
  all: readonly DeploymentState[],
  now: Instant,
): Promise<ServicesView['changed']> {
  const [d] = all
  if (!d) return []
  const name = await nameRelease(world, d.release)
  const subject = name.subject || name.short
  const text = d.standing === 'passed' ? runsText(all, subject) : failedThereText(d, subject)
  const { service, id, endedAt = now } = d
  return [{ service, text, link: `/deployments/${encodeURIComponent(id)}`, at: endedAt }]
}

/** What was deployed, refused or failed since yesterday, newest first. */
export async function whatChanged(
  world: World,
  runs: readonly RunState[],
  deployments: readonly DeploymentState[],
  now: Instant,
): Promise<ServicesView['changed']> {
  const since = now - dayMs
  const ended = deployments
    .filter((d) => (d.endedAt ?? 0) >= since && !isSpikeName(d.environment))
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
  const failed = runs
    .filter(({ trial }) => !trial)
    .map(summariseRun)
    .filter((run) => (run.endedAt ?? 0) >= since && run.standing !== 'passed')
    .map((run) => ({
      service: run.change.service,
      text: failedText(run),
      link: changeLink(run.change.service, run.change.id),
      at: run.endedAt ?? now,
    }))
  const changes = [...Map.groupBy(ended, sameChange).values()].slice(0, 20)
  const notes = await Promise.all(changes.map((all) => deploymentNote(world, all, now)))
  return [...notes.flat(), ...failed].sort((a, b) => b.at - a.at).slice(0, 20)
}
