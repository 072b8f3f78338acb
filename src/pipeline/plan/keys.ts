import type { Key } from '../../kernel/index.ts'

/** Key of one try of a step: `run/ID/JOB/STEP/TRY`; steps count from 0, tries from 1. */
export const tryKey = (run: string, job: string, step: number, attempt: number): Key =>
  `run/${run}/${job}/${step}/${attempt}`

/** Key of the run's own work: `run/ID/config/ATTEMPT`. No job's work has so few parts. */
export const runWorkKey = (run: string, what: 'config' | 'bundle', attempt: number): Key =>
  `run/${run}/${what}/${attempt}`

/** Key of a job's work: `run/ID/JOB/prepare/ATTEMPT`. */
export const jobWorkKey = (run: string, job: string, what: 'prepare' | 'collect', attempt: number): Key =>
  `run/${run}/${job}/${what}/${attempt}`

/** Names a job's working directory: `run/ID/JOB`. */
export const jobFolderKey = (run: string, job: string): Key => `run/${run}/${job}`
