const bucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Counts for Prometheus, in its text format. */
export function createMetrics() {
  const requests = new Map()
  const counts = new Array(bucketsSeconds.length + 1).fill(0)
  let sum = 0
  let inFlight = 0

  const cumulative = () => counts.map((_, i) => counts.slice(0, i + 1).reduce((a, b) => a + b, 0))

  function histogram() {
    const totals = cumulative()
    const lines = bucketsSeconds.map(
      (le, i) => `http_request_duration_seconds_bucket{le="${le}"} ${totals[i]}`,
    )
    const all = totals.at(-1)
    return [
      ...lines,
      `http_request_duration_seconds_bucket{le="+Inf"} ${all}`,
      `http_request_duration_seconds_sum ${sum}`,
      `http_request_duration_seconds_count ${all}`,
    ]
  }

  return {
    begin() {
      inFlight++
    },

    end(/** @type {string} */ route, /** @type {number} */ status, /** @type {number} */ seconds) {
      inFlight--
      const labels = `route="${route}",status="${status}"`
      requests.set(labels, (requests.get(labels) ?? 0) + 1)
      const bucket = bucketsSeconds.findIndex((le) => seconds <= le)
      counts[bucket < 0 ? bucketsSeconds.length : bucket]++
      sum += seconds
    },

    render(/** @type {{ state: string, count: number }[]} */ states) {
      return [
        '# TYPE http_requests_total counter',
        ...[...requests].map(([labels, count]) => `http_requests_total{${labels}} ${count}`),
        '# TYPE http_request_duration_seconds histogram',
        ...histogram(),
        '# TYPE http_requests_in_flight gauge',
        `http_requests_in_flight ${inFlight}`,
        '# TYPE payments gauge',
        ...states.map(({ state, count }) => `payments{state="${state}"} ${count}`),
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        '',
      ].join('\n')
    },
  }
}
