import type { AlertHistory, Receiver, ToldView } from '../../contract/index.ts'
import { Clocks } from './clocks.ts'
import { Status } from './status.tsx'
import { Moment } from './time.tsx'

const kinds = {
  'alert.page': { word: 'page', standing: 'failed' },
  'alert.ticket': { word: 'ticket', standing: 'inconclusive' },
  'alert.resolved': { word: 'over', standing: 'passed' },
} as const

function ReceiverText({ of: { name, is, at, tries, because } }: { readonly of: Receiver }) {
  const times = tries > 1 ? ` in ${tries} tries` : ''
  const why = because === undefined ? '' : `: ${because}`
  if (is === 'waiting')
    return (
      <Status of="running">
        {name} not reached yet{times}
        {why}
      </Status>
    )
  if (is === 'givenUp')
    return (
      <Status of="failed">
        {name} given up{times}
        {why}
      </Status>
    )
  return (
    <>
      {name} was told {at === undefined ? null : <Moment at={at} />}
      {times}
      {why}
    </>
  )
}

const Entry = ({ of: { at, timeZone, type, text, receivers } }: { readonly of: ToldView }) => (
  <Clocks value={timeZone}>
    <li>
      <Status of={kinds[type].standing}>{kinds[type].word}</Status>{' '}
      <span className="quiet">
        <Moment at={at} />
      </span>{' '}
      {text}
      <ul>
        {receivers.map((one) => (
          <li key={one.name}>
            <ReceiverText of={one} />
          </li>
        ))}
        {receivers.length === 0 ? <li>Nobody: no notifier wants to hear of it.</li> : null}
      </ul>
    </li>
  </Clocks>
)

const shown = 10

/** Who was told what and when, newest first. */
export function Told({ history: { told } }: { readonly history: AlertHistory }) {
  if (told.length === 0) return <p className="quiet">Nobody was told of an alert yet.</p>
  const [first, more] = [told.slice(0, shown), told.slice(shown)]
  return (
    <>
      <ul className="plain history" aria-label="Who was told">
        {first.map((one) => (
          <Entry key={one.id} of={one} />
        ))}
      </ul>
      {more.length === 0 ? null : (
        <details>
          <summary>{more.length} before</summary>
          <ul className="plain history" aria-label="Who was told before">
            {more.map((one) => (
              <Entry key={one.id} of={one} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
