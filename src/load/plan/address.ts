/** An absolute address that load can be made on. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

/** Whether it carries a user's name or password: nobody would send them, and everybody would read them in reports. */
export function namesUser(address: string): boolean {
  const { username, password } = new URL(address)
  return username !== '' || password !== ''
}

/** What was probably meant by one without its scheme: `localhost:8080/x`. */
export function nearestAddress(text: string): string | undefined {
  const whole = `http://${text}`
  return /^[\w.-]+:\d+(?:\/|$)/.test(text) && isAddress(whole) ? whole : undefined
}

/** Whether an absolute address is one of this machine, by its name alone. */
export const isHere = (url: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
