// What is watched for on a camera: drawn, switched, saved as a file, loaded from one.
import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { Post, Share } from './support/post';
import { Relay } from './support/relay';

let relay: Relay;
test.beforeEach(async () => {
  relay = await Relay.start();
});
test.afterEach(() => relay.kill());

/** Places on the page of shares of a camera's picture. */
async function places(post: Post, camera: string, shares: Share[]): Promise<Share[]> {
  const box = await post.get(`camera-overlay-${camera}`).boundingBox();
  if (!box) throw new Error('the overlay is not on the screen');
  return shares.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
}

/** Drags from one place of the picture to another. */
async function drag(post: Post, camera: string, from: Share, to: Share): Promise<void> {
  const [a, b] = await places(post, camera, [from, to]);
  await post.page.mouse.move(...a);
  await post.page.mouse.down();
  await post.page.mouse.move((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
  await post.page.mouse.move(...b);
  await post.page.mouse.up();
}

async function saved(post: Post): Promise<any> {
  const [file] = await Promise.all([post.page.waitForEvent('download'), post.get('settings-save').click()]);
  expect(file.suggestedFilename()).toBe('vigie-plaza.json');
  return JSON.parse(readFileSync(await file.path(), 'utf8'));
}

test('a line and a direction are drawn, a situation is switched off, and the file says so', async ({ browser }) => {
  const post = await Post.open(browser, relay);
  await post.expectData('camera-tile-plaza', 'state', 'live', 30_000);

  // A line, from left to right: forbidden downwards after one press on its middle.
  await post.get('zone-draw-plaza').click();
  await post.get('draw-line').click();
  await drag(post, 'plaza', [0.2, 0.6], [0.8, 0.6]);
  await post.expectData('line-crossing', 'crossing', 'both');
  const [middle] = await places(post, 'plaza', [[0.5, 0.6]]);
  await post.page.mouse.click(...middle);
  await post.expectData('line-crossing', 'crossing', 'left_to_right');
  await post.picture('line');
  await post.get('zone-name').fill('Stage edge');
  await post.get('zone-save').click();
  await expect(post.get('zone-item')).toHaveCount(1);

  // A zone whose common direction is dragged on the picture.
  await post.get('situations-plaza').click();
  await post.get('situation-draw-direction').click();
  await drag(post, 'plaza', [0.1, 0.1], [0.5, 0.5]);
  await expect(post.get('zone-save')).toBeDisabled();
  await drag(post, 'plaza', [0.3, 0.4], [0.3, 0.2]);
  await post.get('zone-name').fill('Way out');
  await post.picture('direction');
  await post.get('zone-save').click();
  await expect(post.page.locator('[data-testid=zone-item][data-kind=direction]')).toHaveCount(1);

  await post.get('situations-plaza').click();
  await post.expectData('situation-fire', 'on', 'true');
  await post.get('situation-switch-fire').click();
  await post.expectData('situation-fire', 'on', 'false');
  await post.get('situation-threshold-abandoned_object').fill('45');
  await post.get('situation-threshold-abandoned_object').press('Enter');
  await post.picture('situations');
  const settings = await saved(post);
  const rule = (kind: string) => settings.rules.find((rule: any) => rule.rule === kind);
  expect(rule('line')).toMatchObject({ name: 'Stage edge', forbidden: 'left_to_right' });
  expect(rule('line').from.x).toBeCloseTo(0.2, 2);
  expect(rule('wrong_way').name).toBe('Way out');
  expect(rule('wrong_way').polygon).toHaveLength(4);
  expect(rule('wrong_way').direction.y).toBeCloseTo(-0.2, 1);
  expect(rule('abandoned_object').after_secs).toBe(45);
  expect(rule('fire')).toBeUndefined();
  expect(settings.aspect).toBeCloseTo(16 / 9, 1);

  // All of it is on the record, and comes back after a reload.
  await post.caughtUp();
  const rules = (await relay.records('rule_saved')).map((entry) => entry.record);
  expect(rules.map((record) => [record.event, record.name])).toEqual([
    ['zone_intrusion', 'Stage edge'],
    ['wrong_way', 'Way out'],
    ['abandoned_object', ''],
  ]);
  expect(JSON.parse(rules[0].settings)).toMatchObject({ rule: 'line', forbidden: 'left_to_right' });
  expect((await relay.records('rule_removed')).map((entry) => entry.record.event)).toEqual(['fire']);
  await post.page.reload();
  await expect(post.get('zone-item')).toHaveCount(2);
  await post.get('situations-plaza').click();
  await post.expectData('situation-fire', 'on', 'false');
  expect(await saved(post)).toEqual(settings);
  expect(post.complaints).toEqual([]);
});

test('a settings file replaces everything, or nothing', async ({ browser }) => {
  const post = await Post.open(browser, relay);
  await post.expectData('camera-tile-plaza', 'state', 'live', 30_000);
  await post.drawZone('plaza', 'Gate', [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]], 2);
  await post.get('situations-plaza').click();
  const before = await saved(post);
  const load = async (text: string) => {
    const path = test.info().outputPath('settings.json');
    writeFileSync(path, text);
    await post.get('settings-load').setInputFiles(path);
  };

  for (const wrong of ['{"zones": [', '{"type": "FeatureCollection"}']) {
    await load(wrong);
    await expect(post.get('settings-trouble')).toBeVisible();
  }
  const crossed = structuredClone(before);
  [crossed.zones[0].polygon[1], crossed.zones[0].polygon[2]] = [crossed.zones[0].polygon[2], crossed.zones[0].polygon[1]];
  await load(JSON.stringify(crossed));
  await expect(post.get('settings-trouble')).toContainText('Gate');
  expect(await saved(post)).toEqual(before);

  const other = { ...before, zones: [{ ...before.zones[0], name: 'Other gate' }], rules: [] };
  await load(JSON.stringify(other));
  await expect(post.get('zone-item')).toContainText('Other gate');
  await post.get('undo-do').click();
  await expect(post.get('zone-item')).toContainText('Gate');
  await post.get('situations-plaza').click();
  expect(await saved(post)).toEqual(before);
  await post.caughtUp();
  expect(await relay.records('settings_loaded')).toHaveLength(2);
  expect(post.complaints).toEqual([]);
});

test('a crowd is counted by parts of the picture between whole frames, and told when it is too many', async ({ browser }) => {
  const context = { viewport: { width: 1280, height: 800 } };
  const post = await Post.open(browser, relay, { context });
  // What the page asks its workers for: parts of a frame, and whole ones.
  await post.page.addInitScript(() => {
    const asked = ((window as any).asked = { parts: 0, whole: 0, areas: [] as number[] });
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: any, ...rest: any[]) {
      if (message?.type === 'analyse') {
        if (message.part) {
          asked.parts += 1;
          asked.areas.push((message.part.x1 - message.part.x0) * (message.part.y1 - message.part.y0));
        } else asked.whole += 1;
      }
      return (send as any).call(this, message, ...rest);
    };
  });
  await post.page.reload();
  await post.live('plaza');
  expect((await asked(post)).parts).toBe(0);

  await post.get('situations-plaza').click();
  const settings = await saved(post);
  const whole = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }];
  const id = '0192f000-0000-7000-8000-0000000000aa';
  settings.rules.push({ rule: 'crowd_density', id, name: 'Square', polygon: whole, limit_persons: 8, dwell_secs: 3 });
  const path = test.info().outputPath('settings.json');
  writeFileSync(path, JSON.stringify(settings));
  await post.get('settings-load').setInputFiles(path);

  await expect.poll(async () => (await asked(post)).parts, { timeout: 60_000 }).toBeGreaterThan(8);
  const { areas, parts, whole: frames } = await asked(post);
  expect(frames).toBeGreaterThan(parts);
  expect(Math.min(...areas)).toBeLessThan(0.2);
  await expect
    .poll(async () => (await relay.records('signal_raised')).map((entry) => entry.record.event), { timeout: 60_000 })
    .toContain('crowd_density');
  const raised = (await relay.records('signal_raised')).map((entry) => entry.record);
  const density = raised.find((signal: any) => signal.event === 'crowd_density');
  const measure = (name: string) => density.why.find((m: any) => m.name === name)?.value;
  expect(measure('persons')).toBeGreaterThanOrEqual(8);
  expect(measure('persons')).toBeLessThan(80);
  expect(measure('limit_persons')).toBe(8);
  expect(post.complaints).toEqual([]);
});

async function asked(post: Post): Promise<{ parts: number; whole: number; areas: number[] }> {
  return post.page.evaluate(() => (window as any).asked);
}
