import type { ServicesView } from '../../contract/index.ts'
import { type Sights, wrongOf } from '../../contract/overview/notes.ts'
import { paths } from '../api.ts'
import { Glance } from '../parts/glance.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { Questions } from '../parts/questions.tsx'
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

const Services = ({ view, sights }: { view: ServicesView; sights: Sights }) => (
  <>
    <h1>Services</h1>
    <Questions view={view} sights={sights} />
    <Glance services={view.services} sights={sights} />
    {view.services.map((service) => (
      <ServicePanel key={service.name} service={service} sights={sights} />
    ))}
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
