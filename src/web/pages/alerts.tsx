import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { AlertHistory, AlertRow, AlertsView } from '../../contract/index.ts'
import { get, paths } from '../api.ts'
import { AlertFilter, type Filter } from '../parts/alert-filter.tsx'
import { Told } from '../parts/alert-history.tsx'
import { Firing } from '../parts/firing.tsx'
import { LookedUp } from '../parts/looked-up.tsx'
import { ServiceNav } from '../parts/service-nav.tsx'
import { type Draft, SilenceForm } from '../parts/silence-form.tsx'
import { Silences } from '../parts/silences.tsx'

function History({ filter }: { readonly filter: Filter }) {
  const path = paths.alertHistory(filter)
  const { data } = useQuery<AlertHistory>({
    queryKey: [path],
    queryFn: () => get<AlertHistory>(path),
    refetchInterval: 10_000,
    placeholderData: (before) => before,
  })
  return data ? <Told history={data} /> : null
}

const anything = ({ service, environment }: Filter): Draft => ({
  service,
  environment,
  slo: '',
  severity: '',
})

/** Opens with what an alert is about, and closes when the silence is made. */
function useSilencing(filter: Filter) {
  const [draft, setDraft] = useState(anything(filter))
  const [isOpen, setOpen] = useState(false)
  const form = useRef<HTMLDetailsElement>(null)
  return {
    draft,
    setDraft,
    isOpen,
    setOpen,
    form,
    begin({ service, environment, slo, severity }: AlertRow) {
      setDraft({ service, environment, slo, severity })
      setOpen(true)
      // The reason is what is missing; the form is there only after it is drawn.
      requestAnimationFrame(() => form.current?.querySelector('textarea')?.focus())
    },
    done() {
      setOpen(false)
      setDraft(anything(filter))
      form.current?.querySelector('summary')?.focus()
    },
  }
}

function Seen({ view, filter }: { readonly view: AlertsView; readonly filter: Filter }) {
  const { draft, setDraft, isOpen, setOpen, form, begin, done } = useSilencing(filter)
  return (
    <>
      <section aria-labelledby="firing">
        <h2 id="firing">Firing</h2>
        <Firing alerts={view.alerts} onSilence={begin} />
      </section>
      <section aria-labelledby="silences">
        <h2 id="silences">Silences</h2>
        <Silences silences={view.silences} />
        <details
          ref={form}
          className="panel"
          open={isOpen}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary>Make a silence</summary>
          <SilenceForm places={view.places} draft={draft} onDraft={setDraft} onDone={done} />
        </details>
      </section>
      <section aria-labelledby="history">
        <h2 id="history">Who was told</h2>
        <History filter={filter} />
      </section>
    </>
  )
}

const titleOf = ({ alerts }: AlertsView): string => {
  const pages = alerts.filter(({ severity }) => severity === 'page').length
  return `${pages > 0 ? `(${pages}) ` : ''}Alerts`
}

/** `/alerts`: what fires, what is silenced, who was told. Service and environment live in the address. */
export function AlertsPage() {
  const [search, setSearch] = useSearchParams()
  const filter = { service: search.get('service') ?? '', environment: search.get('environment') ?? '' }
  const setFilter = (next: Filter) =>
    setSearch(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), { replace: true })
  // Of everything, so that the choices stay when one is made.
  const { data: all } = useQuery<AlertsView>({
    queryKey: [paths.alerts()],
    queryFn: () => get<AlertsView>(paths.alerts()),
  })
  return (
    <LookedUp<AlertsView> path={paths.alerts(filter)} title={titleOf}>
      {(view) => (
        <>
          {filter.service === '' ? (
            <p className="crumbs">
              <Link href="/">Services</Link> / alerts
            </p>
          ) : (
            <ServiceNav service={filter.service} page="Alerts" />
          )}
          <h1>Alerts</h1>
          {view.places.length === 0 ? (
            <p>
              Nothing is promised, so nothing fires: <code>slos</code> in <code>plimsoll.config.ts</code>{' '}
              promise something.
            </p>
          ) : (
            <>
              <AlertFilter places={all?.places ?? view.places} filter={filter} onFilter={setFilter} />
              <Seen view={view} filter={filter} />
            </>
          )}
        </>
      )}
    </LookedUp>
  )
}
