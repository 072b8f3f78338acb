import { mailOf } from './plan/channels/email.ts'
import type { MessageBody } from './plan/message.ts'
import type { PostEnd, PostSpec } from './plan/state.ts'

type ByMail = Extract<PostSpec, { kind: 'email' }>

/** What a server answers when it has taken a mail. */
const taken = 250

const userOf = (user: string | { readonly secret: string }, values: Readonly<Record<string, string>>) =>
  typeof user === 'string' ? user : (values[user.secret] ?? '')

/** Codes of the library that say that the limit of time was reached. */
const late = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT'])

/** What went wrong, without what the server said: that may hold anything. */
function endOf(error: unknown): PostEnd {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string }
  if (code === 'ETLS' || /certificate|STARTTLS/i.test(message ?? ''))
    return { is: 'failed', because: 'the server does not encrypt as it must' }
  if (responseCode !== undefined) return { is: 'answered', status: responseCode }
  if (late.has(code ?? '')) return { is: 'failed', because: 'no answer in time' }
  return {
    is: 'failed',
    because: code === undefined ? 'the connection failed' : `the connection failed (${code})`,
  }
}

/**
 * Sends a mail. Its name is the same each time, so that what comes twice can be shown once.
 * @param ca whose certificates are trusted, when not those that Node.js trusts
 */
export async function postByMail(
  spec: ByMail,
  values: Readonly<Record<string, string>>,
  ca: string | undefined,
): Promise<PostEnd> {
  // Read when the first mail is sent: most teams send none.
  const { createTransport } = await import('nodemailer')
  const { protocol, hostname, port } = new URL(spec.server)
  const secure = protocol === 'smtps:'
  const { signIn, timeoutMs, plain } = spec
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // In clear text only to a server that does not offer anything else.
    requireTLS: !secure && !plain,
    ...(signIn
      ? { auth: { user: userOf(signIn.user, values), pass: values[signIn.password.secret] ?? '' } }
      : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca === undefined ? {} : { tls: { ca } }),
  })
  try {
    const message = JSON.parse(spec.body) as MessageBody
    const { from, to } = spec
    const { rejected } = await transport.sendMail({ from, to: [...to], ...mailOf(message, from, spec.page) })
    const refused = rejected.map(String)
    return {
      is: 'answered',
      status: taken,
      ...(refused.length > 0 ? { but: `not taken for ${refused.join(', ')}` } : {}),
    }
  } catch (error) {
    return endOf(error)
  } finally {
    transport.close()
  }
}
