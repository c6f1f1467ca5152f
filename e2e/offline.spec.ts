// A post that works alone, and catches up.
import { expect, test } from '@playwright/test';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEFT_ZONE, Post } from './support/post';
import { Relay } from './support/relay';

let relay: Relay;
test.beforeEach(async () => {
  relay = await Relay.start();
});
test.afterEach(() => relay.kill());

/** Waits until the post has that many waiting signals and the relay has them too; gives their ids. */
async function collect(post: Post, count: number): Promise<string[]> {
  await post.drawZone('plaza', 'West steps', LEFT_ZONE, 0.5);
  await expect.poll(async () => (await post.signals('waiting')).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
  await post.caughtUp();
  return (await post.signals('waiting')).slice(0, count);
}

test('a minute without the relay, three decisions and a reload: everything arrives once', async ({ browser }) => {
  const post = await Post.open(browser, relay, { name: 'Alpha' });
  await post.live('plaza');
  const [one, two, three] = await collect(post, 3);

  await relay.stop();
  const stopped = Date.now();
  await post.expectData('relay-status', 'state', 'offline', 40_000);
  await post.decideByKeyboard(one, 'lift_doubt', 'authorised');
  await post.decideByKeyboard(two, 'confirm', 'under_watch');

  // The page itself comes from its cache.
  await post.page.reload();
  await post.expectData('relay-status', 'state', 'offline', 40_000);
  await expect(post.card(one)).toHaveAttribute('data-state', 'decided');
  await expect(post.card(three)).toHaveAttribute('data-state', 'waiting');
  await post.decideByKeyboard(three, 'lift_doubt', 'not_relevant');
  await post.picture('offline');
  expect(Number(await post.data('relay-status', 'pending'))).toBeGreaterThanOrEqual(3);

  await post.page.waitForTimeout(Math.max(0, stopped + 60_000 - Date.now()));
  await relay.run();
  await post.caughtUp();
  const decided = (await relay.records('signal_decided')).map((entry) => entry.record.signal);
  expect(decided.sort()).toEqual([one, two, three].sort());
  const entries = await relay.entries();
  const names = entries.map((entry) => `${entry.post} ${entry.seq}`);
  expect(new Set(names).size, 'no entry twice').toBe(names.length);
  const verified = await relay.verify();
  expect(verified.code, verified.text).toBe(0);
  expect(post.complaints).toEqual([]);
});

test('verify names the first entry that was altered on disk', async ({ browser }) => {
  const post = await Post.open(browser, relay, { name: 'Alpha' });
  await post.live('plaza');
  await collect(post, 1);
  const [raised] = await relay.records('signal_raised');
  await post.context.close();
  await relay.stop();
  expect((await relay.verify()).code).toBe(0);

  // One byte of the stored text, changed in the database's file as an intruder would: the zone's name.
  const file = readdirSync(relay.data).map((name) => join(relay.data, name)).find((path) => /\.(sqlite|sqlite3|db)$/.test(path));
  if (!file) throw new Error(`no database in ${relay.data}`);
  const bytes = readFileSync(file);
  const entry = bytes.indexOf(`"id":"${raised.record.id}"`);
  const at = bytes.indexOf('"zone_name":"West steps"', entry);
  expect(Math.min(entry, at), 'the record is in the file').toBeGreaterThan(0);
  bytes.write('"zone_name":"Vest steps"', at, 'utf8');
  writeFileSync(file, bytes);

  const verified = await relay.verify();
  expect(verified.code, verified.text).toBe(1);
  expect(verified.text).toMatch(new RegExp(`entry ${raised.seq}\\b`));
  expect(verified.text).toContain(raised.post);
});
