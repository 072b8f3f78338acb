import { Link } from 'wouter'
import { forecastHref, healthHref } from '../../contract/overview/addresses.ts'
import { alertsHref } from '../api.ts'

const pagesOf = (service: string) => {
  const own = `/services/${encodeURIComponent(service)}`
  return [
    ['Health', healthHref({ service })],
    ['Load line', `${own}/load`],
    ['Forecast', forecastHref({ service })],
    ['Alerts', alertsHref({ service })],
    ['Spikes', `${own}/spikes`],
  ] as const
}

type Page = ReturnType<typeof pagesOf>[number][0]

/** Where one is: services, the service with all its pages, and the rest of the way. */
export function ServiceNav({
  service,
  page,
  rest = [],
}: {
  readonly service: string
  /** The one that is shown. */
  readonly page?: Page
  readonly rest?: readonly string[]
}) {
  return (
    <div className="place">
      <p className="crumbs">
        <Link href="/">Services</Link> / {[service, ...rest].join(' / ')}
      </p>
      <nav className="links" aria-label={`Pages of ${service}`}>
        {pagesOf(service).map(([name, href]) => (
          <Link key={name} href={href} aria-current={name === page ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
    </div>
  )
}

/** The same ways from a list of services, where each has to be told from those of others. */
export const ServiceLinks = ({ service, spikes }: { readonly service: string; readonly spikes: number }) => (
  <span className="links">
    {pagesOf(service).map(([name, href]) => (
      <Link key={name} href={href}>
        {name}
        {name === 'Spikes' && spikes > 0 ? ` (${spikes})` : ''}
        <span className="unseen"> of {service}</span>
      </Link>
    ))}
  </span>
)
