import { useQuery } from '@tanstack/react-query'
import type { SqueezeStageView, SqueezesView, SqueezeView } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { asSentence, formatCount, formatPart, formatRate, formatTook, plural } from '../format.ts'
import { Act } from './act.tsx'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

type Of = { readonly of: SqueezeView }
type Counted = Omit<SqueezeStageView, 'is'>

const isOpen = ({ endedAt }: SqueezeView): boolean => endedAt === undefined

/** The one that goes on, if any. */
export const openSqueeze = (view: SqueezesView | undefined): SqueezeView | undefined =>
  view?.squeezes.find(isOpen)

/** While one goes on its figures change each second. */
export function useSqueezes(service: string, environment: string): SqueezesView | undefined {
  const path = paths.squeezes(service, environment)
  const { data } = useQuery<SqueezesView>({
    queryKey: [path],
    queryFn: () => get<SqueezesView>(path),
    refetchInterval: ({ state }) => (openSqueeze(state.data) ? 1_000 : 10_000),
    placeholderData: (before) => before,
  })
  return data
}

const nameOf = ({ instance }: SqueezeView): string =>
  instance === undefined ? 'one instance' : `instance ${instance}`

/** What the instance was asked, drawn beside what each other was. Its figures stand below in words. */
function Beside({ of: { ratePerSecond, othersPerSecond } }: { of: Counted }) {
  const most = Math.max(ratePerSecond, othersPerSecond, 1)
  return (
    <svg className="headroom" viewBox="0 0 300 22" aria-hidden="true">
      <rect className="used" x={0} y={2} width={(300 * ratePerSecond) / most} height={8} />
      <rect className="maybe" x={0} y={13} width={(300 * othersPerSecond) / most} height={5} />
    </svg>
  )
}

const Figures = ({ of, squeeze }: { of: Counted; squeeze: SqueezeView }) => (
  <>
    <Beside of={of} />
    <div className="quiet">
      {asSentence(
        `${nameOf(squeeze)} ${formatRate(of.ratePerSecond)}, each other ${formatRate(of.othersPerSecond)}, for ${formatTook(0, of.watchedMs)}`,
      )}
    </div>
  </>
)

const shareText = (share: number, of: SqueezeView): string =>
  `${formatPart(share)} of the requests for ${nameOf(of)}`

const Done = ({ stage, of }: { stage: SqueezeStageView; of: SqueezeView }) => (
  <li className={stage.is}>
    <Status of={stage.is}>
      <span className="unseen">{stage.is}: </span>
      {shareText(stage.share, of)}
    </Status>
    <Figures of={stage} squeeze={of} />
    <div className="quiet">{asSentence(stage.text)}</div>
  </li>
)

function Now({ of }: Of) {
  if (!of.now) return null
  const { share, watchMs, counted } = of.now
  return (
    <li className="running" aria-current="step">
      <Status of="running">
        <span className="unseen">running: </span>
        {shareText(share, of)}
      </Status>
      {counted ? <Figures of={counted} squeeze={of} /> : null}
      <div className="quiet">
        {counted
          ? `${plural(counted.requests, 'request')} of it counted; it is watched for ${formatTook(0, watchMs)}.`
          : 'Its queues settle; nothing counts yet.'}
      </div>
    </li>
  )
}

/** From an even share up to the most that one instance may get: done, going on, and to come. */
const Stages = ({ of }: Of) => (
  <ol className="rail">
    {of.stages.map((stage) => (
      <Done key={stage.share} stage={stage} of={of} />
    ))}
    <Now of={of} />
    {of.ahead.map((share) => (
      <li key={share} className="waiting">
        <Status of="waiting">
          <span className="unseen">to come: </span>
          {shareText(share, of)}
        </Status>
      </li>
    ))}
  </ol>
)

const Asked = ({ of: { actor, reason, requestedAt } }: Of) => (
  <p className="quiet">
    By {actor}: {reason}; <Ago at={requestedAt} />
  </p>
)

/** Once a stage goes on it says the rest itself. */
const headOf = (of: SqueezeView): string =>
  of.phase === 'squeezing' ? `${nameOf(of)} of ${of.instances} is asked more than the others` : of.text

function Open({ of }: Of) {
  const { service, environment, stop } = of
  return (
    <div className="panel">
      <Status of="running">{asSentence(headOf(of))}</Status>
      <Asked of={of} />
      <Stages of={of} />
      {stop ? (
        <p>
          <Act
            service={service}
            environment={environment}
            action={stop}
            wish={{ kind: 'stopSqueeze', squeeze: of.id }}
          />
        </p>
      ) : null}
    </div>
  )
}

const Past = ({ of }: Of) => (
  <li>
    <Status of={of.standing}>{asSentence(of.text)}</Status>
    <Asked of={of} />
    {of.stages.length === 0 ? null : (
      <details>
        <summary>
          {plural(of.stages.length, 'stage')} of {nameOf(of)}
          <span className="unseen"> in {of.id}</span>
        </summary>
        <Stages of={of} />
      </details>
    )}
  </li>
)

/** What one instance is asked more than the others now, and what was found out before: nothing where nobody may ask more. */
export function Squeezes({ environment, of }: { environment: string; of: SqueezesView | undefined }) {
  if (!of || (!of.allowed && of.squeezes.length === 0)) return null
  const id = `squeezes-${environment}`
  const open = openSqueeze(of)
  const [last, ...older] = of.squeezes.filter((one) => !isOpen(one))
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>
        Squeezes<span className="unseen"> of {environment}</span>
      </h3>
      {open ? <Open of={open} /> : null}
      {of.squeezes.length === 0 ? (
        <p className="quiet">
          None yet. <code>plimsoll squeeze {environment} --dry-run</code> says what one would be now.
        </p>
      ) : null}
      {last ? (
        <ul className="plain watched">
          <Past of={last} />
        </ul>
      ) : null}
      {older.length > 0 ? (
        <details>
          <summary>
            {formatCount(older.length)} before<span className="unseen"> in {environment}</span>
          </summary>
          <ul className="plain watched">
            {older.map((one) => (
              <Past key={one.id} of={one} />
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  )
}
