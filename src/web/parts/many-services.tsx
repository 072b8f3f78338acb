import { useSearchParams } from 'wouter'
import type { ServiceRow } from '../../contract/index.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { type Choice, environmentsIn, standingOf, tallyText } from '../../contract/overview/standings.ts'
import { ChooseServices } from './choose-services.tsx'
import { Glance } from './glance.tsx'

/** Fewer of them are seen at a glance without a table, and stand open. */
export const isMany = ({ length }: { readonly length: number }): boolean => length >= 4

/** More of them than somebody looks through. */
const isTooMany = ({ length }: { readonly length: number }): boolean => length > 8

/** Which services somebody wants to see; it lives in the address. */
export function useChoice(): readonly [Choice, (choice: Choice) => void] {
  const [search, setSearch] = useSearchParams()
  const choice = { name: search.get('name') ?? '', isTrouble: search.get('only') === 'trouble' }
  const choose = ({ name, isTrouble }: Choice) =>
    setSearch(
      { ...(name === '' ? {} : { name }), ...(isTrouble ? { only: 'trouble' } : {}) },
      { replace: true },
    )
  return [choice, choose]
}

/** All services in a table; of many, those that somebody chooses. */
export function ManyServices({
  all,
  shown,
  choice,
  onChoice,
  sights,
}: {
  readonly all: readonly ServiceRow[]
  readonly shown: readonly ServiceRow[]
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
  readonly sights: Sights
}) {
  return (
    <section className="panel" aria-labelledby="glance">
      <div className="headline">
        <h2 id="glance">
          All {all.length} at a glance{' '}
          <span className="beside">{tallyText(all.map((one) => standingOf(one, sights)))}</span>
        </h2>
        {isTooMany(all) ? <ChooseServices choice={choice} onChoice={onChoice} /> : null}
      </div>
      {shown.length > 0 ? <Glance services={shown} names={environmentsIn(all)} sights={sights} /> : null}
      <p role="status" className={shown.length === all.length ? 'unseen' : 'quiet'}>
        {shown.length === all.length ? '' : `${shown.length} of ${all.length} are shown.`}
      </p>
    </section>
  )
}
