const named = (all: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(all).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  ).toString()

/** The page of a forecast: of the soonest when no environment is named. */
export const forecastHref = ({
  service,
  environment,
}: {
  readonly service: string
  readonly environment?: string
}): string => `/forecast?${named({ service, environment })}`

/** Where a service's health is told, at one of its environments when one is named. */
export const healthHref = ({
  service,
  environment,
}: {
  readonly service: string
  readonly environment?: string
}): string =>
  `/services/${encodeURIComponent(service)}/health${environment === undefined ? '' : `#health-${environment}`}`
