/** How a forecast was made. */
export type Method = 'seasonal-autoregression' | 'theta' | 'flat' | 'constant'

/** Shares of the future that a band is to hold, in percent. */
export const levels = [50, 80, 95] as const
export type Level = (typeof levels)[number]

/** What a model says on its own scale (see `scale.ts`): the middle, and how far bands reach from it. */
export type Outlook = {
  readonly method: Method
  /** One sentence: why this method. */
  readonly why: string
  /** One number for each step. */
  readonly centre: Float64Array
  /** From the middle to the edge of a band, at a step counted from 0. */
  readonly halfWidth: (level: Level, step: number) => number
}
