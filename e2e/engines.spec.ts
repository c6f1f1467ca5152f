// The WebGPU engine on a software GPU: right results, and a wrong kernel that is found out.
import { chromium, expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Post } from './support/post';
import { Relay } from './support/relay';

const SOFTWARE_GPU = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

const env = (name: string): string => process.env[name] ?? '';

/** Runs the parity pictures through a built worker, in a Chromium of its own. */
async function parity(...more: string[]): Promise<void> {
  const script = join(__dirname, '../app/worker/tests/parity.mjs');
  const args = [script, '--dist', env('VIGIE_APP'), '--models', env('VIGIE_MODELS'), ...more];
  const [code, text] = await new Promise<[unknown, string]>((resolve) => {
    execFile('node', args, { maxBuffer: 1 << 26 }, (error, out, err) => resolve([error?.code ?? 0, out + err]));
  });
  console.log(text);
  expect(code, text).toBe(0);
}

for (const kind of ['cpu', 'cpu-relaxed']) {
  test(`the ${kind} engine gives the reference boxes on every picture`, async () => {
    test.setTimeout(600_000);
    await parity('--kind', kind);
  });
}

test('the WebGPU engine gives the reference boxes on two pictures, and sees what moves', async () => {
  test.setTimeout(900_000);
  await parity('--kind', 'gpu', '--pictures', '2');
});

test('motion is measured on the GPU where the address asks and the device agrees', async ({}) => {
  test.setTimeout(900_000);
  const relay = await Relay.start();
  const browser = await chromium.launch({ executablePath: env('VIGIE_CHROMIUM'), args: SOFTWARE_GPU });
  try {
    const post = await Post.open(browser, relay, { query: { engine: 'webgpu', flow: 'webgpu' } });
    await post.expectData('engine-panel', 'state', 'ready', 400_000);
    await post.expectData('engine-panel', 'flow', 'webgpu', 10_000);
    // From the second frame on the device measures; one that failed at it would have been given up.
    await expect.poll(() => post.frames('plaza'), { timeout: 400_000 }).toBeGreaterThanOrEqual(3);
    await post.expectData('engine-panel', 'engine', 'webgpu', 10_000);
  } finally {
    await browser.close();
    await relay.kill();
  }
});

test('a wrong kernel is caught by the self-test and the CPU engine takes over', async ({}) => {
  test.setTimeout(600_000);
  const relay = await Relay.start();
  const browser = await chromium.launch({ executablePath: env('VIGIE_CHROMIUM'), args: SOFTWARE_GPU });
  try {
    const post = await Post.open(browser, relay, { query: { engine: 'webgpu', drill: 'wrong_kernel' } });
    await post.expectData('engine-panel', 'fallback', 'self_test', 400_000);
    await post.expectData('engine-panel', 'engine', 'cpu', 120_000);
    await post.expectData('engine-panel', 'state', 'ready', 120_000);
    if (!(await post.get('engine-fallback').isVisible())) await post.get('engine-toggle').click();
    await expect(post.get('engine-fallback')).toBeVisible();
    await post.picture('fallback');
    await post.live('plaza');
    await expect.poll(() => post.persons('plaza'), { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  } finally {
    await browser.close();
    await relay.kill();
  }
});
