import type { DeploymentView } from '../../contract/index.ts'
import { formatCount } from '../format.ts'
import { TableHead } from './table-head.tsx'
import { Moment } from './time.tsx'

type Lost = DeploymentView['lostRequests'][number]

/** So many tell what there is to tell; the rest is there for whoever looks for one of them. */
const shown = 10

const Requests = ({ of, name }: { of: readonly Lost[]; name: string }) => (
  <table className="rows lost">
    <caption className="unseen">{name}</caption>
    <TableHead heads={['Request', 'Instance', 'Why', 'When']} />
    <tbody>
      {of.map((one) => (
        <tr key={`${one.at} ${one.instance} ${one.path}`}>
          <th scope="row">
            {one.method} {one.path}
          </th>
          <td data-label="Instance">{one.instance}</td>
          <td data-label="Why">{one.because}</td>
          <td data-label="When">
            <Moment at={one.at} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

/** Requests that were accepted and never answered, each by name. */
export function LostRequests({ view: { lostRequests } }: { view: DeploymentView }) {
  const more = lostRequests.slice(shown)
  if (lostRequests.length === 0) return null
  return (
    <section className="panel">
      <h2>Requests that were lost</h2>
      <Requests of={lostRequests.slice(0, shown)} name="Requests that were lost" />
      {more.length === 0 ? null : (
        <details>
          <summary>
            {formatCount(more.length)} more<span className="unseen"> requests that were lost</span>
          </summary>
          <Requests of={more} name="More requests that were lost" />
        </details>
      )}
    </section>
  )
}
