import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url),
)

/**
 * Holds the listening socket as file descriptor 3 and runs the gateway again and again, so that connections queue
 * while there is none. It says who it is in `gateway.json`: boot id, pid and start time name a process for good.
 * USR1: a new gateway at once, the old one hands over (USR2). TERM: all wind up, then it ends.
 */
const script = `
trap '' HUP INT
read -r boot < /proc/sys/kernel/random/boot_id
read -r stat < /proc/$$/stat
started=$(set -- $stat; shift 21; echo "$1")
echo "{\\"pid\\":$$,\\"startTime\\":\\"$started\\",\\"boot\\":\\"$boot\\"}" > gateway.json.new
mv gateway.json.new gateway.json

child= ; all= ; stopping=
mine() { [ -r "/proc/$1/stat" ] && read -r _ _ state parent _ 2>/dev/null < "/proc/$1/stat" && [ "$parent" = $$ ] && [ "$state" != Z ]; }
living() { kept=; for pid in $all; do mine "$pid" && kept="$kept $pid"; done; all=$kept; }
tell() { living; for pid in $all; do kill -"$1" "$pid" 2>/dev/null; done; }
run() { since=$(date +%s); "$@" --loop $$ & child=$!; all="$all $child"; }
upgrade() { [ -n "$stopping" ] && return; tell USR2; run "$@"; }
trap 'upgrade "$@"' USR1
trap 'stopping=1; tell TERM' TERM

run "$@"
while [ -z "$stopping" ]; do
  wait "$child"
  mine "$child" && continue
  [ $(($(date +%s) - since)) -lt 1 ] && sleep 0.3
  mine "$child" && continue
  living
  [ -z "$stopping" ] && run "$@"
done
exec 3<&-
tell TERM
while living; [ -n "$all" ]; do
  for pid in $all; do wait "$pid"; done
done
rm -f gateway.json control.sock
`

/**
 * Starts the loop, detached, in `folder`.
 * @param listening file descriptor of the listening socket, in this process
 */
export function startLoop(folder: string, listening: number, env: NodeJS.ProcessEnv): Promise<void> {
  const log = openSync(join(folder, 'gateway.log'), 'a', 0o600)
  const command = [process.execPath, entry, '--folder', '.']
  const loop = spawn('/bin/sh', ['-c', script, 'plimsoll-gateway', ...command], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', log, log, listening],
  })
  closeSync(log)
  loop.unref()
  return new Promise((resolve, reject) => {
    loop.once('spawn', resolve)
    loop.once('error', reject)
  })
}
