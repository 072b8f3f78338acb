import type { EnvironmentHealth, ReleaseHealth } from '../../contract/index.ts'
import { memoryText } from '../../contract/memory-text.ts'
import { formatPart, formatRate, formatSeconds, plural } from '../format.ts'
import { Fold } from './fold.tsx'
import { TableHead } from './table-head.tsx'

const unknown = '–'
const seconds = (value: number | undefined): string => (value === undefined ? unknown : formatSeconds(value))
const share = (value: number | undefined): string => (value === undefined ? unknown : formatPart(value))

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
        <TableHead heads={heads} />
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
    rows={instances.map(({ instance, version, cpu, openFiles, restarts, ...memory }) => [
      instance,
      version,
      cpu === undefined ? unknown : `${cpu.toFixed(2)} cores`,
      memoryText(memory) ?? unknown,
      ...[openFiles, restarts].map((count) => (count === undefined ? unknown : String(count))),
    ])}
  />
)

function figuresOf({ name, releases, routes, instances }: EnvironmentHealth): string {
  const there = [
    [releases.length, 'release'],
    [routes.length, 'route'],
    [instances.length, 'instance'],
  ] as const
  const said = there.flatMap(([count, one]) => (count === 0 ? [] : [plural(count, one)]))
  return `Figures of ${said.join(', ')} in ${name}`
}

/** The figures of each release, route and instance, where there are any. */
export const HealthTables = ({ of }: Of) =>
  of.releases.length + of.routes.length + of.instances.length === 0 ? null : (
    <Fold title={figuresOf(of)}>
      <Releases of={of} />
      <Routes of={of} />
      <Instances of={of} />
    </Fold>
  )
