import { z } from 'zod'
import { durationSchema, type Json } from '../kernel/index.ts'
import { type KeyPath, valueAt } from './keyPath.ts'

const isWrapper = (schema: z.core.$ZodType): schema is z.ZodDefault | z.ZodOptional | z.ZodPrefault =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault

/** Takes off what only wraps a schema: defaults, optional, transforms. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (isWrapper(schema)) return unwrap(schema.def.innerType)
  return schema instanceof z.ZodPipe ? unwrap(schema.def.in) : schema
}

/** Is this value written as a duration? */
export function isDuration(schema: z.core.$ZodType): boolean {
  if (isWrapper(schema)) return isDuration(schema.def.innerType)
  // `'file'`, or how long.
  if (schema instanceof z.ZodUnion) return schema.options.some(isDuration)
  // A duration that must also be one of a few is a schema of its own, with the same inside.
  return schema instanceof z.ZodPipe && schema.def.in === durationSchema.def.in
}

const discriminatorOf = (union: z.ZodUnion): string =>
  union instanceof z.ZodDiscriminatedUnion ? union.def.discriminator : 'kind'

/** The option of a union that a value chose by its `kind` or the like, else the first object among the options. */
function chooseOption(union: z.ZodUnion, value: Json | undefined): z.core.$ZodType {
  const key = discriminatorOf(union)
  const kind = valueAt(value, [key])
  const objects = union.options.filter((option) => option instanceof z.ZodObject)
  const chosen = objects.find((option) => option.shape[key]?.safeParse(kind).success)
  return chosen ?? objects[0] ?? union
}

/** The schema one key further in; undefined when it knows no such key. */
export function schemaBelow(
  schema: z.core.$ZodType,
  part: string | number,
  value: Json | undefined,
): z.core.$ZodType | undefined {
  const bare = unwrap(schema)
  if (bare instanceof z.ZodUnion) {
    const option = chooseOption(bare, value)
    // One name or several: nothing of it has keys.
    return option === bare ? undefined : schemaBelow(option, part, value)
  }
  if (bare instanceof z.ZodArray) return bare.def.element
  if (bare instanceof z.ZodRecord) return bare.def.valueType
  return bare instanceof z.ZodObject ? bare.def.shape[part] : undefined
}

/** The keys that an object may have at `path`; none when any name will do there, or the path leads nowhere. */
export function allowedKeys(schema: z.core.$ZodType, path: KeyPath, root: Json): readonly string[] {
  let at: z.core.$ZodType | undefined = schema
  path.forEach((part, index) => {
    at = at && schemaBelow(at, part, valueAt(root, path.slice(0, index)))
  })
  const bare = at && unwrap(at)
  const chosen = bare instanceof z.ZodUnion ? chooseOption(bare, valueAt(root, path)) : bare
  return chosen instanceof z.ZodObject ? Object.keys(chosen.def.shape) : []
}
