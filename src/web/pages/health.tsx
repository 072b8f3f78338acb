import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import type {
  EnvironmentHealth,
  EnvironmentSlos,
  HealthHistory,
  HealthView,
  ReleaseHealth,
  SlosView,
} from '../../contract/index.ts'
import { hasComing, whenText } from '../../contract/overview/coming.ts'
import { alertsHref, get, paths } from '../api.ts'
import { formatCount, formatMs, formatPart, formatRate } from '../format.ts'
import { Budgets } from '../parts/budgets.tsx'
import { Faults } from '../parts/faults.tsx'
import { Fold } from '../parts/fold.tsx'
import { Futures } from '../parts/futures.tsx'
import { Headroom } from '../parts/headroom.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { Probes } from '../parts/probes.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { useFutures, useHeadroom, useSeen } from '../parts/sights.ts'
import { openSqueeze, Squeezes, useSqueezes } from '../parts/squeezes.tsx'
import { Status } from '../parts/status.tsx'
import { Wrong } from '../parts/wrong.tsx'
import { LatelyFigure } from '../plots/lately-figure.tsx'

const unknown = '–'
const ofSeconds = (value: number): string => formatMs(value * 1_000)
const seconds = (value: number | undefined): string => (value === undefined ? unknown : ofSeconds(value))
const share = (value: number | undefined): string => (value === undefined ? unknown : formatPart(value))
const mebibytes = (bytes: number | undefined): string =>
  bytes === undefined ? unknown : `${Math.round(bytes / 2 ** 20)} MiB`

type Of = { readonly of: EnvironmentHealth }

