/** An answer that is not what the caller hoped for, as a problem document (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title one sentence that is the same for every such problem
   * @param {string} [detail] what is wrong this time
   * @param {Record<string, string>} [headers] what HTTP wants beside it
   */
  constructor(status, title, detail = title, headers = {}) {
    super(detail)
    this.status = status
    this.title = title
    this.headers = headers
  }

  toJSON() {
    return { type: 'about:blank', title: this.title, status: this.status, detail: this.message }
  }
}

export const badRequest = (/** @type {string} */ detail) =>
  new Problem(400, 'The request is not valid', detail)
export const notFound = () => new Problem(404, 'There is no such thing here')
export const conflict = (/** @type {string} */ detail) => new Problem(409, 'This is not possible now', detail)
