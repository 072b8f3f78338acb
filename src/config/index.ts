/**
 * What a `plimsoll.config.ts` imports: `import { canary, defineConfig, sh, secret, slo } from 'plimsoll'`.
 * Nothing here does anything but build plain data, so that a configuration can be read without running more.
 */

/** What `defineConfig` takes: everything but `service` has a default. */
export type { ServiceInput } from './schema.ts'
export { blueGreen, canary, counter, rolling } from './words/deploy.ts'
export { command, errorBudget, freeze, headroom, signOff, soak } from './words/gates.ts'
export { alertmanager, email, heartbeat, pagerDuty, slack, webhook } from './words/notify.ts'
export { defineConfig, type Secret, secret, sh } from './words/service.ts'
export { probe, slo } from './words/watch.ts'
