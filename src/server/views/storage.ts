import type { EmbeddedSeries } from '../../series/embedded/open.ts'
import type { Family } from '../../series/index.ts'

/** How the store of time series stands; why there is none when what is collected is not kept. */
export type Storage = () => Promise<Standing>
type Standing = Awaited<ReturnType<EmbeddedSeries['status']>> | { readonly because: string }

/** What people should know of it, in words. */
export function faultsOf(status: Standing): string[] {
  if ('because' in status) return [`what is collected is not kept: ${status.because}`]
  const { failing, dropped } = status
  const lost = dropped > 0 ? [`${dropped} samples were dropped, because they could not be written`] : []
  if (!failing) return lost
  return [
    `the store of time series cannot write (${failing.because}): ${failing.unwritten} samples are in memory alone`,
    ...lost,
  ]
}

/** What it says of itself to whoever scrapes Plimsoll. */
export function storageFamilies(status: Standing): Family[] {
  if ('because' in status) return [{ ...failingFamily, samples: [{ value: 1 }] }]
  const { failing, dropped, series, mostSeries, appended } = status
  return [
    { ...failingFamily, samples: [{ value: failing ? 1 : 0 }] },
    {
      name: 'plimsoll_series_unwritten_samples',
      help: 'Samples that are in memory alone because they could not be written.',
      type: 'gauge',
      samples: [{ value: failing?.unwritten ?? 0 }],
    },
    {
      name: 'plimsoll_series_dropped_total',
      help: 'Samples that were dropped because they could not be written, since the server began.',
      type: 'counter',
      samples: [{ value: dropped }],
    },
    {
      name: 'plimsoll_series_beyond_limit_total',
      help: 'Samples of series beyond the limit, which were left out, since the server began.',
      type: 'counter',
      samples: [{ value: appended.beyondLimit }],
    },
    {
      name: 'plimsoll_series_live',
      help: 'Series that have said something lately.',
      type: 'gauge',
      samples: [{ value: series }],
    },
    {
      name: 'plimsoll_series_limit',
      help: 'So many of them there may be.',
      type: 'gauge',
      samples: [{ value: mostSeries }],
    },
  ]
}

const failingFamily = {
  name: 'plimsoll_series_failing',
  help: '1 while the store of time series cannot write what is collected.',
  type: 'gauge',
} as const
