import { useId } from 'react'
import { Link } from 'wouter'
import type { ComparisonView, ReleaseName } from '../../contract/index.ts'
import { formatDuration } from '../../kernel/duration.ts'
import { paths } from '../api.ts'
import { formatSize, formatTook, plural } from '../format.ts'
import { type Fact, FactList } from '../parts/facts.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { Status } from '../parts/status.tsx'
import { Ago } from '../parts/time.tsx'
import { EffectsFigure } from '../plots/effects-figure.tsx'
import { RoundsFigure } from '../plots/rounds-figure.tsx'

type View = { readonly view: ComparisonView }

const nameOf = ({ subject, short }: ReleaseName): string => subject || short

const goesOn = ({ standing }: ComparisonView): boolean => standing === 'waiting' || standing === 'running'

const Release = ({ service, release }: { service: string; release: ReleaseName }) => (
  <>
    <Link href={`/services/${encodeURIComponent(service)}/changes/${release.commit}`}>
      <code>{release.short}</code>
      <span className="unseen"> {release.subject}</span>
    </Link>{' '}
    by {release.author}
  </>
)

/** A release as the legend of a plot has it: short enough for a line, and told from any other. */
const labelOf = ({ subject, short }: ReleaseName): string => (subject ? `${subject} (${short})` : short)

function Asked({ view }: View) {
  const took = formatTook(view.startedAt, view.endedAt)
  return (
    <p className="quiet">
      Asked for by {view.actor}, for {view.environment}, <Ago at={view.requestedAt} />
      {took ? `; took ${took}` : ''}
      {view.importedBy ? `; brought here by ${view.importedBy}` : ''}
    </p>
  )
}

/** What is not known, or cannot be, is left out. */
function Facts({ view }: View) {
  const facts: readonly Fact[] = [
    ['Change', <Release key="change" service={view.service} release={view.release} />],
    ['Base, what ran', <Release key="base" service={view.service} release={view.against} />],
    ['Sends', view.sends && <code key="sends">{view.sends}</code>],
    ['Objective', view.objective && <code key="objective">{view.objective}</code>],
    ['Could have told', view.smallestEffect && `a difference of ${formatSize(view.smallestEffect)}`],
    ['Where', view.place],
  ]
  return <FactList facts={facts} />
}

function Progress({ view }: View) {
  const id = useId()
  if (!goesOn(view)) return null
  const { elapsedMs, budgetMs, rounds } = view
  return (
    <section className="panel">
      <h2>Progress</h2>
      {elapsedMs === undefined ? (
        <p>It has not begun.</p>
      ) : (
        <>
          <p className="figure">
            {plural(rounds.length, 'round')} so far; <label htmlFor={id}>time</label>{' '}
            {formatDuration(elapsedMs)} of at most {formatDuration(budgetMs)}
          </p>
          <progress id={id} max={budgetMs} value={Math.min(elapsedMs, budgetMs)} />
        </>
      )}
    </section>
  )
}

const Why = ({ view }: View) =>
  view.reasons.length === 0 ? null : (
    <section className={`panel summary ${view.standing}`}>
      <h2>Why</h2>
      <ul>
        {view.reasons.map(({ text, next }) => (
          <li key={text}>
            {text}
            {next ? <div className="quiet">{next}</div> : null}
          </li>
        ))}
      </ul>
    </section>
  )

const Evidence = ({ view }: View) =>
  view.evidence ? (
    <section className="panel">
      <h2>Evidence</h2>
      <p>
        <code className="long">{view.evidence}</code>
      </p>
    </section>
  ) : null

const Comparison = ({ view }: View) => (
  <>
    <ServiceNav service={view.service} rest={[view.environment, 'comparison']} />
    <h1 className="long">
      {nameOf(view.release)} <span className="beside">beside</span> {nameOf(view.against)}
    </h1>
    <p aria-live="polite">
      <Status of={view.standing} /> {view.text}
    </p>
    <Asked view={view} />
    <Facts view={view} />
    <Progress view={view} />
    <Why view={view} />
    {view.effects.length > 0 ? <EffectsFigure effects={view.effects} file={`effects-${view.id}`} /> : null}
    {view.rounds.length > 0 ? (
      <RoundsFigure
        rounds={view.rounds}
        goesOn={goesOn(view)}
        names={{ base: labelOf(view.against), change: labelOf(view.release) }}
        file={`rounds-${view.id}`}
      />
    ) : null}
    <Evidence view={view} />
  </>
)

/** Two releases side by side under load: the verdict, why, and every figure it rests on. */
export const ComparisonPage = ({ id }: { id: string }) => (
  <LookedUp<ComparisonView>
    path={paths.comparison(id)}
    title={(view) => `${view.standing}: ${view.service} load – Plimsoll`}
  >
    {(view) => <Comparison view={view} />}
  </LookedUp>
)
