#!/usr/bin/env node
// The parity pictures through the real workers in Chromium, and the failures that a worker must notice.
//
//   node app/worker/tests/parity.mjs --dist DIR --models DIR [--kind cpu,cpu-relaxed,gpu] [--pictures N] [--model lite0,…]
//
// --dist holds workers/KIND/ as built, --models the .bpk files. CPU workers go through every case of the fixture; the GPU worker,
// which runs on Chromium's software GPU here and needs seconds a pass, through N pictures (2 unless told) of one network at its
// nominal size. VIGIE_CHROMIUM names another browser than /usr/bin/chromium; NODE_PATH says where playwright-core is.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from '../bench/server.mjs';
import { FIXTURES, FOLDERS, chromiumWith, orderOf, workersOf } from '../bench/setup.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: args } = parseArgs({
  options: {
    ...FOLDERS, kind: { type: 'string' }, pictures: { type: 'string' }, model: { type: 'string' },
    fixtures: { type: 'string', default: FIXTURES },
  },
});
const workers = workersOf(args);
if (!workers || !args.models) { console.error('parity: --dist DIR and --models DIR are needed'); process.exit(2); }

const find = createRequire(path.join(here, '../bench/package.json'));
const { chromium } = [find, createRequire(import.meta.url)].map((one) => {
  try { return one('playwright-core'); } catch { return null; }
}).find(Boolean) ?? {};
if (!chromium) { console.error('parity: playwright-core is not there: set NODE_PATH, or npm ci in app/worker/bench'); process.exit(2); }

const fixture = JSON.parse(await readFile(path.join(args.fixtures, 'parity.json')));
const kinds = (args.kind ?? 'cpu,cpu-relaxed,gpu').split(',').filter((kind) => args.kind || existsSync(path.join(workers, kind, 'boot.js')));
const models = (args.model ?? 'lite0,lite1,lite2').split(',');
const orders = Object.fromEntries(await Promise.all(models.map(async (model) => [model, await orderOf(args.models, model)])));

const server = await serve({
  '/favicon.ico': Buffer.alloc(0), '/': here, '/bench/': path.join(here, '../bench'), '/workers/': workers, '/models/': args.models, '/fixtures/': args.fixtures,
});
const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--use-gl=angle', '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--enable-features=Vulkan', '--use-vulkan=swiftshader',
];
let failed = 0;
const check = (what, good, seen) => {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${what}${seen === undefined ? '' : `: ${seen}`}`);
  if (!good) failed += 1;
};

async function withPage(kind, work) {
  const browser = await chromium.launch(chromiumWith(...(kind === 'gpu' ? SOFTWARE_GPU : ['--disable-gpu'])));
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    page.on('console', (line) => { if (line.type() === 'error') console.log(`     page: ${line.text()}`); });
    await page.goto(`${server.origin}/parity.html`);
    await page.waitForFunction('window.ready');
    await work(page);
  } finally {
    await browser.close();
  }
}

for (const kind of kinds) {
  await withPage(kind, async (page) => {
    const gpu = kind === 'gpu';
    for (const model of gpu ? models.slice(0, 1) : models) {
      let cases = fixture.cases.filter((one) => one.model === model);
      if (gpu) cases = cases.filter(({ input }) => input.width === cases[0].input.width && input.height === cases[0].input.height);
      // Pictures on which the reference finds something that a worker reports.
      cases = cases.sort((a, b) => b.boxes.length - a.boxes.length).slice(0, Number(args.pictures ?? (gpu ? 2 : cases.length)));
      const { report, rows, error } = await page.evaluate(([k, o, c]) => window.parity(k, o, c), [kind, orders[model], cases])
        .catch((thrown) => ({ error: thrown.message }));
      if (error) {
        check(`${kind} ${model} runs`, false, error);
        continue;
      }
      console.log(`\n${kind} ${model} on “${report.adapter}”${report.software_gpu ? ' (software GPU)' : ''}: self-test off by ${report.selftest_deviation.toExponential(1)} of ${report.selftest_tolerance.toPrecision(2)}, ${report.selftest_ms.toFixed(0)} ms`);
      for (const row of rows) {
        check(`${row.picture.padEnd(18)} ${row.input.width}×${row.input.height}`, row.passes,
          `${row.agreeing}/${row.boxes} boxes, worst IoU ${row.worst_iou.toFixed(4)}, worst score difference ${row.worst_score_difference.toFixed(4)}, extra ${row.extra}, network ${row.network_ms.toFixed(0)} ms`);
      }
      check(`${kind} ${model}: the pictures hold boxes to compare`, rows.reduce((sum, row) => sum + row.boxes, 0) > 0);
      const set = { cpu: 'wasm simd128', 'cpu-relaxed': 'wasm relaxed-simd' }[kind];
      if (set) check(`the module in ${kind}/ is that one`, report.adapter === set, report.adapter);
      if (gpu) check('the software GPU is called one', report.software_gpu, report.adapter);
    }

    const { report: motion, ways = [], without, error } = await page.evaluate(([k, o]) => window.flow(k, o), [kind, orders[models[0]]])
      .catch((thrown) => ({ error: thrown.message }));
    if (!gpu) {
      check(`${kind} leaves motion to the page`, motion?.by === 'page' && ways.every(({ cells }) => cells === 0), error ?? motion?.by);
    } else {
      check('motion on the GPU agrees with the CPU\'s', motion?.by === 'device', error ?? JSON.stringify(motion));
      check('no motion is measured without a picture before', without === 0, without);
      for (const { asked, found, cells, ms } of ways) {
        const near = found.every((way, axis) => Math.abs(way - asked[axis]) < 0.25);
        check(`a view that moves by ${asked.join(', ')} px is seen to`, near && cells > 300, `${found.map((way) => way?.toFixed(2)).join(', ')} in ${cells} cells, ${ms.toFixed(0)} ms`);
      }
    }

    console.log(`\n${kind}: failures`);
    const order = { ...orders[models[0]], input: { width: 128, height: 128 } };
    const start = (change) => page.evaluate(([k, o]) => window.tryStart(k, o), [kind, { ...order, ...change }]);
    const refused = async (what, change, code) => {
      const { failed: failure } = await start(change);
      check(what, failure?.code === code && failure.fatal, failure ? `${failure.code}: ${failure.message.slice(0, 160)}` : 'it started');
    };
    await refused('a wrong kernel is caught by the self-test', { drill: 'wrong_kernel' }, 'self_test');
    if (!gpu) {
      await refused('weights with another hash are refused', { model_sha256: '0'.repeat(64) }, 'model_corrupt');
      await refused('weights that are not there are missed', { model_url: '/models/none.bpk' }, 'model_missing');
      await refused('weights of another network are refused', { model: models.at(-1) === models[0] ? 'lite1' : models.at(-1) }, 'model_corrupt');
      const manners = await page.evaluate(([k, o]) => window.manners(k, o), [kind, order]).catch((thrown) => [thrown.message]);
      // The CPU engine computes without pause, so that a second frame simply waits; where it does not, it is refused.
      check('every message has its answer, and one without a frame is refused',
        /^analysed,(analysed|bad_frame),bad_frame,analysed$/.test(manners.join()), manners.join(', '));
    }
  });
}
server.close();
console.log(failed ? `\n${failed} checks failed` : '\nall checks passed');
process.exit(failed ? 1 : 0);
