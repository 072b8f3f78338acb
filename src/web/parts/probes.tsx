import type { EnvironmentHealth, HeartbeatHealth, ProbeHealth, TargetHealth } from '../../contract/index.ts'
import { formatDate, formatMs, formatPart } from '../format.ts'
import { useNow } from '../live.ts'
import { Fold } from './fold.tsx'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

const dayMs = 86_400_000
const ofSeconds = (seconds: number): string => formatMs(seconds * 1_000)

/** Days that a certificate holds; that it has ended is what the probe says. */
function Certificate({ ends }: { readonly ends: number }) {
  const days = Math.floor((ends - useNow()) / dayMs)
  const left = days < 0 ? 'has ended' : `${days} ${days === 1 ? 'day' : 'days'} left`
  return (
    <>
      , certificate until {formatDate(ends)} ({left})
    </>
  )
}

type Steps = NonNullable<ProbeHealth['steps']>

/** How the last pass of a journey went. */
const Journey = ({ name, steps }: { readonly name: string; readonly steps: Steps }) => (
  <details className="journey">
    <summary>
      {steps.length} {steps.length === 1 ? 'step' : 'steps'} of {name}
    </summary>
    <ol>
      {steps.map(({ name: step, ok, durationSeconds }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a journey may ask the same twice, and steps never change places
        <li key={i}>
          <Status of={ok ? 'passed' : 'failed'}>{step}</Status>{' '}
          <span className="quiet">
            {durationSeconds === undefined ? 'no answer' : ofSeconds(durationSeconds)}
          </span>
        </li>
      ))}
    </ol>
  </details>
)

const Probe = ({ of }: { readonly of: ProbeHealth }) => {
  const { name, ok, askedAt, durationSeconds, successRatio, certificateEnds, steps = [] } = of
  return (
    <li>
      <Status of={ok ? 'passed' : 'failed'}>probe {name}</Status>{' '}
      <span className="quiet">
        {durationSeconds === undefined ? 'not asked yet' : ofSeconds(durationSeconds)}
        {successRatio === undefined ? '' : `, ${formatPart(successRatio)} ok lately`}
        {certificateEnds === undefined ? null : <Certificate ends={certificateEnds} />}
        {askedAt === undefined ? null : (
          <>
            , asked <Ago at={askedAt} />
          </>
        )}
      </span>
      {steps.length === 0 ? null : <Journey name={name} steps={steps} />}
    </li>
  )
}

const Target = ({ of: { instance, up, samples, problems } }: { readonly of: TargetHealth }) => (
  <li>
    <Status of={up ? (problems.length > 0 ? 'inconclusive' : 'passed') : 'failed'}>
      metrics of {instance}
      {up && problems[0] !== undefined ? `: ${problems[0]}` : ''}
    </Status>{' '}
    <span className="quiet">{samples} series</span>
  </li>
)

const standings: Readonly<Record<HeartbeatHealth['is'], string>> = {
  ...{ waiting: 'waiting', ok: 'passed', running: 'running', unknown: 'unknown' },
  ...{ failed: 'failed', late: 'failed', stuck: 'failed' },
}

const Job = ({ of }: { readonly of: HeartbeatHealth }) => {
  const { name, is, because, succeededAt, durationSeconds, message = '' } = of
  const isIll = standings[is] === 'failed'
  return (
    <li>
      <Status of={standings[is]}>job {name}</Status>{' '}
      <span className="quiet">
        {isIll || is === 'unknown' ? '' : `${because}, `}
        {succeededAt === undefined ? (
          'has not succeeded yet'
        ) : (
          <>
            last succeeded <Ago at={succeededAt} />
          </>
        )}
        {durationSeconds === undefined ? '' : `, took ${ofSeconds(durationSeconds)}`}
      </span>
      {is === 'failed' && message.trim() !== '' ? (
        <details className="journey">
          <summary>What {name} said last</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
          <pre tabIndex={0}>{message}</pre>
        </details>
      ) : null}
    </li>
  )
}

const isWellProbe = ({ ok }: ProbeHealth): boolean => ok
const isWellTarget = ({ up, problems }: TargetHealth): boolean => up && problems.length === 0
const isWellJob = ({ is }: HeartbeatHealth): boolean => standings[is] !== 'failed' && is !== 'unknown'

type Asked = Pick<EnvironmentHealth, 'probes' | 'targets' | 'heartbeats'>

function List({ of: { probes, targets, heartbeats }, label }: { of: Asked; label: string }) {
  if (probes.length + targets.length + heartbeats.length === 0) return null
  return (
    <ul className="plain watched" aria-label={label}>
      {probes.map((one) => (
        <Probe key={one.name} of={one} />
      ))}
      {heartbeats.map((one) => (
        <Job key={one.name} of={one} />
      ))}
      {targets.map((one) => (
        <Target key={one.instance} of={one} />
      ))}
    </ul>
  )
}

/**
 * What is asked from outside, what tells its metrics, and the jobs that tell when they run; those that are well behind the
 * others. What is wrong with one of them stands above, once.
 */
export function Probes({
  of: { name, probes, targets, heartbeats },
}: {
  of: Asked & { readonly name: string }
}) {
  const well: Asked = {
    probes: probes.filter(isWellProbe),
    targets: targets.filter(isWellTarget),
    heartbeats: heartbeats.filter(isWellJob),
  }
  const ill: Asked = {
    probes: probes.filter((one) => !isWellProbe(one)),
    targets: targets.filter((one) => !isWellTarget(one)),
    heartbeats: heartbeats.filter((one) => !isWellJob(one)),
  }
  const count = well.probes.length + well.targets.length + well.heartbeats.length
  return (
    <>
      <List of={ill} label={`Probes, targets and jobs of ${name} that are not well`} />
      {count === 0 ? null : (
        <Fold
          title={
            <Status of="passed">{`${count} of its probes, targets and jobs ${count === 1 ? 'is' : 'are'} well`}</Status>
          }
        >
          <List of={well} label={`Probes, targets and jobs of ${name}`} />
        </Fold>
      )}
    </>
  )
}
