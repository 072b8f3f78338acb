type Named = { readonly method: string; readonly url: string }

/**
 * Under what each request is counted: `GET /path`, and `GET host:8080/path` where two hosts have the same. The same
 * address twice has one name.
 */
export function namesOf(requests: readonly Named[]): readonly string[] {
  const parts = requests.map(({ method, url }) => {
    const { host, origin, pathname } = new URL(url)
    return { origin, plain: `${method} ${pathname}`, whole: `${method} ${host}${pathname}` }
  })
  const origins = Map.groupBy(parts, ({ plain }) => plain)
  return parts.map(({ plain, whole }) => {
    const same = origins.get(plain) ?? []
    return same.every(({ origin }) => origin === same[0]?.origin) ? plain : whole
  })
}
