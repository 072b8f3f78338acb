import { useEffect } from 'react'
import { Link, Route, Switch, useLocation } from 'wouter'
import { useArrival } from './arrival.ts'
import { useLive } from './live.ts'
import { AlertsPage } from './pages/alerts.tsx'
import { ChangePage } from './pages/change.tsx'
import { ComparisonPage } from './pages/comparison.tsx'
import { DeploymentPage } from './pages/deployment.tsx'
import { ForecastPage } from './pages/forecast.tsx'
import { HealthPage } from './pages/health.tsx'
import { LoadPage } from './pages/load.tsx'
import { LoadTestPage } from './pages/load-test.tsx'
import { ServicesPage } from './pages/services.tsx'
import { SpikesPage } from './pages/spikes.tsx'
import { AskBefore } from './parts/ask.tsx'
import { ThemeSwitch } from './parts/theme.tsx'

/** The load-line mark: a circle with the line that must not go under. */
const Mark = () => (
  <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" className="mark">
    <circle cx="16" cy="16" r="9" fill="none" strokeWidth="2.5" />
    <path d="M2 16h28" strokeWidth="2.5" />
  </svg>
)

const sections = [
  ['/', 'Services'],
  ['/alerts', 'Alerts'],
  ['/forecast', 'Forecast'],
] as const

function Header() {
  const [path] = useLocation()
  return (
    <header className="top">
      <Link href="/" className="brand">
        <Mark />
        <span className="name">Plimsoll</span>
      </Link>
      <nav aria-label="Pages">
        {sections.map(([href, name]) => (
          <Link key={href} href={href} aria-current={href === path ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <ThemeSwitch />
    </header>
  )
}

const Unheard = () => (
  <p className="banner" role="status">
    The server does not answer; what you see may be old. Production goes on without it.
  </p>
)

function Lost() {
  useEffect(() => {
    document.title = 'Nothing here – Plimsoll'
  }, [])
  return (
    <main id="content" tabIndex={-1}>
      <h1>There is nothing here</h1>
      <p>
        <Link href="/">All services</Link>
      </p>
    </main>
  )
}

/** Part of an address as it is meant; what is written wrongly stays as it is, and is not found. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The whole page. */
export function App() {
  const heard = useLive()
  useArrival()
  return (
    <>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Header />
      {heard ? null : <Unheard />}
      <AskBefore>
        <Switch>
          <Route path="/">
            <ServicesPage />
          </Route>
          <Route path="/alerts">
            <AlertsPage />
          </Route>
          <Route path="/forecast">
            <ForecastPage />
          </Route>
          <Route path="/services/:service/changes/:id">
            {({ service, id }) => <ChangePage service={plain(service)} id={plain(id)} />}
          </Route>
          <Route path="/services/:service/health">
            {({ service }) => <HealthPage service={plain(service)} />}
          </Route>
          <Route path="/services/:service/load">
            {({ service }) => <LoadPage service={plain(service)} />}
          </Route>
          <Route path="/services/:service/spikes">
            {({ service }) => <SpikesPage service={plain(service)} />}
          </Route>
          <Route path="/load-tests/:id">{({ id }) => <LoadTestPage id={plain(id)} />}</Route>
          <Route path="/comparisons/:id">{({ id }) => <ComparisonPage id={plain(id)} />}</Route>
          <Route path="/deployments/:id">{({ id }) => <DeploymentPage id={plain(id)} />}</Route>
          <Route>
            <Lost />
          </Route>
        </Switch>
      </AskBefore>
    </>
  )
}
