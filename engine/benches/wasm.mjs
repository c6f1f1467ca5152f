// Times the analysis of a frame in wasm, one thread. See README.md beside this file.
//
// CPU time, not wall time, so that other work on the machine counts as little as possible.

import fs from "node:fs";

const WHAT = ["machines_100_objects", "motion", "health", "analysis_100_objects"];
const BATCH = 100;
const batches = Number(process.env.BATCHES ?? 18);

const cpuMillis = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

/** A module that never calls out: whatever it imports is for other parts of the crates it was linked from. */
async function load(path) {
  const module = await WebAssembly.compile(fs.readFileSync(path));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${name} was called`);
    };
  }
  return (await WebAssembly.instantiate(module, imports)).exports;
}

for (const [what, name] of WHAT.entries()) {
  // A module each: what one leaves in memory is no other's business.
  const { prepare, run } = await load(process.argv[2]);
  prepare(what);
  // Browsers, too, take a while to compile wasm with all optimisations.
  run(2 * BATCH);
  const times = [];
  for (let n = 0; n < batches; n++) {
    const start = cpuMillis();
    run(BATCH);
    times.push((cpuMillis() - start) / BATCH);
  }
  times.sort((a, b) => a - b);
  const [least, median, most] = [times[0], times[times.length >> 1], times.at(-1)].map((ms) => ms.toFixed(3));
  console.log(`${name}: median ${median} ms a frame (${least} to ${most})`);
}
