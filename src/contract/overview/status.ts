import type { EnvironmentRow, NoteView, RunSummary, ServiceRow, ServicesView } from '../services.ts'
import { whenText } from './coming.ts'
import { comingSoon, type Note, nothingComing, type Sights, untoldNow, wrongOf } from './notes.ts'
import { headroomIn, type Standing, standingIn } from './standings.ts'

type Row = EnvironmentRow & {
  /** The worst that there is to say of it, in a word or two, as on the first page. */
  readonly stands: Standing
  /** How much of its load line the busiest hour used, and when it is crossed; absent: nobody asked for one. */
  readonly loadLine?: { readonly used?: number; readonly text: string }
}

/** All that there is to say of one service, or of all: what `plimsoll status` says. */
export type Status = {
  readonly schemaVersion: 1
  readonly at: number
  /** `untold`: nothing is known to be wrong, but of something nobody can tell. */
  readonly is: 'well' | 'wrong' | 'untold'
  readonly wrong: readonly Note[]
  readonly untold: readonly Note[]
  readonly coming: readonly Note[]
  /** What there is to say when nothing is coming. */
  readonly foresight: string
  readonly waiting: readonly NoteView[]
  readonly changed: ServicesView['changed']
  readonly services: readonly (Omit<ServiceRow, 'environments'> & { readonly environments: readonly Row[] })[]
}

const isOf =
  (service: string | undefined) =>
  (note: NoteView): boolean =>
    service === undefined || note.service === undefined || note.service === service

function rowOf(service: string, row: EnvironmentRow, sights: Sights): Row {
  const headroom = headroomIn(sights, { service, environment: row.name })
  const used = headroom?.used?.at
  return {
    ...row,
    stands: standingIn(service, row, sights),
    ...(headroom ? { loadLine: { ...(used === undefined ? {} : { used }), text: whenText(headroom) } } : {}),
  }
}

/** A ticket, or a busiest hour that left too little, is to be seen to; what is wrong is what somebody would be called for. */
const isUrgent = ({ urgency }: Note): boolean => urgency === 'failed'

/** @param only the name of one service; all of them otherwise */
export function statusOf(view: ServicesView, sights: Sights, only?: string): Status {
  const here = isOf(only)
  const wrong = wrongOf(view, sights).filter(here)
  const untold = untoldNow(sights).filter(here)
  const isTold = untold.length === 0 && view.services.length > 0
  const is = wrong.some(isUrgent) ? 'wrong' : isTold ? 'well' : 'untold'
  return {
    ...{ schemaVersion: 1, at: view.at, is, wrong, untold },
    coming: comingSoon(sights).filter(here),
    foresight: nothingComing(sights),
    waiting: view.waiting.filter(here),
    changed: view.changed.filter(here),
    services: view.services
      .filter(({ name }) => only === undefined || name === only)
      .map((service) => ({
        ...service,
        environments: service.environments.map((row) => rowOf(service.name, row, sights)),
      })),
  }
}

/** The newest run of a service, while it goes on or when it did not pass: nothing else would say so. */
export const runOfInterest = ({ lastRun }: Pick<ServiceRow, 'lastRun'>): RunSummary | undefined =>
  lastRun?.standing === 'passed' ? undefined : lastRun
