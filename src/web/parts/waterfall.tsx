import type { JobView, RunView } from '../../contract/index.ts'
import { formatTook } from '../format.ts'
import { Status } from './status.tsx'

/** Place and width of a job in the run's time, in percent. */
function span(job: JobView, from: number, to: number): { left: string; width: string } {
  const whole = Math.max(1, to - from)
  const began = (job.startedAt ?? to) - from
  const took = (job.endedAt ?? to) - (job.startedAt ?? to)
  return { left: `${(100 * began) / whole}%`, width: `${Math.max(0.5, (100 * took) / whole)}%` }
}

/** When each job ran: what waited for what, and which took long. */
export function Waterfall({ run }: { run: RunView }) {
  const to =
    run.endedAt ?? Math.max(run.startedAt + 1, ...run.jobs.map((job) => job.endedAt ?? job.startedAt ?? 0))
  return (
    <table className="waterfall">
      <caption>
        {run.jobs.length} jobs in {formatTook(run.startedAt, to)}
      </caption>
      <tbody>
        {run.jobs.map((job) => (
          <tr key={job.name}>
            <th scope="row">
              {job.name} <Status of={job.standing} />
            </th>
            <td>
              <div className="track">
                <div className={`bar ${job.standing}`} style={span(job, run.startedAt, to)} />
              </div>
            </td>
            <td className="figure">{formatTook(job.startedAt, job.endedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
