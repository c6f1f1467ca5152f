// A static server on localhost for the pages under app/worker: folders by prefix, single files and bytes made on the spot.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm',
  '.json': 'application/json', '.png': 'image/png', '.jpg': 'image/jpeg',
};

/** `routes`: `{ '/prefix/': folder, '/file': Buffer }`; the longest prefix wins. Returns `{ origin, close }`. */
export async function serve(routes) {
  const prefixes = Object.keys(routes).sort((a, b) => b.length - a.length);
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const prefix = prefixes.find((one) => (one.endsWith('/') ? pathname.startsWith(one) : pathname === one));
    try {
      if (!prefix) throw new Error('no route');
      const target = routes[prefix];
      const folder = typeof target === 'string' ? path.resolve(target) : null;
      const file = folder && path.resolve(folder, decodeURIComponent(pathname.slice(prefix.length)));
      if (folder && !file.startsWith(folder + path.sep)) throw new Error('outside');
      const body = folder ? await readFile(file) : target;
      response.writeHead(200, {
        'content-type': TYPES[path.extname(pathname)] ?? 'application/octet-stream', 'content-length': body.length,
        // What the relay sends: the workers must live with it.
        'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob:; connect-src 'self' blob:",
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export const sha256 = async (file) => createHash('sha256').update(await readFile(file)).digest('hex');
