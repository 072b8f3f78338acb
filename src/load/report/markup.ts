/** Text that is HTML or SVG already. Only `html` makes it, so that nothing of others gets in unescaped. */
export type Markup = { readonly markup: string }

type Value = string | number | Markup | readonly Markup[] | false | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => entities[one] ?? one)

function show(value: Value): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('')
}

/**
 * Builds markup: texts are escaped, markup is put in as it is, `false` and `undefined` leave nothing.
 * @example html`<p>${'a < b'}</p>`.markup // '<p>a &lt; b</p>'
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  markup: parts.map((part, i) => part + show(values[i])).join(''),
})

export const nothing: Markup = { markup: '' }
