/**
 * The launcher of a job: a tiny `sh`, so that nothing of ours has to live for a command to be watched to its end.
 * Its first act is to claim the job by making a file that must not exist (`set -C`): of two launchers one goes away.
 * It leads the session and group of its command, but lets TERM pass by, so that it can write how the command ended.
 * Only builtins are used: a launcher costs one fork more than the command.
 *
 * Arguments: the job's folder, the working directory, the command and its arguments.
 */
export const launcherScript = `
umask 077
dir=$1 cwd=$2
shift 2
set -C
read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/self/stat
{ echo "$boot $stat" >"$dir/claim"; } 2>/dev/null || exit 0
set +C
trap : TERM INT HUP
if ! cd "$cwd" 2>/dev/null; then echo "couldNotStart there is no folder $cwd" >"$dir/exit"; exit 0; fi
if ! command -v "$1" >/dev/null 2>&1; then echo "couldNotStart there is no program $1" >"$dir/exit"; exit 0; fi
(
  trap - TERM INT HUP
  umask 022
  read -r stat </proc/self/stat
  echo "$boot $stat" >"$dir/child"
  exec "$@"
) </dev/null >>"$dir/spool" 2>&1
echo "exited $?" >"$dir/exit"
`
