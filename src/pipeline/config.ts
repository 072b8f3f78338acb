import { z } from 'zod'
import { imageSource } from '../fleet/index.ts'
import {
  durationSchema as duration,
  nameSchema as name,
  variablesSchema as variables,
} from '../kernel/index.ts'

/** A path of the job's working directory; it may hold wildcards, and never leaves that directory. */
const insidePath = z
  .string()
  .min(1)
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))/, 'expected a path inside the working directory')

export const stepConfig = z
  .object(
    {
      /** Shell command, run by `sh -eu` in the job's working directory. */
      run: z.string().min(1),
      name: z.string().min(1).optional(),
      env: variables.default({}),
      timeout: duration.default(600_000),
      /** How often it is tried again when it fails; each try is shown. */
      retries: z.number().int().min(0).max(5).default(0),
    },
    { error: "expected sh('COMMAND')" },
  )
  .strict()

/** The image in which the steps of a job run: built from a Dockerfile of the change, or taken as it is. */
const jobContainer = z
  .object(imageSource)
  .strict()
  .refine(({ dockerfile, image }) => (dockerfile === undefined) !== (image === undefined), {
    error: "expected either { image: 'NAME' } or { dockerfile: 'PATH' }",
  })

export const jobConfig = z
  .object({
    needs: z.array(z.string()).default([]),
    steps: z.array(stepConfig).min(1),
    env: variables.default({}),
    /** Its steps run in a container with its working directory; otherwise on this machine. */
    container: jobContainer.optional(),
    /** For the whole job. */
    timeout: duration.default(3_600_000),
    /** Paths of the working directory handed to the jobs that need this one, and to the release. */
    outputs: z.array(insidePath).default([]),
    reports: z.object({ junit: insidePath.optional() }).strict().default({}),
    /** Paths kept between runs while the files of `key` are the same; they are outputs too. */
    cache: z
      .object({ key: z.array(insidePath).min(1), paths: z.array(insidePath).min(1) })
      .strict()
      .optional(),
  })
  .strict()

export const pipelineConfig = z.record(name, jobConfig)

/** What of the tree and the jobs' outputs becomes the release. */
export const releaseConfig = z
  .object({ include: z.array(insidePath).default(['**']), exclude: z.array(insidePath).default([]) })
  .strict()

export type StepConfig = z.output<typeof stepConfig>
export type JobConfig = z.output<typeof jobConfig>
export type PipelineConfig = z.output<typeof pipelineConfig>
export type ReleaseConfig = z.output<typeof releaseConfig>
