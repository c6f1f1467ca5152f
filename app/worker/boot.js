// Starts a worker's wasm module. Messages that come before it listens are kept and given to it in order.
import init from './worker.js';

const early = [];
self.onmessage = (event) => early.push(event);

init().then(
  () => early.splice(0).forEach((event) => self.onmessage(event)),
  (error) => {
    for (const event of early.splice(0)) event.data?.frame?.close?.();
    self.onmessage = (event) => event.data?.frame?.close?.();
    self.postMessage({ type: 'failed', job: null, code: 'internal', message: `the worker's module: ${error}`, fatal: true });
  },
);
