/** An absolute address that load can be made on. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

/** What was probably meant by one without its scheme: `localhost:8080/x`. */
export function nearestAddress(text: string): string | undefined {
  const whole = `http://${text}`
  return /^[\w.-]+:\d+(?:\/|$)/.test(text) && isAddress(whole) ? whole : undefined
}
