#!/usr/bin/env node
// Times one frame in one page of one Chromium: Vigie's CPU workers, MediaPipe tasks-vision and onnxruntime-web.
//
//   node app/worker/bench/bench.mjs --workers DIR --models DIR --tflite DIR [--rounds N] [--json] [--out FILE]
//
// --workers (VIGIE_WORKERS)        holds cpu/ and cpu-relaxed/ as built (--dist DIR: its folder workers/)
// --models  (VIGIE_MODELS)         holds efficientdet-lite{0,2}.bpk
// --tflite  (VIGIE_MODEL_SOURCES)  holds the pinned efficientdet-lite{0,2}.tflite
// --pictures DIR with PNG or JPEG files (default: the parity pictures), or --clip FILE, a video that Chromium plays
// --only lite0|lite2 leaves the other out. VIGIE_CHROMIUM names another browser than /usr/bin/chromium, NODE_PATH the folder
// where this folder's packages are installed (default: node_modules here). --json prints JSON instead of a table.
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { toOnnx } from './onnx.mjs';
import { serve } from './server.mjs';
import { FIXTURES, FOLDERS, chromiumWith, orderOf, workersOf } from './setup.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { env } = process;
const { values: args } = parseArgs({
  options: {
    ...FOLDERS, tflite: { type: 'string', default: env.VIGIE_MODEL_SOURCES },
    clip: { type: 'string' }, pictures: { type: 'string', default: FIXTURES },
    rounds: { type: 'string', default: '20' }, only: { type: 'string' }, json: { type: 'boolean' }, out: { type: 'string' },
  },
});
const stop = (why) => { console.error(`bench: ${why}`); process.exit(2); };
args.workers = workersOf(args);
for (const name of ['workers', 'models', 'tflite']) if (!args[name]) stop(`--${name} DIR is missing`);

const modules = path.resolve(env.NODE_PATH || path.join(here, 'node_modules'));
if (!existsSync(path.join(modules, 'onnxruntime-web'))) stop(`no packages in ${modules}: npm ci in ${path.relative('.', here)} first`);
const { chromium } = (await import(pathToFileURL(path.join(modules, 'playwright-core/index.js')))).default;

/** Share of the clip's length at which pictures are taken. */
const CLIP_PICTURES = [0.05, 0.3, 0.55, 0.8];
const pictures = args.clip
  ? CLIP_PICTURES.map((at) => ({ clip: '/clip', at }))
  : (await readdir(args.pictures, { recursive: true })).filter((file) => /\.(png|jpe?g)$/i.test(file)).sort()
    .map((file) => ({ url: `/pictures/${file}` }));
if (pictures.length === 0) stop(`no pictures in ${args.pictures}`);

const routes = {
  '/favicon.ico': Buffer.alloc(0),
  '/': here,
  '/workers/': args.workers,
  '/models/': args.models,
  '/tflite/': args.tflite,
  ...(args.clip ? { '/clip': await readFile(args.clip) } : { '/pictures/': args.pictures }),
  '/vendor/mediapipe/': path.join(modules, '@mediapipe/tasks-vision'),
  '/vendor/ort/': path.join(modules, 'onnxruntime-web/dist'),
};
const jobs = [];
for (const model of ['lite0', 'lite2'].filter((name) => !args.only || name === args.only)) {
  const tflite = path.join(args.tflite, `efficientdet-${model}.tflite`);
  const { onnx, size, anchors } = toOnnx(await readFile(tflite));
  routes[`/onnx/${model}.onnx`] = onnx;
  routes[`/onnx/${model}.anchors`] = Buffer.from(anchors.buffer);
  const order = await orderOf(args.models, model);
  const vigie = ['cpu-relaxed', 'cpu'].filter((kind) => existsSync(path.join(args.workers, kind, 'boot.js')))
    .map((kind) => ({ label: `Vigie ${kind}`, kind, order, iou: 0.9 }));
  if (vigie.length === 0) stop(`no cpu/boot.js in ${args.workers}`);
  const common = {
    pictures, rounds: Number(args.rounds), warmup: 2, minScore: 0.3, sure: 0.5,
  };
  jobs.push({
    ...common, title: `${model} at ${size}×${size}`, width: size, height: size,
    contenders: [
      ...vigie,
      { label: 'onnxruntime-web wasm', kind: 'onnxruntime', iou: 0.9, model: `/onnx/${model}.onnx`, anchors: `/onnx/${model}.anchors` },
      // It computes in int8 and answers in whole pixels of the input, which moves the edges of small boxes by a tenth.
      { label: 'MediaPipe tasks-vision', kind: 'mediapipe', iou: 0.75, model: `/tflite/efficientdet-${model}.tflite` },
    ],
  });
  if (model === 'lite0') jobs.push({ ...common, title: 'lite0 at 640×384 (Vigie alone)', width: 640, height: 384, contenders: vigie });
}

