import type { Crowd } from './crowd.ts'
import type { Ledger } from './ledger.ts'
import type { Manners } from './manners.ts'
import type { RouteBook } from './route-book.ts'
import type { Routes, Upstream } from './routes.ts'
import type { Squeeze } from './squeeze.ts'
import type { WaitingRoom } from './waiting-room.ts'

/** What every exchange needs of the gateway. */
export type Surroundings = {
  readonly routes: Routes
  readonly ledger: Ledger
  readonly routeBook: RouteBook
  readonly squeeze: Squeeze
  readonly crowd: Crowd
  readonly room: WaitingRoom
  /** As the table has them now. */
  readonly manners: () => Manners
  readonly elapsedMs: () => number
  readonly now: () => number
  /** Each answer ends its connection. */
  readonly isLeaving: () => boolean
  /** Nobody listened at the upstream. */
  readonly unreachable: (upstream: Upstream, because: string) => void
}
