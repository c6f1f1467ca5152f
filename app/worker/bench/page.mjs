// Runs in the page: the contenders take turns on the same pictures, and each must find the same things.
import { overlap } from '/boxes.mjs';
import { mediapipe, onnxruntime } from '/peers.mjs';
import { VigieWorker } from '/vigie.mjs';

/** COCO ids that Vigie's detector reports, with the labels that the TFLite files carry. */
const CLASSES = {
  1: 'person', 2: 'bicycle', 3: 'car', 4: 'motorcycle', 6: 'bus', 7: 'train', 8: 'truck', 9: 'boat',
  27: 'backpack', 31: 'handbag', 33: 'suitcase',
};
const named = (boxes) => boxes
  .map((box) => ({ bbox: box.bbox, score: box.score, name: box.name ?? CLASSES[box.class_id] }))
  .filter((box) => Object.values(CLASSES).includes(box.name));

const quantile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
};

async function vigie(kind, order) {
  const worker = await VigieWorker.start(kind, order);
  return {
    label: `Vigie ${worker.report.adapter}`,
    report: worker.report,
    async detect(bitmap) {
      const { detections, timing } = await worker.detect(bitmap);
      return { boxes: detections, network: timing.network, timing };
    },
    stop: () => worker.stop(),
  };
}

/**
 * Share of the sure boxes (score ≥ `sure`) of `wanted` that `found` has too: same class, IoU ≥ `iou`, at a score that may fall
 * short of .5 by what int8 weights move it.
 */
function agreement(wanted, found, sure, iou) {
  const must = named(wanted).filter((box) => box.score >= sure);
  const has = named(found).filter((box) => box.score >= sure - 0.1);
  const missing = must.filter((box) => !has.some((other) => other.name === box.name && overlap(other.bbox, box.bbox) >= iou));
  return { boxes: must.length, missing };
}

/** The clip's picture at this share of its length. */
async function clipAt(url, share) {
  const video = document.createElement('video');
  video.muted = true;
  video.src = url;
  const event = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener('error', () => reject(new Error(`the clip cannot be played: ${video.error?.message}`)), { once: true });
  });
  await event('loadeddata');
  const sought = event('seeked');
  video.currentTime = share * video.duration;
  await sought;
  return video;
}

/** One comparison: `job` = `{ title, width, height, pictures, rounds, warmup, minScore, contenders: [{ label, kind, … }] }`. */
window.compare = async (job) => {
  const pictures = [];
  for (const picture of job.pictures) {
    const source = picture.clip ? await clipAt(picture.clip, picture.at) : await (await fetch(picture.url)).blob();
    pictures.push(await createImageBitmap(source, { resizeWidth: job.width, resizeHeight: job.height, resizeQuality: 'high' }));
  }
  const contenders = [];
  for (const given of job.contenders) {
    const before = performance.now();
    let made;
    if (given.kind === 'mediapipe') made = await mediapipe(given.model, job.minScore);
    else if (given.kind === 'onnxruntime') made = await onnxruntime(given.model, given.anchors, job.width, job.minScore);
    else made = await vigie(given.kind, { ...given.order, input: { width: job.width, height: job.height } });
    contenders.push({
      ...made, label: given.label, iou: given.iou, start: performance.now() - before,
      total: [], network: [], parts: [], found: pictures.map(() => []),
    });
  }

  for (let round = -job.warmup; round < job.rounds; round += 1) {
    for (const [p, picture] of pictures.entries()) {
      for (let turn = 0; turn < contenders.length; turn += 1) {
        // Everybody goes first equally often, so that heat and neighbours on the machine hit all alike.
        const contender = contenders[(turn + Math.max(round, 0) + p) % contenders.length];
        const own = await createImageBitmap(picture);
        const before = performance.now();
        const { boxes, network, timing } = await contender.detect(own);
        const total = performance.now() - before;
        own.close();
        contender.found[p] = boxes;
        if (round < 0) continue;
        contender.total.push(total);
        if (network !== undefined) contender.network.push(network);
        if (timing) contender.parts.push(timing);
        // A breath, so that one call's garbage is not swept in the next one's time.
        await new Promise((resolve) => { setTimeout(resolve, 0); });
      }
    }
  }
  for (const contender of contenders) contender.stop();

  const first = contenders[0];
  return {
    title: job.title, width: job.width, height: job.height, pictures: pictures.length, rounds: job.rounds,
    rows: contenders.map((contender) => {
      const both = contender === first ? [] : pictures.flatMap((_, p) => [
        agreement(first.found[p], contender.found[p], job.sure, contender.iou),
        agreement(contender.found[p], first.found[p], job.sure, contender.iou),
      ]);
      const median = (values) => (values.length ? quantile(values, 0.5) : null);
      return {
        label: contender.label, start_ms: contender.start,
        median_ms: quantile(contender.total, 0.5), p95_ms: quantile(contender.total, 0.95), network_ms: median(contender.network),
        parts_ms: contender.parts.length === 0 ? null : Object.fromEntries(
          Object.keys(contender.parts[0]).map((part) => [part, median(contender.parts.map((one) => one[part]))]),
        ),
        sure_boxes: contender.found.reduce((sum, boxes) => sum + named(boxes).filter((b) => b.score >= job.sure).length, 0),
        compared: both.reduce((sum, one) => sum + one.boxes, 0),
        missing: both.flatMap((one) => one.missing),
      };
    }),
  };
};
window.ready = true;