const server = await serve(routes);
const browser = await chromium.launch(chromiumWith('--disable-gpu', '--enable-unsafe-swiftshader'));
const version = (file) => readFile(path.join(modules, file, 'package.json')).then((text) => JSON.parse(text).version);
const results = {
  machine: `${os.cpus()[0]?.model?.trim()}, ${os.cpus().length} threads`, load: os.loadavg()[0], browser: browser.version(),
  mediapipe: await version('@mediapipe/tasks-vision'), onnxruntime: await version('onnxruntime-web'),
  timed: 'from an ImageBitmap of the input\'s size to boxes: pixels, network, boxes and, for Vigie, the messages to and from its worker',
  comparisons: [],
};
let failed = false;
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  if (env.VIGIE_BENCH_LOG) page.on('console', (line) => console.log(`page: ${line.text()}`));
  await page.goto(`${server.origin}/page.html`);
  await page.waitForFunction('window.ready');
  for (const job of jobs) results.comparisons.push(await page.evaluate((one) => window.compare(one), job));
} finally {
  await browser.close();
  server.close();
}

const say = args.json ? () => {} : console.log;
const ms = (value) => (value === null ? '' : value.toFixed(1)).padStart(8);
say(`${results.machine}, load ${results.load.toFixed(1)}; Chromium ${results.browser}; MediaPipe ${results.mediapipe}, onnxruntime-web ${results.onnxruntime}`);
say(`Timed: ${results.timed}. MediaPipe and onnxruntime-web run in the page's thread; one thread each.`);
for (const comparison of results.comparisons) {
  say(`\n${comparison.title}: ${comparison.pictures} pictures × ${comparison.rounds} rounds, ms a frame`);
  say(`${''.padEnd(26)}  median      p95  network   boxes ≥ .5  agreement`);
  for (const row of comparison.rows) {
    const agreed = row.compared === 0 ? '' : `${row.compared - row.missing.length}/${row.compared}`;
    say(`${row.label.padEnd(26)}${ms(row.median_ms)} ${ms(row.p95_ms)} ${ms(row.network_ms)}  ${String(row.sure_boxes).padStart(10)}  ${agreed}`);
  }
  const best = comparison.rows[0];
  for (const row of comparison.rows.slice(1)) {
    row.ratio = row.median_ms / best.median_ms;
    say(`  ${row.label} : ${best.label} = ${row.ratio.toFixed(2)} (above 1: Vigie is faster)`);
  }
  if (best.parts_ms) say(`  ${best.label}: ${Object.entries(best.parts_ms).map(([part, value]) => `${part} ${value.toFixed(1)}`).join(', ')} ms`);
  // A contender that finds nothing, or other things, was not timed at the same work.
  for (const row of comparison.rows) {
    const share = row.compared === 0 ? 0 : row.missing.length / row.compared;
    if (row.sure_boxes === 0 || share > 0.1) {
      failed = true;
      console.error(`  ${row.label} does not find the same boxes: ${JSON.stringify(row.missing.slice(0, 5))}`);
    }
  }
}
if (args.json) console.log(JSON.stringify(results, null, 2));
if (args.out) await writeFile(args.out, `${JSON.stringify(results, null, 2)}\n`);
process.exit(failed ? 1 : 0);
