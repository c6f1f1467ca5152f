// What the bench and the parity tests are told alike: where workers, networks, pictures and the browser are.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from './server.mjs';

const { env } = process;

/** The parity pictures and their reference boxes. */
export const FIXTURES = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../models/tests/fixtures');

/** Options of the command line, for `parseArgs`. */
export const FOLDERS = {
  dist: { type: 'string' }, workers: { type: 'string', default: env.VIGIE_WORKERS }, models: { type: 'string', default: env.VIGIE_MODELS },
};

/** The folder with the built workers, of the options above. */
export const workersOf = ({ dist, workers }) => (dist ? path.join(dist, 'workers') : workers);

/** How Chromium is started; more arguments go behind. */
export const chromiumWith = (...more) => ({
  executablePath: env.VIGIE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
});

/** What a worker is told of a network. */
export const orderOf = async (models, model) => ({
  model, model_url: `/models/efficientdet-${model}.bpk`, model_sha256: await sha256(path.join(models, `efficientdet-${model}.bpk`)),
});
