// Connections that end, stall and come back.
import { expect, test } from '@playwright/test';
import { Post } from './support/post';
import { Relay } from './support/relay';

let relay: Relay;
test.beforeEach(async () => {
  relay = await Relay.start();
});
test.afterEach(async () => {
  relay.thaw();
  await relay.kill();
});

test('a camera whose endpoint makes the offer is shown, and comes back after a restart', async ({ browser }) => {
  const post = await Post.open(browser, relay);
  await post.get('camera-close-plaza').click();
  await post.get('camera-add').click();
  await post.get('add-name').fill('gateway');
  await post.get('add-whep-url').fill(`${relay.origin}/whep/plaza`);
  await post.get('add-whep-server-offers').check();
  await post.get('add-whep').click();
  await post.live('gateway');

  await relay.kill();
  await post.expectData('camera-tile-gateway', 'state', /stalled|reconnecting/, 10_000);
  await relay.run();
  await post.expectData('camera-tile-gateway', 'state', 'live', 60_000);
  const before = await post.frames('gateway');
  await expect.poll(() => post.frames('gateway'), { timeout: 20_000 }).toBeGreaterThan(before);
  expect(post.complaints).toEqual([]);
});

test('a picture that stands still is noticed within five seconds, although the connection stands', async ({ browser }) => {
  const post = await Post.open(browser, relay);
  await post.live('plaza');
  relay.freeze();
  await post.expectData('camera-tile-plaza', 'state', /stalled|reconnecting/, 5000);
  await post.picture('stalled');
  relay.thaw();
  await post.expectData('camera-tile-plaza', 'state', 'live', 60_000);
});
