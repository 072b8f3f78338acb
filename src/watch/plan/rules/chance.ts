/**
 * How many deviations above the mean of a normal distribution are that unlikely, to three digits after the point (formula
 * 26.2.23 of Abramowitz and Stegun); for chances up to one half.
 */
function deviationsOf(chance: number): number {
  const t = Math.sqrt(-2 * Math.log(chance))
  const above = 2.515517 + t * (0.802853 + t * 0.010328)
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
  return t - above / below
}

const figure = (value: number): string => String(Number(value.toPrecision(6)))

/**
 * PromQL that holds when as many bad events are less likely than `chance` where `share` of all are bad. PromQL has no
 * binomial distribution; its deviance, with half an event off, is that of a normal one squared, and agrees with the
 * exact chance to within an event.
 * @returns undefined when no number of events is too likely
 */
export function unlikely(bad: string, total: string, share: number, chance: number): string | undefined {
  if (chance >= 0.5) return undefined
  const b = `(${bad} - 0.5)`
  const g = `(clamp_min(${total} - ${bad}, 0) + 0.5)`
  const expected = (part: number) => `(${total} * ${figure(part)})`
  const deviance = `${b} * ln(${b} / ${expected(share)}) + ${g} * ln(${g} / ${expected(1 - share)})`
  return `2 * (${deviance}) > ${figure(deviationsOf(chance) ** 2)}`
}
