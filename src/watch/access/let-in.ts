import { PlimsollError } from '../../kernel/index.ts'
import { type Access, accessOf, secretsOf } from './access.ts'
import type { AccessConfig } from './config.ts'

/** Values of secrets by name. Throws when one has none. */
export type Secrets = (names: readonly string[]) => Promise<Readonly<Record<string, string>>>

/** How a place is asked; or why it cannot be, for want of a secret. */
export async function letIn(
  config: AccessConfig,
  secrets: Secrets,
): Promise<Access | { readonly because: string }> {
  try {
    const names = secretsOf(config)
    return accessOf(config, names.length === 0 ? {} : await secrets(names))
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    return { because: `was not asked: ${error.problems[0]?.text ?? error.message}` }
  }
}
