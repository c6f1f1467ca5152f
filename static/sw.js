// Keeps the page usable while the relay is away: a reload then comes from this cache.
// FILES and VERSION are filled in when the build is staged. What the relay says (/api, /whep) is never kept.
const VERSION = 'unstaged';
const FILES = [];
const CACHE = `vigie ${VERSION}`;
/** How long a page waits for the relay before it comes from the cache. */
const PATIENCE_MS = 3000;
/** How long, after that, the files of the page come from the cache, too: all of one version. */
const AWAY_MS = 60000;
let awayUntil = 0;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('vigie ') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

/** Whether an answer may be kept. Every address inside the app is the same page, but not every address is inside the app. */
function worthKeeping(response, page) {
  const type = response.headers.get('content-type') ?? '';
  return response.status === 200 && response.type === 'basic' && (!page || type.startsWith('text/html'));
}

/** The relay's answer, given at once and kept for later; a cache that is full keeps nobody from it. */
async function fromRelay(event, key, page) {
  const response = await fetch(event.request);
  if (worthKeeping(response, page)) {
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(key, copy)).catch(() => {}));
  }
  return response;
}

const late = () => new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS); });

async function answer(event) {
  const { request } = event;
  const page = request.mode === 'navigate';
  const key = page ? '/index.html' : request;
  const kept = await caches.match(key, { ignoreSearch: page });
  // Names with a hash of the content never change.
  if (kept && /-[0-9a-f]{12,}[._]/.test(new URL(request.url).pathname)) return kept;
  if (kept && !page && Date.now() < awayUntil) return kept;
  const fresh = fromRelay(event, key, page);
  if (!kept) return fresh;
  // A relay that answers too late is still listened to, for the next time.
  event.waitUntil(fresh.catch(() => {}));
  try {
    // Only a page is given up on: one file from here and the next from there could be of two versions.
    const response = await (page ? Promise.race([fresh, late()]) : fresh);
    if (page) awayUntil = 0;
    return response;
  } catch {
    if (page) awayUntil = Date.now() + AWAY_MS;
    return kept;
  }
}

self.addEventListener('fetch', (event) => {
  const { method, url, headers } = event.request;
  const { origin, pathname } = new URL(url);
  const own = origin === self.location.origin && !/^\/(api|whep)\//.test(pathname);
  if (own && method === 'GET' && !headers.has('range')) event.respondWith(answer(event));
});
