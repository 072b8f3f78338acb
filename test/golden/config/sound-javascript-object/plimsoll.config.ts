export default {
  service: 'plain',
  start: { command: 'python3 -m http.server $PORT' },
  pipeline: { test: { steps: [{ run: 'python3 -m unittest' }] } },
  environments: { staging: {} },
}
