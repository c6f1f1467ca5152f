// The whole way of one frame, and of what comes of it.
import { expect, test } from '@playwright/test';
import { CLIP_SECONDS, LEFT_ENTRIES, LEFT_ZONE, Post } from './support/post';
import { Relay } from './support/relay';

/** Loops of the clip that are counted. */
const LOOPS = 2;

/** Moments of the clip, in seconds, that are far from every entry. */
const QUIET = [5.4, 9.8];

// Counting entries wants a steady rate of analysis, and both posts paint in software on this machine: a smaller page.
const SMALL = { width: 1366, height: 768 };

let relay: Relay;
test.beforeEach(async () => {
  relay = await Relay.start();
});
test.afterEach(() => relay.kill());

/** How far apart two moments of a repeating clip are, in seconds. */
const apart = (a: number, b: number): number => {
  const difference = (((a - b) % CLIP_SECONDS) + CLIP_SECONDS) % CLIP_SECONDS;
  return Math.min(difference, CLIP_SECONDS - difference);
};

test('people are found, each entry of a zone gives one signal, and its decision reaches the other post', async ({ browser }) => {
  const here = await Post.open(browser, relay, { name: 'Alpha', context: { viewport: SMALL } });
  await here.live('plaza');
  // At least three persons in one analysed frame.
  await expect.poll(() => here.persons('plaza'), { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
  await here.picture('people-found');

  const there = await Post.open(browser, relay, { name: 'Bravo', context: { viewport: SMALL } });
  // The second post only watches: with one machine for both, it leaves the camera to the first.
  await there.get('camera-close-plaza').click();

  // The last entry of the clip is 1.2 s before its end, where everything starts afresh: a shorter time than the default.
  await here.drawZone('plaza', 'West steps', LEFT_ZONE, 0.4);
  const drawn = Date.now();
  const framesBefore = await here.frames('plaza');
  // The first frame of the stream is the first of the clip, so the player's position gives the clip's.
  const started = await here.get('camera-video-plaza').evaluate((video) => Date.now() - (video as HTMLVideoElement).currentTime * 1000);
  await here.picture('zone-drawn');

  await expect(here.cards()).not.toHaveCount(0, { timeout: 30_000 });
  const first = (await here.signals())[0];
  await here.picture('signal-waiting');
  await expect(there.card(first)).toBeVisible();
  const delay = ((await there.seen(first)).shown ?? Infinity) - ((await here.seen(first)).shown ?? 0);
  expect(delay, 'milliseconds from the first screen to the second').toBeLessThan(1000);

  await here.decideByKeyboard(first, 'lift_doubt', 'authorised');
  await expect(there.card(first)).toHaveAttribute('data-state', 'decided');
  const answered = ((await there.seen(first)).decided ?? Infinity) - ((await here.seen(first)).decided ?? 0);
  expect(answered, 'milliseconds from the decision to the second screen').toBeLessThan(1000);
  await there.picture('second-post');

  // Whole loops after the zone was drawn, from a moment of the clip that is far from every entry.
  const earliest = (drawn - started) / 1000 + 1.5;
  const from = Math.min(...QUIET.map((moment) => moment + Math.ceil((earliest - moment) / CLIP_SECONDS) * CLIP_SECONDS));
  // Less the time that the last entry needs to become a signal.
  const until = started + (from + LOOPS * CLIP_SECONDS + 3) * 1000;
  await here.page.waitForTimeout(Math.max(0, until - Date.now()));
  const rate = ((await here.frames('plaza')) - framesBefore) / ((Date.now() - drawn) / 1000);
  expect(rate, 'frames analysed per second: people walk, and below this nothing can be promised').toBeGreaterThan(2.5);
  await here.caughtUp();
  const raised = (await relay.records('signal_raised')).map((entry) => entry.record.since_ms as number);
  const moments = raised.map((since) => (since - started) / 1000);
  const counted = moments.filter((moment) => moment >= from && moment < from + LOOPS * CLIP_SECONDS);
  const listed = counted.map((moment) => (moment % CLIP_SECONDS).toFixed(2)).join(', ');
  // Somebody stands in the zone when the clip starts again, a second before the first entry: that person is one with it,
  // or an intrusion of their own.
  const entryOf = (moment: number): number =>
    apart(moment, 0.2) < 0.7 ? LEFT_ENTRIES[0] : LEFT_ENTRIES.reduce((best, entry) => (apart(moment, entry) < apart(moment, best) ? entry : best));
  for (const moment of counted) {
    const clip = (moment % CLIP_SECONDS).toFixed(2);
    expect(apart(moment, entryOf(moment)), `a signal at ${clip} s of the clip is near no entry; all: ${listed}`).toBeLessThan(1.8);
  }
  // Exactly one signal for each entry; the first of the clip, with the person at the seam, is one or two.
  test.info().annotations.push({ type: 'rate', description: `${rate.toFixed(1)} frames a second` });
  for (const entry of LEFT_ENTRIES) {
    const near = counted.filter((moment) => entryOf(moment) === entry).length;
    const told = `signals for the entry at ${entry} s in ${LOOPS} loops at ${rate.toFixed(1)} frames a second; all: ${listed}`;
    expect(near, told).toBeGreaterThanOrEqual(LOOPS);
    expect(near, told).toBeLessThanOrEqual(entry === LEFT_ENTRIES[0] ? 2 * LOOPS : LOOPS);
  }

  // A power cut at the relay; an answer given meanwhile; both posts and the record are whole afterwards.
  await relay.kill();
  await here.expectData('relay-status', 'state', 'offline', 40_000);
  const waiting = (await here.signals('waiting'))[0];
  await here.decideByKeyboard(waiting, 'confirm', 'team_sent');
  await relay.run();
  await here.caughtUp();
  await expect(there.card(waiting)).toHaveAttribute('data-state', 'decided', { timeout: 40_000 });
  await here.live('plaza');

  await here.get('nav-record').click();
  await expect(here.get('record-row').first()).toBeVisible();
  await here.picture('record');
  const verified = await relay.verify();
  expect(verified.code, verified.text).toBe(0);
  expect(here.complaints).toEqual([]);
  expect(there.complaints).toEqual([]);
});
