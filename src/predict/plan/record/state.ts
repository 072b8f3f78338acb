import type { Level } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** So long after its end everything of an hour has been counted. */
export const settledMs = 5 * 60_000
/** What is older is forgotten. */
export const keptDays = 90
/** So far ahead forecasts are kept, to be compared. */
export const aheadMs = 7 * dayMs

/** Hour by hour from `from` on; null: not known. JSON has no NaN. */
export type Hours = { readonly from: Instant; readonly values: readonly (number | null)[] }

export type KeptBand = { readonly lower: readonly number[]; readonly upper: readonly number[] }

/** A forecast as it was made, without the hours that have been compared. */
export type KeptForecast = {
  readonly madeAt: Instant
  /** When the first hour begins. */
  readonly from: Instant
  readonly median: readonly number[]
  readonly bands: Readonly<Record<Level, KeptBand>>
  /** Seasonal naive of the same moment: the same hour of the week before. */
  readonly naive: readonly (number | null)[]
}

/** How forecasts fared in the hours of a day (UTC): an hour counts once for each forecast of it. */
export type DayScore = {
  readonly day: Instant
  /** Compared. */
  readonly hours: number
  /** Forecast, and nobody knows what came. */
  readonly unknown: number
  /** How many lay within each band. */
  readonly within: Readonly<Record<Level, number>>
  /** Of how many hours seasonal naive said something, too, and the sums of what both missed them by. */
  readonly both: number
  readonly error: number
  readonly naiveError: number
}

/** Something that is seen coming, as a look finds it. */
export type ThingSeen = {
  readonly kind: string
  readonly name: string
  /** When it is likely to come; undefined: not within the horizon. */
  readonly date?: Instant
  readonly hasTicket: boolean
  /** It is there already, by what was seen and not by what is expected. */
  readonly hasCome: boolean
}

/** A warning: from the first day on which something was told until it was told no more. */
export type Warning = {
  readonly kind: string
  readonly name: string
  readonly toldAt: Instant
  /** What was told, each time that it moved by a day or more. */
  readonly dates: readonly { readonly at: Instant; readonly date: Instant }[]
  readonly ticketAt?: Instant
  readonly cameAt?: Instant
  /** Since when it has not been told. */
  readonly silentAt?: Instant
  readonly endedAt?: Instant
}

/** What was forecast for a service in an environment, and how that fared. */
export type ForetoldState = {
  readonly service: string
  readonly environment: string
  /** Days on which somebody looked, oldest first, and whether there was a forecast. */
  readonly looks: readonly { readonly at: Instant; readonly made: boolean }[]
  readonly open: readonly KeptForecast[]
  readonly scores: readonly DayScore[]
  readonly warnings: readonly Warning[]
}

export type ForetoldCommand =
  | {
      readonly is: 'looked'
      readonly at: Instant
      /** Undefined: it was refused. */
      readonly made?: KeptForecast
      /** What came in the hours that `hoursWanted` names. */
      readonly came: Hours
      readonly things: readonly ThingSeen[]
    }
  | { readonly is: 'forget'; readonly at: Instant }

export const newForetold = (service: string, environment: string): ForetoldState => ({
  service,
  environment,
  looks: [],
  open: [],
  scores: [],
  warnings: [],
})
