import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { ServicesView } from '../../contract/index.ts'
import { comingSoon, type Note, nothingComing, type Sights, wrongOf } from '../../contract/overview/notes.ts'
import { Status } from './status.tsx'
import { Ago } from './time.tsx'

/** So many are shown at once. */
const shown = 5

const Said = ({ of: { text, link, at } }: { of: Note }) => (
  <Link href={link} className="brief">
    {at === undefined ? null : (
      <span className="quiet">
        <Ago at={at} />{' '}
      </span>
    )}
    {text}
  </Link>
)

const Line = ({ of }: { of: Note }) => (
  <li>
    {of.urgency === undefined ? (
      <Said of={of} />
    ) : (
      <Status of={of.urgency}>
        <Said of={of} />
      </Status>
    )}
  </li>
)

const List = ({ notes }: { notes: readonly Note[] }) => (
  <ul>
    {notes.map((one) => (
      <Line key={`${one.link} ${one.text}`} of={one} />
    ))}
  </ul>
)

/** A question of the stand-up, with its answers; what there is no room for can be opened. */
function Question({ title, notes, none }: { title: string; notes: readonly Note[]; none: ReactNode }) {
  const more = notes.slice(shown)
  return (
    <section className="question">
      <h2>{title}</h2>
      {notes.length === 0 ? <p className="quiet">{none}</p> : <List notes={notes.slice(0, shown)} />}
      {more.length === 0 ? null : (
        <details>
          <summary>
            {more.length} more<span className="unseen">: {title}</span>
          </summary>
          <List notes={more} />
        </details>
      )}
    </section>
  )
}

/** Questions side by side, in the order in which they are asked. */
export const Questions = ({ children }: { children: ReactNode }) => (
  <div className="questions">{children}</div>
)

type Asked = { readonly view: ServicesView; readonly sights: Sights }

export const WhatIsWrong = ({ view, sights }: Asked) => (
  <Question
    title="What is wrong?"
    notes={wrongOf(view, sights)}
    none={sights.alerts && sights.health ? 'Nothing.' : 'Looking …'}
  />
)

export const WhatIsComing = ({ sights }: Pick<Asked, 'sights'>) => (
  <Question
    title="What is coming?"
    notes={comingSoon(sights)}
    none={sights.futures ? nothingComing(sights) : 'Looking …'}
  />
)

export const WhatWaits = ({ view }: Pick<Asked, 'view'>) => (
  <Question title="What waits for you?" notes={view.waiting} none="Nothing." />
)

export const WhatChanged = ({ view }: Pick<Asked, 'view'>) => (
  <Question title="What changed since yesterday?" notes={view.changed} none="Nothing." />
)
