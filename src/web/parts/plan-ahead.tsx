import { useQuery } from '@tanstack/react-query'
import type { AheadView } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { asSentence } from '../format.ts'
import { Status } from './status.tsx'

type Wish = { readonly kind: AheadView['kind']; readonly release?: string }

const passages = {
  open: { status: 'pass', text: 'The gates let it go on now' },
  waits: { status: 'running', text: 'It would wait for its gates, and hold nobody up' },
  failed: { status: 'fail', text: 'The gates would refuse it' },
  inconclusive: { status: 'inconclusive', text: 'The gates cannot tell, and would refuse it' },
} as const

const Passage = ({ view: { passage, gates } }: { view: AheadView }) => (
  <>
    <p>
      <Status of={passages[passage.is].status}>{passages[passage.is].text}</Status>
    </p>
    {gates.length > 0 ? (
      <ul className="plain">
        {gates.map(({ name, is, reasons }) => (
          <li key={name}>
            <Status of={is === 'waiting' ? 'running' : is}>{is}</Status> {name}
            {reasons.map(({ text }) => (
              <div key={text} className="quiet">
                {text}
              </div>
            ))}
          </li>
        ))}
      </ul>
    ) : null}
  </>
)

const Stages = ({ view: { stages, undo, plan } }: { view: AheadView }) => (
  <details className="data">
    <summary>Its stages, and the way back</summary>
    {plan ? (
      <ul>
        {plan.stages.map(({ share, sentence }) => (
          <li key={share}>{asSentence(sentence)}</li>
        ))}
      </ul>
    ) : null}
    <ol>
      {stages.map(({ title, command }, i) => (
        // A stage may come twice: its place is its name.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={i}>
          {title}
          {command ? (
            <>
              : <code className="long">{command}</code>
            </>
          ) : null}
        </li>
      ))}
    </ol>
    {undo.length > 0 ? <p>The way back, once it takes all requests: {undo.join('; ')}.</p> : null}
  </details>
)

/** What would happen, as the server has it now: read before it is ordered. */
export function PlanAhead({
  service,
  environment,
  wish,
}: {
  readonly service: string
  readonly environment: string
  readonly wish: Wish
}) {
  const path = paths.plan(service, environment, wish)
  const { data, error } = useQuery<AheadView>({ queryKey: [path], queryFn: () => get<AheadView>(path) })
  if (error) return <p className="quiet">What would happen could not be told: {error.message}</p>
  if (!data) return <p className="quiet">Looking what would happen …</p>
  return (
    <section aria-label="What would happen">
      {data.notes.map((note) => (
        <p key={note}>{asSentence(note)}</p>
      ))}
      {data.kind === 'rollback' ? null : <Passage view={data} />}
      {data.plan ? <p>{asSentence(data.plan.sentence)}</p> : null}
      <Stages view={data} />
    </section>
  )
}
