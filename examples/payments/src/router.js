import { notFound, Problem } from './problem.js'
import { routes } from './routes.js'

const patterns = routes.map((route) => ({
  ...route,
  pattern: new RegExp(`^${route.path.replace(':id', '([0-9a-f-]{36})')}$`),
}))

function notAllowed(/** @type {string} */ possible) {
  return new Problem(405, 'This method is not possible here', `possible: ${possible}`, { allow: possible })
}

/**
 * Finds who answers a request.
 * @param {string} method
 * @param {string} path
 * @throws {Problem} 404, or 405 when only the method is wrong
 */
export function findRoute(method, path) {
  const matching = patterns.filter(({ pattern }) => pattern.test(path))
  if (matching.length === 0) throw notFound()
  const route = matching.find((one) => one.method === method)
  if (!route) throw notAllowed(matching.map((one) => one.method).join(', '))
  return { name: route.path, answer: route.answer, id: route.pattern.exec(path)?.[1] }
}
