import type { EnvironmentRow, NoteView, ServiceRow, ServicesView } from '../../contract/index.ts'
import { secretsProblem } from '../../flow/environment-variables.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { momentIn } from '../../kernel/index.ts'
import { changeLink } from './change.ts'

/** A gate that is switched off is shown everywhere until it comes back. */
const waivedIn = ({ name: service, timeZone }: ServiceRow, row: EnvironmentRow): ServicesView['waiting'] =>
  row.waivers.map(({ gate, owner, reason, until }) => ({
    service,
    text: `${service} ${row.name}: gate ${gate} is waived by ${owner} until ${momentIn(timeZone, until)}: ${reason}`,
    link: row.lastDeployment ? `/deployments/${row.lastDeployment.id}` : '/',
  }))

/** A canary stands still until somebody answers for it. */
const heldIn = (service: string, row: EnvironmentRow): ServicesView['waiting'] =>
  row.status.is === 'held' && row.deployment
    ? [
        {
          service,
          text: `${service} ${row.name} is held: let the new release go on, or roll it back`,
          link: `/deployments/${encodeURIComponent(row.deployment)}`,
        },
      ]
    : []

/** What somebody is to decide, or to let go on. */
export function whatWaits(rows: readonly ServiceRow[]): ServicesView['waiting'] {
  return rows.flatMap((of) =>
    of.environments.flatMap((row) => {
      const { name: service, lastRun } = of
      const link = lastRun ? changeLink(service, lastRun.change.id) : '/'
      const locked =
        row.lock && !row.deployment
          ? [
              {
                service,
                text: `${service} ${row.name} is locked by ${row.lock.owner}: ${row.lock.reason}`,
                link,
              },
            ]
          : []
      const next = row.next
        ? [
            {
              service,
              text: `${row.next.release.short} ${row.next.tried ? 'did not get into' : 'could go to'} ${service} ${row.name}: ${row.next.because}`,
              link: changeLink(service, row.next.release.commit),
            },
          ]
        : []
      const waits = row.waits.map(({ deployment, text }) => ({
        service,
        text: `${service} ${row.name}: ${text}`,
        link: `/deployments/${deployment}`,
      }))
      return [...heldIn(service, row), ...locked, ...waits, ...next, ...waivedIn(of, row)]
    }),
  )
}

/** What will be refused when it comes there, known as soon as the configuration is. */
export async function secretsAwaited(
  world: World,
  { name: service, guard }: ServiceState,
): Promise<NoteView[]> {
  const places = Object.entries(guard?.config.environments ?? {})
  const said = places.map(async ([environment, { env }]) => {
    const problem = await secretsProblem(world, [env])
    const text = `${service} ${environment}: ${problem}: the next deployment would be refused`
    return problem === undefined ? [] : [{ service, text, link: '/' }]
  })
  return (await Promise.all(said)).flat()
}
