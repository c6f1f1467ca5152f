// A tablet in the field, and both languages.
import { expect, test } from '@playwright/test';
import { GROUP_ZONE, Post } from './support/post';
import { Relay } from './support/relay';

/** Fingers need 44 CSS pixels (WCAG 2.5.5). */
async function fitFingers(post: Post, ids: string[]): Promise<void> {
  for (const id of ids) {
    const box = await post.get(id).boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), `${id} is large enough for a finger`).toBeGreaterThanOrEqual(44);
  }
}

const TABLET = { viewport: { width: 1180, height: 820 }, hasTouch: true, isMobile: true };

let relay: Relay;
test.beforeEach(async () => {
  relay = await Relay.start();
});
test.afterEach(() => relay.kill());

test('a zone is drawn with a finger and a signal answered with it', async ({ browser }) => {
  const post = await Post.open(browser, relay, { context: TABLET });
  await post.live('plaza');
  await post.picture('tablet');
  await post.drawZone('plaza', 'Meeting point', GROUP_ZONE, 1, true);
  await post.picture('tablet-zone');
  await expect(post.cards('waiting')).not.toHaveCount(0, { timeout: 40_000 });
  const [signal] = await post.signals('waiting');
  await post.card(signal).tap();
  await expect(post.get('verb-confirm')).toBeVisible();
  await fitFingers(post, ['verb-confirm', 'verb-lift_doubt']);
  await post.get('verb-confirm').tap();
  await expect(post.get('decide-send')).toBeVisible();
  await fitFingers(post, ['reason-team_sent', 'reason-under_watch', 'reason-already_handled', 'reason-other', 'decide-send']);
  await post.get('reason-under_watch').tap();
  await post.picture('tablet-answer');
  await post.get('decide-send').tap();
  await expect(post.card(signal)).toHaveAttribute('data-state', 'decided');
  await post.caughtUp();
  const [decision] = await relay.records('signal_decided');
  expect(decision.record).toMatchObject({ signal, verb: 'confirm', reason: 'under_watch' });
  await fitFingers(post, ['nav-live', 'nav-record', 'lang-fr', 'lang-en', 'zone-draw-plaza']);
});

test('French and English, switched without a reload and remembered', async ({ browser }) => {
  const post = await Post.open(browser, relay, { query: { lang: 'fr' }, context: { locale: 'fr-FR' } });
  const html = post.page.locator('html');
  await expect(html).toHaveAttribute('lang', 'fr');
  await post.live('plaza');
  await post.picture('francais');
  // A label that stands still: the page as a whole differs at every second of its clock.
  const label = post.get('nav-record');
  const french = await label.innerText();
  await post.get('lang-en').click();
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(label).not.toHaveText(french);
  await post.picture('english');
  await post.page.goto(`${relay.origin}/?engine=cpu`);
  await expect(html).toHaveAttribute('lang', 'en');
});
