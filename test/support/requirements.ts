import { existsSync } from 'node:fs'

/** What tests may need of a machine beyond Node.js and git. */
export const everyRequirement = ['chromium'] as const
export type Requirement = (typeof everyRequirement)[number]

export type Need = {
  /** What is skipped without it; undefined when it is there. */
  readonly missing?: string
  /** How to get it. */
  readonly enable: string
}

/** Chromium of the distribution, or the one that a variable names. */
export const chromiumPath = process.env.PLIMSOLL_CHROMIUM ?? '/usr/bin/chromium'

const look: Readonly<Record<Requirement, () => Need>> = {
  chromium: () => ({
    ...(existsSync(chromiumPath) ? {} : { missing: 'the tests of the page, for want of Chromium' }),
    enable: 'apt-get install chromium, or name one in PLIMSOLL_CHROMIUM',
  }),
}

/**
 * Whether a test can run here.
 * @throws Error when it cannot and PLIMSOLL_REQUIRE_ALL is set: where everything is installed, nothing may be skipped
 */
export function needs(name: Requirement): Need {
  const need = look[name]()
  if (need.missing && process.env.PLIMSOLL_REQUIRE_ALL === '1')
    throw new Error(`${need.missing}: ${need.enable}`)
  return need
}
