// Runs in the page: the parity pictures through a real worker, compared with the reference as engine/src/detector/parity.rs does.
import { VigieWorker } from '/bench/vigie.mjs';

// The bounds of engine/src/detector/parity.rs, and the classes that a worker computes (CLASSES_IN_USE).
const MIN_SCORE = 0.4;
const MIN_IOU = 0.95;
const MAX_SCORE_DIFFERENCE = 0.03;
const CLASSES = [1, 2, 3, 4, 6, 7, 8, 9, 27, 31, 33];

const overlap = (a, b) => {
  const w = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const h = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (w <= 0 || h <= 0) return 0;
  const area = ({ x0, y0, x1, y1 }) => (x1 - x0) * (y1 - y0);
  return (w * h) / (area(a) + area(b) - w * h);
};

/**
 * The picture at the size that it has in the input, scaled as the reference scales (bilinear, pixel centres at halves): browsers
 * scale differently, and that is not what is under test. The worker then draws it pixel by pixel.
 */
async function fitted(url, input) {
  const blob = await (await fetch(url)).blob();
  const whole = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const scale = Math.min(input.width / whole.width, input.height / whole.height);
  const [width, height] = [Math.round(whole.width * scale), Math.round(whole.height * scale)];
  const context = new OffscreenCanvas(whole.width, whole.height).getContext('2d', { willReadFrequently: true, alpha: false });
  context.drawImage(whole, 0, 0);
  const source = context.getImageData(0, 0, whole.width, whole.height).data;
  const taps = (to, from) => Array.from({ length: to }, (_, i) => {
    const position = Math.min(Math.max((i + 0.5) * (from / to) - 0.5, 0), from - 1);
    const near = Math.floor(position);
    return [near, Math.min(near + 1, from - 1), position - near];
  });
  const columns = taps(width, whole.width);
  const target = new ImageData(width, height);
  taps(height, whole.height).forEach(([y0, y1, fy], y) => columns.forEach(([x0, x1, fx], x) => {
    const at = (row, column, channel) => source[(row * whole.width + column) * 4 + channel];
    for (let channel = 0; channel < 3; channel += 1) {
      const above = at(y0, x0, channel) * (1 - fx) + at(y0, x1, channel) * fx;
      const below = at(y1, x0, channel) * (1 - fx) + at(y1, x1, channel) * fx;
      target.data[(y * width + x) * 4 + channel] = Math.round(above * (1 - fy) + below * fy);
    }
    target.data[(y * width + x) * 4 + 3] = 255;
  }));
  return createImageBitmap(target, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
}

function compare(reference, found) {
  const result = { boxes: 0, agreeing: 0, worst_iou: 1, worst_score_difference: 0, extra: 0 };
  const wanted = reference
    .filter((box) => CLASSES.includes(box.class_id))
    .map(({ bbox: [x0, y0, x1, y1], ...rest }) => ({ bbox: { x0, y0, x1, y1 }, ...rest }));
  for (const box of wanted.filter(({ score }) => score >= MIN_SCORE)) {
    const rivals = found.filter((one) => one.class_id === box.class_id).map((one) => [overlap(one.bbox, box.bbox), one.score]);
    const [iou, score] = rivals.sort((a, b) => b[0] - a[0])[0] ?? [0, 0];
    const difference = Math.abs(score - box.score);
    result.boxes += 1;
    result.worst_iou = Math.min(result.worst_iou, iou);
    result.worst_score_difference = Math.max(result.worst_score_difference, difference);
    if (iou >= MIN_IOU && difference <= MAX_SCORE_DIFFERENCE) result.agreeing += 1;
  }
  result.extra = found.filter((one) => one.score >= MIN_SCORE + MAX_SCORE_DIFFERENCE
    && !wanted.some((box) => box.class_id === one.class_id && overlap(one.bbox, box.bbox) >= 0.5)).length;
  result.passes = result.agreeing === result.boxes && result.extra === 0;
  return result;
}

/** All `cases` of one network through one worker; says how each compares, and what the worker says of itself. */
window.parity = async (kind, order, cases) => {
  const worker = await VigieWorker.start(kind, { ...order, input: cases[0].input });
  const rows = [];
  for (const one of cases) {
    worker.resize(one.input);
    const { detections, timing } = await worker.detect(await fitted(`/fixtures/${one.picture}`, one.input), 0.25);
    rows.push({ picture: one.picture, model: one.model, input: one.input, ...compare(one.boxes, detections), network_ms: timing.network });
  }
  worker.stop();
  return { report: worker.report, rows };
};

/** What a worker answers to being started like this: its report, or its failure. */
window.tryStart = async (kind, order) => {
  try {
    const worker = await VigieWorker.start(kind, order);
    worker.stop();
    return { ready: worker.report };
  } catch (error) {
    return { failed: error.failure ?? { message: String(error) } };
  }
};

/** Two frames at once, a frame without a picture, then one that is right: the middle ones must be refused, the others answered. */
window.manners = async (kind, order) => {
  const worker = await VigieWorker.start(kind, { ...order, input: { width: 128, height: 128 } });
  const picture = () => createImageBitmap(new ImageData(200, 100));
  const outcome = (promise) => promise.then(({ type }) => type, ({ failure }) => `${failure.code}${failure.fatal ? ', fatal' : ''}`);
  const [first, second] = [await picture(), await picture()];
  const both = [outcome(worker.detect(first)), outcome(worker.detect(second))];
  const answers = await Promise.all(both);
  const empty = await outcome(new Promise((resolve, reject) => {
    worker.job += 1;
    worker.waiting.set(worker.job, { resolve, reject });
    worker.worker.postMessage({ type: 'analyse', job: worker.job, min_score: 0.3 });
  }));
  const after = await outcome(worker.detect(await picture()));
  worker.stop();
  return [...answers, empty, after];
};
window.ready = true;
