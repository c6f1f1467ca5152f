// Runs in the page: the parity pictures through a real worker, compared with the reference as engine/src/detector/parity.rs does.
import { overlap } from '/bench/boxes.mjs';
import { VigieWorker } from '/bench/vigie.mjs';

// The bounds of engine/src/detector/parity.rs, and the classes that a worker computes (CLASSES_IN_USE).
const MIN_SCORE = 0.4;
const MIN_IOU = 0.95;
const MAX_SCORE_DIFFERENCE = 0.03;
const CLASSES = [1, 2, 3, 4, 6, 7, 8, 9, 27, 31, 33];

/** The picture as it is: the worker scales it as the reference does. */
const load = async (url) => createImageBitmap(await (await fetch(url)).blob(), { colorSpaceConversion: 'none' });

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
    const { detections, timing } = await worker.detect(await load(`/fixtures/${one.picture}`), 0.25);
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

/** Two frames at once, a message without one, then one that is right: each must have its one answer. */
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
/** A texture of soft spots, shifted: the same for the same seed. */
function spotted(right, down, [width, height] = [640, 368]) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  let seed = 7;
  const random = () => { seed = (seed * 1664525 + 1013904223) >>> 0; return seed / 2 ** 32; };
  context.fillStyle = '#777';
  context.fillRect(0, 0, width, height);
  for (let n = 0; n < 1500; n += 1) {
    const [x, y, size, level] = [random() * (width + 80) - 40 + right, random() * (height + 80) - 40 + down, 8 + 16 * random(), Math.round(255 * random())];
    context.fillStyle = `rgba(${level}, ${level}, ${level}, 0.6)`;
    context.beginPath();
    context.arc(x, y, size, 0, 7);
    context.fill();
  }
  return canvas.transferToImageBitmap();
}

/** What a worker that is to measure motion says of itself, and the ways that it finds between two pictures: [asked, found, cells]. */
window.flow = async (kind, order) => {
  const worker = await VigieWorker.start(kind, { ...order, input: { width: 128, height: 128 }, flow: true });
  const ways = [];
  let without = 0;
  for (const [right, down] of [[0, 0], [9, -4], [-24, 14]]) {
    const { grey, flow: none } = await worker.detect(spotted(0, 0));
    without += none ? 1 : 0;
    const { flow, timing } = await worker.detect(spotted(right, down), 0.3, grey);
    // Five numbers a cell: x, y, trust …; the grey picture is half as large as what was drawn.
    const cells = Array.from({ length: (flow?.length ?? 0) / 5 }, (_, n) => flow.slice(5 * n, 5 * n + 3)).filter(([, , trust]) => trust > 0.5);
    const middle = (axis) => cells.map((cell) => cell[axis]).sort((a, b) => a - b)[cells.length >> 1];
    ways.push({ asked: [right / 2, down / 2], found: [middle(0), middle(1)], cells: cells.length, ms: timing.flow });
  }
  worker.stop();
  return { report: worker.report.flow, ways, without };
};
window.ready = true;
