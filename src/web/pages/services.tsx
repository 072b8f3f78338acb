import type { ServicesView } from '../../contract/index.ts'
import { type Sights, wrongOf } from '../../contract/overview/notes.ts'
import { chosenOf } from '../../contract/overview/standings.ts'
import { paths } from '../api.ts'
import { LookedUp } from '../parts/looked-up.tsx'
import { isMany, ManyServices, useChoice } from '../parts/many-services.tsx'
import { Questions, WhatChanged, WhatIsComing, WhatIsWrong, WhatWaits } from '../parts/questions.tsx'
import { ServicePanel } from '../parts/service-panel.tsx'
import { useSights } from '../parts/sights.ts'

const Empty = () => (
  <section className="panel">
    <h2>Push the first service</h2>
    <p>In its repository:</p>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
    <pre tabIndex={0}>
      <code>
        {`plimsoll init\ngit remote add plimsoll ${location.protocol}//you@${location.host}/git/SERVICE.git\ngit push plimsoll main`}
      </code>
    </pre>
    <p className="quiet">The password is the token that plimsoll up printed.</p>
  </section>
)

/** A team's few: all questions, then what runs where. */
const Few = ({ view, sights }: { view: ServicesView; sights: Sights }) => (
  <>
    <Questions>
      <WhatIsWrong view={view} sights={sights} />
      <WhatIsComing sights={sights} />
      <WhatWaits view={view} />
      <WhatChanged view={view} />
    </Questions>
    {view.services.map((service) => (
      <ServicePanel key={service.name} service={service} sights={sights} isFolded={false} />
    ))}
  </>
)

/** Of many, what is wrong and what is coming, then all of them on one screen; the rest is farther down. */
function Many({ view, sights }: { view: ServicesView; sights: Sights }) {
  const [choice, choose] = useChoice()
  const shown = chosenOf(view.services, choice, sights)
  return (
    <>
      <Questions>
        <WhatIsWrong view={view} sights={sights} />
        <WhatIsComing sights={sights} />
      </Questions>
      <ManyServices all={view.services} shown={shown} choice={choice} onChoice={choose} sights={sights} />
      <Questions>
        <WhatWaits view={view} />
        <WhatChanged view={view} />
      </Questions>
      <div className="services">
        {shown.map((service) => (
          <ServicePanel key={service.name} service={service} sights={sights} isFolded={isMany(shown)} />
        ))}
      </div>
    </>
  )
}

const Services = ({ view, sights }: { view: ServicesView; sights: Sights }) => (
  <>
    {/* Of many, the first screen belongs to what is wrong; the head of the page says where one is. */}
    <h1 className={isMany(view.services) ? 'unseen' : undefined}>Services</h1>
    {isMany(view.services) ? <Many view={view} sights={sights} /> : <Few view={view} sights={sights} />}
  </>
)

const Fresh = () => (
  <>
    <h1>Services</h1>
    <Empty />
  </>
)

/** `/`: the questions of the stand-up, then what runs where, how it is, and when that ends. */
export function ServicesPage() {
  const sights = useSights()
  const titleOf = (view: ServicesView) => {
    const { length } = wrongOf(view, sights)
    return length > 0 ? `(${length}) Plimsoll` : 'Plimsoll'
  }
  return (
    <LookedUp<ServicesView> path={paths.services} title={titleOf}>
      {(view) => (view.services.length === 0 ? <Fresh /> : <Services view={view} sights={sights} />)}
    </LookedUp>
  )
}
