import { Link } from 'wouter'
import type { LoadHistoryView, ReleaseName } from '../../contract/index.ts'
import { paths } from '../api.ts'
import { asSentence, formatChange, formatP } from '../format.ts'
import { Comparisons } from '../parts/comparisons.tsx'
import { LoadPlaces } from '../parts/load-places.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { LoadLineFigure } from '../plots/load-line-figure.tsx'

type View = { readonly view: LoadHistoryView }

const nameOf = ({ subject, short }: ReleaseName): string => subject || short

const Nothing = () => (
  <p>
    Nothing was compared yet: name the gate <code>loadLine</code> in an environment of{' '}
    <code>plimsoll.config.ts</code>, and every release is compared with the one that runs there;{' '}
    <code>plimsoll load compare</code> does it at once.
  </p>
)

/** A line has two ends: with one release there is nothing yet to draw it to. */
function Line({ view }: View) {
  const { line, comparisons, text } = view
  if (line.length > 1) return <LoadLineFigure view={view} />
  const [first] = line
  if (first)
    return (
      <p>
        The line begins with {nameOf(first.release)} (<code>{first.release.short}</code>); the next release
        that is compared continues it.
      </p>
    )
  return comparisons.length > 0 ? <p>{asSentence(text)}</p> : <Nothing />
}

/** A release of the line, by the comparison that measured it. */
function Measured({ view, digest }: View & { digest: string }) {
  const point = view.line.find(({ release }) => release.digest === digest)
  if (!point) return <code className="long">{digest}</code>
  if (!point.comparison) return nameOf(point.release)
  return <Link href={`/comparisons/${encodeURIComponent(point.comparison)}`}>{nameOf(point.release)}</Link>
}

const Chance = ({ p }: { p: number }) => (
  <span className="quiet">
    p {p < 0.001 ? '' : '= '}
    {formatP(p)}
  </span>
)

const Changes = ({ view }: View) =>
  view.shifts.length === 0 && view.drift === null ? null : (
    <section className="panel">
      <h2>Lasting changes</h2>
      <ul className="plain figure">
        {view.shifts.map(({ release, ratio, p }) => (
          <li key={release}>
            <strong>{formatChange(ratio)}</strong> since <Measured view={view} digest={release} />{' '}
            <Chance p={p} />
          </li>
        ))}
        {view.drift ? (
          <li>
            <strong>{formatChange(view.drift.ratio)}</strong> little by little, from{' '}
            <Measured view={view} digest={view.drift.first} /> to{' '}
            <Measured view={view} digest={view.drift.last} /> <Chance p={view.drift.p} />
          </li>
        ) : null}
      </ul>
    </section>
  )

const History = ({ view }: View) =>
  view.comparisons.length === 0 ? null : (
    <section className="panel">
      <h2>Comparisons</h2>
      <Comparisons of={view.comparisons} name={({ release }) => nameOf(release)} />
    </section>
  )

const Load = ({ view }: View) => (
  <>
    <ServiceNav service={view.service} page="Load line" />
    <h1>Load line of {view.service}</h1>
    <Line view={view} />
    <LoadPlaces service={view.service} />
    <Changes view={view} />
    <History view={view} />
  </>
)

/** How what a service carries went from release to release, and every comparison that tells. */
export const LoadPage = ({ service }: { service: string }) => (
  <LookedUp<LoadHistoryView> path={paths.load(service)} title={() => `Load line of ${service} – Plimsoll`}>
    {(view) => <Load view={view} />}
  </LookedUp>
)
