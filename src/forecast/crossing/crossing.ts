import type { History, Refusal } from '../history.ts'
import type { Line } from './line.ts'
import type { Crossing } from './outcome.ts'
import { atAStretch, type CrossingOptions, crossingOf, pathsInSteps } from './paths.ts'

/**
 * When what repeats and grows, such as requests per second, reaches a line: growth, weekdays, special days and lasting changes of level are
 * fitted to the daily peaks of the last half year; futures are simulated with coefficients, noise and line drawn anew.
 * Years are not known of: what comes once a year is to be listed among the days.
 * @param history in steps that fill a day; its highest value of each day counts
 * @param line in the history's units
 */
export function crossing(history: History, line: Line, options: CrossingOptions = {}): Crossing | Refusal {
  const paths = atAStretch(pathsInSteps(history, options))
  return paths.is === 'refused' ? paths : crossingOf(paths, line)
}
