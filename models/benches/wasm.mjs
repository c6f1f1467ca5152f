// Times whole passes of the networks in wasm, one thread, in node 22 or newer. See README.md beside this file.
//
// CPU time, not wall time, so that other work on the machine counts as little as possible; all candidates take turns within
// each round, and only ratios within one run mean anything.

import fs from "node:fs";

const SIZES = [
  [0, 320],
  [2, 448],
];
const rounds = Number(process.env.ROUNDS ?? 9);

const cpuMillis = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A module that never calls out: whatever it imports is for other parts of the crates it was linked from. */
async function load(path) {
  const module = await WebAssembly.compile(fs.readFileSync(path));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${name} was called`);
    };
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  return { name: path, exports };
}

/** onnxruntime-web on an ONNX file of the same network, where both are given. */
async function reference(variant, size) {
  const { ORT_WEB, ONNX } = process.env;
  if (!ORT_WEB || !ONNX) return undefined;
  const ort = await import(`${ORT_WEB}/dist/ort.wasm.bundle.min.mjs`);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = fs.readFileSync(`${ORT_WEB}/dist/ort-wasm-simd-threaded.wasm`);
  const session = await ort.InferenceSession.create(fs.readFileSync(`${ONNX}/lite${variant}.onnx`), {
    executionProviders: ["wasm"],
  });
  const image = new ort.Tensor("float32", new Float32Array(3 * size * size), [1, 3, size, size]);
  return () => session.run({ [session.inputNames[0]]: image });
}

const modules = await Promise.all(process.argv.slice(2).map(load));
for (const [variant, size] of SIZES) {
  const candidates = [];
  const run = await reference(variant, size);
  if (run) candidates.push({ name: "onnxruntime-web", run });
  for (const { name, exports } of modules) {
    for (const all of [1, 0]) {
      const prepare = () => {
        exports.prepare(variant, all);
        exports.pass(size, size);
      };
      candidates.push({ name: `${name}, ${all ? "90" : "11"} classes`, prepare, run: () => exports.pass(size, size) });
    }
  }
  for (const candidate of candidates) candidate.times = [];
  for (let round = 0; round <= rounds; round++) {
    for (const { prepare, run, times } of candidates) {
      await prepare?.();
      const start = cpuMillis();
      await run();
      if (round > 0) times.push(cpuMillis() - start);
    }
  }
  for (const { name, times } of candidates) {
    const ratio = median(times) / median(candidates[0].times);
    const least = Math.min(...times) / Math.min(...candidates[0].times);
    console.log(
      `Lite${variant} ${size}: ${name}: median ${median(times).toFixed(0)} ms (${ratio.toFixed(2)} of the first), ` +
        `least ${Math.min(...times).toFixed(0)} ms (${least.toFixed(2)})`,
    );
  }
}
