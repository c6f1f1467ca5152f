// A command post in a browser context of its own, driven through the handles that README.md lists.
import { Browser, BrowserContext, BrowserContextOptions, expect, Locator, Page } from '@playwright/test';
import { Relay } from './relay';

export type Share = [number, number];

/** The rectangle on the left of the square that starts empty in each loop of the clip. */
export const LEFT_ZONE: Share[] = [[0.02, 0.55], [0.14, 0.55], [0.14, 0.95], [0.02, 0.95]];

/** Around the group that stands there throughout. */
export const GROUP_ZONE: Share[] = [[0.15, 0.5], [0.3, 0.5], [0.3, 0.7], [0.15, 0.7]];

/** When somebody enters the left one, in seconds of the clip, and the clip's length. */
export const LEFT_ENTRIES = [1.1, 3.5, 7.2, 12.4];
export const CLIP_SECONDS = 13.64;

export interface Options {
  name?: string;
  query?: Record<string, string>;
  context?: BrowserContextOptions;
}

/** Notes in the page when each signal is first on the screen, and when it is first there as decided. */
function watchSignals() {
  const seen: Record<string, { shown?: number; decided?: number }> = {};
  (window as any).seenSignals = seen;
  const look = () => {
    for (const card of document.querySelectorAll<HTMLElement>('[data-testid=signal-card]')) {
      const id = card.dataset.signal ?? '';
      seen[id] ??= {};
      seen[id].shown ??= Date.now();
      if (card.dataset.state === 'decided') seen[id].decided ??= Date.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}

export class Post {
  /** Everything that the page complained about. */
  readonly complaints: string[] = [];

  private constructor(readonly context: BrowserContext, readonly page: Page, readonly relay: Relay, readonly url: string) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  static async open(browser: Browser, relay: Relay, options: Options = {}): Promise<Post> {
    const context = await browser.newContext(options.context);
    await context.addInitScript(watchSignals);
    const query = new URLSearchParams({ engine: 'cpu', lang: 'en', ...(options.name ? { post: options.name } : {}), ...options.query });
    const post = new Post(context, await context.newPage(), relay, `${relay.origin}/?${query}`);
    await post.page.goto(post.url);
    return post;
  }

  get = (id: string): Locator => this.page.getByTestId(id);

  /** The attribute `data-<name>` of a handle. */
  async data(id: string, name: string): Promise<string | null> {
    return this.get(id).first().getAttribute(`data-${name}`);
  }

  async expectData(id: string, name: string, value: string | RegExp, timeout = 15_000): Promise<void> {
    await expect(this.get(id).first()).toHaveAttribute(`data-${name}`, value, { timeout });
  }

  /** Waits until the camera shows moving pictures and the engine analyses them. */
  async live(camera: string): Promise<void> {
    await this.expectData(`camera-tile-${camera}`, 'state', 'live', 30_000);
    await this.expectData('engine-panel', 'state', 'ready', 120_000);
    await expect.poll(() => this.frames(camera), { timeout: 30_000 }).toBeGreaterThan(2);
  }

  async frames(camera: string): Promise<number> {
    return Number(await this.data(`detections-count-${camera}`, 'frames'));
  }

  async persons(camera: string): Promise<number> {
    return Number(await this.data(`detections-count-${camera}`, 'persons'));
  }

  /** Draws a zone on the picture, corner by corner, and stores it. */
  async drawZone(camera: string, name: string, corners: Share[], dwellSecs: number, touch = false): Promise<void> {
    const before = await this.get('zone-item').count();
    const press = (target: Locator) => (touch ? target.tap() : target.click());
    await press(this.get(`zone-draw-${camera}`));
    const box = await this.get(`camera-overlay-${camera}`).boundingBox();
    if (!box) throw new Error('the overlay is not on the screen');
    for (const [x, y] of corners) {
      const at: Share = [box.x + x * box.width, box.y + y * box.height];
      if (touch) await this.page.touchscreen.tap(...at);
      else await this.page.mouse.click(...at);
    }
    await this.get('zone-name').fill(name);
    await this.get('zone-dwell').fill(String(dwellSecs));
    await press(this.get('zone-save'));
    await expect(this.get('zone-item')).toHaveCount(before + 1);
  }

  cards(state?: 'waiting' | 'decided', origin?: 'here' | 'elsewhere'): Locator {
    const wanted = [state && `[data-state=${state}]`, origin && `[data-origin=${origin}]`].filter(Boolean).join('');
    return this.page.locator(`[data-testid=signal-card]${wanted}`);
  }

  card = (signal: string): Locator => this.page.locator(`[data-testid=signal-card][data-signal="${signal}"]`);

  /** Ids of the signals on the screen. */
  async signals(state?: 'waiting' | 'decided'): Promise<string[]> {
    return this.cards(state).evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.signal ?? ''));
  }

  /** When a signal was first shown, and first shown as decided, on this page. */
  async seen(signal: string): Promise<{ shown?: number; decided?: number }> {
    return this.page.evaluate((id) => (window as any).seenSignals[id] ?? {}, signal);
  }

  /** Presses the key that a button names as its shortcut. */
  async shortcut(id: string): Promise<void> {
    const keys = await this.get(id).first().getAttribute('aria-keyshortcuts');
    if (!keys) throw new Error(`${id} names no key`);
    await this.page.keyboard.press(keys.split(' ')[0]);
  }

  /** Answers a waiting signal with the keyboard alone, once it is in hand. */
  async decideByKeyboard(signal: string, verb: 'confirm' | 'lift_doubt', reason: string): Promise<void> {
    await this.card(signal).click();
    await expect(this.get('signal-detail')).toHaveAttribute('data-signal', signal);
    await this.shortcut(`verb-${verb}`);
    await this.shortcut(`reason-${reason}`);
    await this.shortcut('decide-send');
    await expect(this.card(signal)).toHaveAttribute('data-state', 'decided');
  }

  /** Waits until every entry of this post is on the relay's disk. */
  async caughtUp(): Promise<void> {
    await this.expectData('relay-status', 'state', 'online', 60_000);
    await this.expectData('relay-status', 'pending', '0', 30_000);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: `${process.env.VIGIE_OUT}/${name}.png` });
  }
}