/** A table of figures: its first column names what each row is about. */
const Rows = ({
  caption,
  heads,
  rows,
}: {
  caption: string
  heads: readonly string[]
  rows: readonly (readonly string[])[]
}) =>
  rows.length === 0 ? null : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className="scroll" tabIndex={0} aria-label={caption}>
      <table className="figures wide">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first = '', ...cells]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {cells.map((cell, i) => (
                <td key={heads[i + 1]} className="figure">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )

const requestHeads = ['Rate', 'Failed', 'p50', 'p95', 'p99'] as const
const requestCells = ({ ratePerSecond, errorRatio, p50, p95, p99 }: Omit<ReleaseHealth, 'version'>) => [
  formatRate(ratePerSecond),
  share(errorRatio),
  ...[p50, p95, p99].map(seconds),
]

const Releases = ({ of: { name, releases } }: Of) => (
  <Rows
    caption={`Releases in ${name}`}
    heads={['Release', ...requestHeads]}
    rows={releases.map((one) => [one.version || 'no release', ...requestCells(one)])}
  />
)

const Routes = ({ of: { name, routes } }: Of) => (
  <Rows
    caption={`Routes in ${name}`}
    heads={['Route', ...requestHeads]}
    rows={routes.map((one) => [one.route, ...requestCells(one)])}
  />
)

const Instances = ({ of: { name, instances } }: Of) => (
  <Rows
    caption={`Instances in ${name}`}
    heads={['Instance', 'Release', 'CPU', 'Memory', 'Open files', 'Restarts']}
    rows={instances.map(({ instance, version, cpu, memoryBytes, memoryLimitBytes, openFiles, restarts }) => [
      instance,
      version,
      cpu === undefined ? unknown : `${cpu.toFixed(2)} cores`,
      memoryLimitBytes === undefined
        ? mebibytes(memoryBytes)
        : `${mebibytes(memoryBytes)} of ${mebibytes(memoryLimitBytes)}`,
      ...[openFiles, restarts].map((count) => (count === undefined ? unknown : String(count))),
    ])}
  />
)

function Lately({
  service,
  environment,
  minutes,
}: {
  service: string
  environment: string
  minutes: number
}) {
  const path = paths.healthHistory(service, environment, minutes)
  const { data } = useQuery<HealthHistory>({
    queryKey: [path],
    queryFn: () => get<HealthHistory>(path),
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  })
  if (!data) return null
  return (
    <div className="multiples">
      <LatelyFigure
        title={`Rate in ${environment}`}
        what="rate"
        axis={{ title: 'requests/s', format: formatCount, least: 1 }}
        history={data}
        lines={data.rate}
        format={formatRate}
      />
      <LatelyFigure
        title={`Failures in ${environment}`}
        what="share that failed"
        axis={{ title: 'failed or lost', format: formatPart, least: 0.01 }}
        history={data}
        lines={data.errors}
        format={formatPart}
      />
      <LatelyFigure
        title={`Latency in ${environment}`}
        what="latency (p95)"
        axis={{ title: '95 % took at most', format: ofSeconds, least: 0.01 }}
        history={data}
        lines={data.p95}
        format={ofSeconds}
      />
    </div>
  )
}

/** What is promised, by environment; undefined while it is not known. */
const useSlos = (service: string): readonly EnvironmentSlos[] | undefined =>
  useSeen<SlosView>(paths.slos(service), 10_000)?.environments

/** Where something is promised stands first: it is what people come for. */
const promisedFirst = (
  all: readonly EnvironmentHealth[],
  slos: readonly EnvironmentSlos[] | undefined,
): readonly EnvironmentHealth[] => {
  const isPromised = ({ name }: EnvironmentHealth) => slos?.some(({ environment }) => environment === name)
  return all.toSorted((a, b) => Number(isPromised(b) ?? false) - Number(isPromised(a) ?? false))
}

const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`)

function figuresOf({ name, releases, routes, instances }: EnvironmentHealth): string {
  const there = [
    [releases.length, 'release'],
    [routes.length, 'route'],
    [instances.length, 'instance'],
  ] as const
  const said = there.flatMap(([count, one]) => (count === 0 ? [] : [counted(count, one)]))
  return `Figures of ${said.join(', ')} in ${name}`
}

/** How near its load line is, and what is seen coming. */
function useAhead(service: string, environment: string) {
  const headroom = useHeadroom(service)?.environments.find((one) => one.environment === environment)
  const futures = useFutures(service)?.environments.find((one) => one.environment === environment)
  return { headroom, isComing: hasComing(headroom, futures?.futures ?? []) }
}

function Environment({
  service,
  of,
  minutes,
  slos,
}: Of & { service: string; minutes: number; slos: EnvironmentSlos | undefined }) {
  const { headroom, isComing } = useAhead(service, of.name)
  const squeezes = useSqueezes(service, of.name)
  const heading = (
    <h2 id={`health-${of.name}`}>
      {of.name} {of.runs === 'elsewhere' ? <span className="quiet">elsewhere</span> : null}{' '}
      <Status of={of.is} />
    </h2>
  )
  const isWell = of.is === 'well' && of.reasons.length === 0 && (slos?.alerts ?? []).length === 0 && !isComing
  return (
    <section className="environment" aria-labelledby={`health-${of.name}`}>
      <Fold
        title={heading}
        brief={headroom ? <div className="quiet">Load line: {whenText(headroom)}</div> : null}
        heads
        isOpen={!isWell || openSqueeze(squeezes) !== undefined}
      >
        <Wrong service={service} environment={of.name} reasons={of.reasons} alerts={slos?.alerts ?? []} />
        {slos ? (
          <>
            <Budgets of={slos} />
            <p>
              <Link href={alertsHref({ service, environment: of.name })}>
                Alerts, silences and who was told<span className="unseen"> of {of.name}</span>
              </Link>
            </p>
          </>
        ) : null}
        <Headroom service={service} environment={of.name} />
        <Squeezes environment={of.name} of={squeezes} />
        <Futures service={service} environment={of.name} />
        {of.releases.length + of.routes.length + of.instances.length === 0 ? null : (
          <Fold title={figuresOf(of)}>
            <Releases of={of} />
            <Routes of={of} />
            <Instances of={of} />
          </Fold>
        )}
        <Probes of={of} />
        {of.releases.length === 0 ? null : (
          <Fold title={`Rate, failures and latency of ${of.name} lately`}>
            <Lately service={service} environment={of.name} minutes={minutes} />
          </Fold>
        )}
      </Fold>
    </section>
  )
}

const spans = [
  [15, '15 minutes'],
  [60, '1 hour'],
  [360, '6 hours'],
  [1_440, '1 day'],
  [10_080, '7 days'],
] as const

/** `/services/:service/health`: how a service is now, and how it was lately. The span lives in the address. */
export function HealthPage({ service }: { service: string }) {
  const [search, setSearch] = useSearchParams()
  const asked = Number(search.get('minutes'))
  const minutes = spans.find(([one]) => one === asked)?.[0] ?? 60
  const slos = useSlos(service)
  return (
    <LookedUp<HealthView>
      path={paths.health(service)}
      title={({ services }) =>
        `${services[0]?.environments.some(({ is }) => is === 'ill') ? '(!) ' : ''}Health of ${service}`
      }
    >
      {({ services, windowSeconds, faults = [] }) => (
        <>
          <ServiceNav service={service} page="Health" />
          <h1>Health of {service}</h1>
          <Faults faults={faults} />
          <p>
            Figures of now are those of the last {windowSeconds / 60} minutes.{' '}
            <label>
              Plots show the last{' '}
              <select
                value={minutes}
                onChange={(event) => setSearch({ minutes: event.target.value }, { replace: true })}
              >
                {spans.map(([one, name]) => (
                  <option key={one} value={one}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </p>
          {promisedFirst(services[0]?.environments ?? [], slos).map((one) => (
            <Environment
              key={one.name}
              service={service}
              of={one}
              minutes={minutes}
              slos={slos?.find(({ environment }) => environment === one.name)}
            />
          ))}
          {services[0]?.environments.length === 0 ? (
            <p className="quiet">There is nothing to watch yet: it comes with the first push.</p>
          ) : null}
        </>
      )}
    </LookedUp>
  )
}
