import type { SilenceView } from '../../contract/index.ts'
import { plural } from '../format.ts'
import { Act } from './act.tsx'
import { Clocks } from './clocks.ts'
import { type Fact, FactList } from './facts.tsx'
import { Ago, Moment } from './time.tsx'

type Of = { readonly of: SilenceView }

/** `pages of availability in production of payments` */
function whatOf({ service, environment, slo, severity }: SilenceView): string {
  const alerts = severity === undefined ? 'all alerts' : `${severity}s`
  return `${alerts}${slo === undefined ? '' : ` of ${slo}`} in ${environment ?? 'every environment'} of ${service}`
}

const factsOf = ({ id, owner, by, since, until, quiets }: SilenceView): readonly Fact[] => [
  ['Owner', owner],
  ['Ends', until === undefined ? 'when what fires of it is over' : <Moment key="until" at={until} />],
  ['Quiets now', plural(quiets, 'alert')],
  [
    'Made',
    <span key="made">
      <Ago at={since} /> by {by}
    </span>,
  ],
  ['Silence', id],
]

function Silence({ of }: Of) {
  const { id, service, environment, reason } = of
  const what = whatOf(of)
  return (
    <li className="panel">
      <div className="headline">
        <h3>{what}</h3>
        <Act
          service={service}
          environment={environment ?? 'everywhere'}
          action={{
            label: 'End silence',
            effect: `what fires of ${what} is told`,
            command: `plimsoll unsilence ${id}`,
          }}
          wish={{ kind: 'unsilence', silence: id }}
        />
      </div>
      <p>{reason}</p>
      <Clocks value={of.timeZone}>
        <FactList facts={factsOf(of)} />
      </Clocks>
    </li>
  )
}

/** What is kept quiet: what ends first stands first. */
export const Silences = ({ silences }: { readonly silences: readonly SilenceView[] }) =>
  silences.length === 0 ? (
    <p className="quiet">Nothing is silenced.</p>
  ) : (
    <ul className="plain" aria-label="Silences">
      {silences.map((one) => (
        <Silence key={one.id} of={one} />
      ))}
    </ul>
  )
