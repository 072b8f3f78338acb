import type { TracingStats } from '../../flow/traces/follower.ts'
import type { Family } from '../../series/index.ts'

/** What Plimsoll says of the traces that it sends. */
export const tracingFamilies = ({ spans, refused, failing }: TracingStats, behind: number): Family[] => [
  {
    name: 'plimsoll_traces_spans_total',
    help: 'Spans that the collector of traces has taken since the server began.',
    type: 'counter',
    samples: [{ value: spans }],
  },
  {
    name: 'plimsoll_traces_refused_spans_total',
    help: 'Spans that it has refused for good.',
    type: 'counter',
    samples: [{ value: refused }],
  },
  {
    name: 'plimsoll_traces_failing',
    help: '1 while the collector of traces takes nothing.',
    type: 'gauge',
    samples: [{ value: failing === undefined ? 0 : 1 }],
  },
  {
    name: 'plimsoll_traces_behind_events',
    help: 'Events of the journal that are still to be looked at for traces.',
    type: 'gauge',
    samples: [{ value: behind }],
  },
]
