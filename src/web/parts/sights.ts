import { useQuery } from '@tanstack/react-query'
import type { AlertsView, FuturesView, HeadroomView, HealthView } from '../../contract/index.ts'
import type { Sights } from '../../contract/overview/notes.ts'
import { get, paths } from '../api.ts'

/** Looks at a path again and again; what was seen last stays meanwhile. */
export const useSeen = <T>(path: string, refetchInterval: number): T | undefined =>
  useQuery<T>({
    queryKey: [path],
    queryFn: () => get<T>(path),
    refetchInterval,
    placeholderData: (before) => before,
  }).data

/** What is to come does not come sooner when it is looked at more often. */
const aheadMs = 60_000

export const useHeadroom = (service = ''): HeadroomView | undefined =>
  useSeen<HeadroomView>(paths.headroom(service), aheadMs)

export const useFutures = (service = ''): FuturesView | undefined =>
  useSeen<FuturesView>(paths.futures(service), aheadMs)

/** All that is known of all services beside what runs where. */
export const useSights = (): Sights => ({
  alerts: useSeen<AlertsView>(paths.alerts(), 10_000),
  health: useSeen<HealthView>(paths.health(), 10_000),
  headroom: useHeadroom(),
  futures: useFutures(),
})
