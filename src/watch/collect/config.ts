import { z } from 'zod'
import { nameSchema } from '../../kernel/index.ts'
import { readLabelMatchers } from '../../series/index.ts'
import {
  type AccessConfig,
  accessConfig,
  accessProblems,
  accessShape,
  prometheusPlace,
} from '../access/config.ts'
import { heartbeatsConfig } from '../heartbeats/config.ts'
import { addressSchema, intervalSchema, placeSchema } from '../probes/config.ts'

const aTarget = "expected a path such as '/metrics', an address, or { url: '…', bearer: secret('NAME') }"
/** Where metrics are told, and how whoever asks for them is let in. */
const target = z.union(
  [
    placeSchema.transform((url): { url: string } & AccessConfig => ({ url })),
    z.object({ url: placeSchema, ...accessShape }).strict(),
  ],
  { error: aTarget },
)
type Target = z.output<typeof target>

const aSelector = 'expected matchers of labels, such as \'job="payments",env="production"\''
const aLatency =
  "expected PromQL with $quantile, such as 'histogram_quantile($quantile, sum by (le) (rate(paid_seconds_bucket[5m])))'"
const promql = z.string().trim().min(1)

/** The team's Prometheus knows how requests there are answered. */
const prometheusElsewhere = z
  .object({
    url: addressSchema,
    /** Of its series; `job="SERVICE"` when not given. */
    selector: z
      .string({ error: aSelector })
      .refine((text) => readLabelMatchers(text) !== undefined, { error: aSelector })
      .optional(),
    /** PromQL, where series have names of their own: requests a second, those that failed, and seconds by `$quantile`. */
    rate: promql.optional(),
    errors: promql.optional(),
    latency: promql.refine((text) => text.includes('$quantile'), { error: aLatency }).optional(),
    ...accessShape,
  })
  .strict()
export type PrometheusElsewhere = z.output<typeof prometheusElsewhere>

type Places = {
  readonly address?: string | undefined
  readonly metrics?: readonly Target[] | undefined
  readonly prometheus?: PrometheusElsewhere | undefined
}

function checkAccess({ address, metrics = [], prometheus }: Places, context: z.RefinementCtx): void {
  const tell = (path: (string | number)[], access: AccessConfig, url: string | undefined) => {
    for (const [key, message] of accessProblems(access, url))
      context.addIssue({ code: 'custom', path: [...path, key], message })
  }
  for (const [i, one] of metrics.entries()) tell(['metrics', i], one, URL.parse(one.url, address)?.href)
  if (prometheus) tell(['prometheus'], prometheus, prometheus.url)
}

/** A service that somebody else runs: where it tells its metrics, and where it is asked. */
const elsewhere = z
  .object({
    /** Where it takes requests; probes and metrics with a path only are asked there. */
    address: addressSchema.optional(),
    /** Where metrics are told in the text format of Prometheus or OpenMetrics; each is a target of its own. */
    metrics: z
      .union([target.transform((one) => [one]), z.array(target).min(1)], { error: aTarget })
      .optional(),
    prometheus: prometheusElsewhere.optional(),
  })
  .strict()
  .superRefine(checkAccess)

const aRoute =
  "expected a template such as '/payments/:id': segments of letters, digits and -._~, :name for any, * for whatever is below"
/** A path in general: what stands for one payment or one card is named, never told. */
const route = z
  .string({ error: aRoute })
  .regex(/^\/$|^(\/([A-Za-z0-9._~-]+|:[A-Za-z_]\w*))*(\/\*)?$/, aRoute)
  .min(1, aRoute)

const formOf = (template: string): string => template.replace(/:\w+/g, ':')

/** Of two of one form the second would never be told anything. */
function differ(templates: readonly string[], context: z.RefinementCtx): void {
  const forms = templates.map(formOf)
  for (const [i, form] of forms.entries()) {
    const first = forms.indexOf(form)
    const message = `expected a form of its own: watch.routes[${first}] is ${templates[first]}`
    if (first !== i) context.addIssue({ code: 'custom', path: [i], message })
  }
}

/** How a service is watched. */
export const watchConfig = z
  .object({
    /** The team's Prometheus, where it has the series; `slo.promql` is asked of it. */
    prometheus: prometheusPlace.optional(),
    /** How whoever reads `start.metrics` of instances is let in. */
    metrics: accessConfig.optional(),
    /** How often metrics are read. */
    interval: intervalSchema.default(15_000),
    /** A target that tells more series than this is not taken in. */
    mostSamples: z.number().int().min(1).max(1_000_000).default(10_000),
    /** Where it runs without Plimsoll: name of the environment there, and where to look. */
    elsewhere: z.record(nameSchema, elsewhere).default({}),
    /** Paths that the gateway counts apart; all others are `other`. They hold from the next deployment on. */
    routes: z.array(route).max(50).superRefine(differ).default([]),
    /** Jobs that tell when they run. */
    heartbeats: heartbeatsConfig.default([]),
  })
  .strict()

export type WatchConfig = z.output<typeof watchConfig>
