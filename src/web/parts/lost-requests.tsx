import type { DeploymentView } from '../../contract/index.ts'
import { formatExactly } from '../format.ts'
import { TableHead } from './table-head.tsx'

/** Each request that was accepted and not answered, and why. */
export const LostRequests = ({ view }: { view: DeploymentView }) =>
  view.lostRequests.length === 0 ? null : (
    <section className="panel">
      <h2>Requests that were lost</h2>
      <table className="rows">
        <TableHead heads={['Request', 'Instance', 'Why', 'When']} />
        <tbody>
          {view.lostRequests.map((one) => (
            <tr key={`${one.at} ${one.instance} ${one.path}`}>
              <th scope="row">
                {one.method} {one.path}
              </th>
              <td data-label="Instance">{one.instance}</td>
              <td data-label="Why">{one.because}</td>
              <td data-label="When">{formatExactly(one.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
