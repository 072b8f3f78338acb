#!/usr/bin/env node
// Old syntax throughout: any Node.js must be able to read this file, if only to say that it is too old.
'use strict'

var childProcess = require('child_process')
var fs = require('fs')
var path = require('path')

var needed = 24
var root = path.join(__dirname, '..')
var built = path.join(root, 'dist', 'cli', 'main.js')
var entry = fs.existsSync(built) ? built : path.join(root, 'src', 'cli', 'main.ts')
var args = process.argv.slice(2)

/**
 * What was compiled once is kept: the next command begins in a third of the time, and in less memory. In a folder of this
 * user's own, since whoever writes there decides what runs; a variable that is set already is heeded.
 */
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE || process.env.NODE_DISABLE_COMPILE_CACHE) return
  var cache = process.env.XDG_CACHE_HOME || path.join(require('os').homedir(), '.cache')
  process.env.NODE_COMPILE_CACHE = path.join(cache, 'plimsoll', 'compiled')
}

/** The Node.js that the `node` package brings, when it was installed beside us. */
function findNode() {
  var places = [path.join(root, 'node_modules'), path.join(root, '..')]
  for (var i = 0; i < places.length; i++) {
    var file = path.join(places[i], 'node', 'bin', 'node')
    if (fs.existsSync(file)) return file
  }
  return undefined
}

/** Becomes, as far as a process can, the command run by another Node.js. */
function handOver(node) {
  var child
  // Ctrl-C reaches the child by itself; what is sent to this process alone is passed on. Heard before the child begins,
  // so that nothing which is sent once it is there can end this process alone.
  function ignore() {}
  process.on('SIGINT', ignore)
  var passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR2']
  passedOn.forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal)
    })
  })
  child = childProcess.spawn(node, [entry].concat(args), { stdio: 'inherit' })
  child.on('error', refuse)
  child.on('exit', function (code, signal) {
    if (code !== null) process.exit(code)
    // Ends as the child ended, so that whoever waits sees the same.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function refuse() {
  process.stderr.write(
    'PLM_NODE_TOO_OLD  This is Node.js ' +
      process.versions.node +
      ', Plimsoll needs ' +
      needed +
      ' or later.\n' +
      '  The `node` package brings one: npm install --save-dev node@' +
      needed +
      '\n',
  )
  process.exit(2)
}

keepCompiled()
if (parseInt(process.versions.node, 10) >= needed) {
  process.argv[1] = entry
  // The variable is for processes that begin with it; this one has begun.
  require('module').enableCompileCache(process.env.NODE_COMPILE_CACHE)
  // `import()` is a syntax error where it is not known, so it is hidden from those who only read this file.
  new Function('url', 'return import(url)')(require('url').pathToFileURL(entry).href)
} else {
  var brought = findNode()
  if (brought) handOver(brought)
  else refuse()
}
