import type { Socket } from 'node:net'

/** In how many parts the patience is cut: the end is seen at most so much of it too late. */
const looks = 8

/**
 * Watches whether anything moves on a client's connection, either way. It costs a timer that is due only when a request
 * takes long, and nothing for each part of a body.
 * @param isOverdue whether it must end even though it moves
 * @param stuck called once when nothing has moved for `patienceMs`, or when it is overdue
 */
export function watchStillness(
  socket: Socket,
  patienceMs: number,
  isOverdue: () => boolean,
  stuck: () => void,
): NodeJS.Timeout {
  let bytes = socket.bytesRead + socket.bytesWritten
  let still = 0
  const timer = setInterval(() => {
    const now = socket.bytesRead + socket.bytesWritten
    still = now === bytes ? still + 1 : 0
    bytes = now
    if (still < looks && !isOverdue()) return
    clearInterval(timer)
    stuck()
  }, patienceMs / looks)
  return timer
}
