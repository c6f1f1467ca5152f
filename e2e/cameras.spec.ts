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
  await expect(post.get('camera-tile-plaza')).toHaveCount(0);
  await post.get('camera-add').click();
  await post.get('add-whep-url').fill(`${relay.origin}/whep/plaza`);
  await post.get('add-whep-server-offers').check();
  await post.get('add-whep').click();
  // The page names the camera itself.
  const tile = post.page.locator('[data-testid^=camera-tile-]');
  await expect(tile).toHaveCount(1);
  const camera = ((await tile.getAttribute('data-testid')) ?? '').replace('camera-tile-', '');
  await post.live(camera);

  await relay.kill();
  await post.expectData(`camera-tile-${camera}`, 'state', /stalled|lost/, 10_000);
  await relay.run();
  await post.expectData(`camera-tile-${camera}`, 'state', 'live', 60_000);
  const before = await post.frames(camera);
  await expect.poll(() => post.frames(camera), { timeout: 20_000 }).toBeGreaterThan(before);
  expect(post.complaints).toEqual([]);
});

test('a picture that stands still is noticed within five seconds, although the connection stands', async ({ browser }) => {
  const post = await Post.open(browser, relay);
  await post.live('plaza');
  relay.freeze();
  await post.expectData('camera-tile-plaza', 'state', /stalled|lost/, 5000);
  await post.picture('stalled');
  relay.thaw();
  await post.expectData('camera-tile-plaza', 'state', 'live', 60_000);
});
