// Keeps the page usable while the relay is away: a reload then comes from this cache.
// FILES and VERSION are filled in when the build is staged. What the relay says (/api, /whep) is never kept.
const VERSION = 'unstaged';
const FILES = [];
const CACHE = `vigie ${VERSION}`;
/** How long a page waits for the relay before it comes from the cache. */
const PATIENCE_MS = 3000;

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

/** The relay's answer, kept for later. */
async function fromRelay(request, key) {
  const response = await fetch(request);
  if (response.status === 200 && response.type === 'basic') {
    const cache = await caches.open(CACHE);
    await cache.put(key, response.clone());
  }
  return response;
}

const late = () => new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });

async function answer(request) {
  // Every address inside the app is the same page.
  const key = request.mode === 'navigate' ? '/index.html' : request;
  const kept = await caches.match(key, { ignoreSearch: request.mode === 'navigate' });
  // Names with a hash of the content never change.
  if (kept && /-[0-9a-f]{12,}[._]/.test(new URL(request.url).pathname)) return kept;
  const fresh = fromRelay(request, key);
  if (!kept) return fresh;
  fresh.catch(() => {});
  try {
    return await Promise.race([fresh, late().then(() => kept)]);
  } catch {
    return kept;
  }
}

self.addEventListener('fetch', (event) => {
  const { method, url, headers } = event.request;
  const { origin, pathname } = new URL(url);
  const own = origin === self.location.origin && !/^\/(api|whep)\//.test(pathname);
  if (own && method === 'GET' && !headers.has('range')) event.respondWith(answer(event.request));
});
