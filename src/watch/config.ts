export { type AlertsConfig, alertsConfig } from './alerts-config.ts'
export { watchConfig } from './collect/config.ts'
export { type SloConfig, slosConfig } from './slo-config.ts'
