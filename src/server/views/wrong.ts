import type { EnvironmentRow, ServiceRow, ServicesView } from '../../contract/index.ts'
import { isRed } from '../../contract/overview/standings.ts'

function redIn(service: string, { name, loadTests }: EnvironmentRow): ServicesView['wrong'] {
  if (!loadTests || !isRed(loadTests)) return []
  const { is, text, last } = loadTests
  const link = last ? `/load-tests/${encodeURIComponent(last.id)}` : '/'
  const said = is === 'missing' ? text : `load test ${is}: ${text}`
  return [{ service, text: `${service} ${name}: ${said}`, link }]
}

/** Nothing runs, and what was to come was not let in or did not start: nobody would see that in an empty row. */
const isShut = ({ status, lastDeployment, deployment }: EnvironmentRow): boolean =>
  status.is === 'empty' &&
  deployment === undefined &&
  (lastDeployment?.standing === 'failed' || lastDeployment?.standing === 'inconclusive')

/** What the server knows of releases and environments that somebody has to see to. */
export function whatIsWrong(rows: readonly ServiceRow[]): ServicesView['wrong'] {
  return rows.flatMap(({ name: service, environments }) =>
    environments.flatMap((row) => {
      const isIll = row.status.is === 'down' || row.status.is === 'degraded' || row.status.urgent
      const wrong = [
        ...(isIll || isShut(row) ? [row.status.text] : []),
        ...(row.inStep?.is === 'drift' ? [row.inStep.text] : []),
      ]
      const red = redIn(service, row)
      const link = row.lastDeployment ? `/deployments/${row.lastDeployment.id}` : '/'
      return [...wrong.map((text) => ({ service, text: `${service} ${row.name}: ${text}`, link })), ...red]
    }),
  )
}
