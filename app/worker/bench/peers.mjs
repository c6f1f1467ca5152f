// The two libraries that Vigie is measured against, each called the way its documentation calls it, from the page's thread.
// Both answer `{ boxes, network? }`: boxes in shares of the picture, `network` in milliseconds where the library shows it.
import { overlap } from './boxes.mjs';

/** MediaPipe tasks-vision, CPU delegate (XNNPACK, int8): its call covers everything from picture to boxes. */
export async function mediapipe(modelUrl, minScore) {
  const { FilesetResolver, ObjectDetector } = await import('/vendor/mediapipe/vision_bundle.mjs');
  const files = await FilesetResolver.forVisionTasks('/vendor/mediapipe/wasm');
  const detector = await ObjectDetector.createFromOptions(files, {
    baseOptions: { modelAssetPath: modelUrl, delegate: 'CPU' }, runningMode: 'IMAGE', scoreThreshold: minScore, maxResults: 100,
  });
  return {
    detect(bitmap) {
      const { detections } = detector.detect(bitmap);
      return {
        boxes: detections.map(({ boundingBox: b, categories: [top] }) => ({
          bbox: {
            x0: b.originX / bitmap.width, y0: b.originY / bitmap.height,
            x1: (b.originX + b.width) / bitmap.width, y1: (b.originY + b.height) / bitmap.height,
          },
          name: top.categoryName, score: top.score,
        })),
      };
    },
    stop: () => detector.close(),
  };
}

/** onnxruntime-web, wasm, SIMD, one thread. It runs networks and leaves pixels and boxes to its caller: both are done here, plainly. */
export async function onnxruntime(modelUrl, anchorsUrl, size, minScore) {
  const ort = await import('/vendor/ort/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/vendor/ort/';
  const session = await ort.InferenceSession.create(modelUrl, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const anchors = new Float32Array(await (await fetch(anchorsUrl)).arrayBuffer());
  const canvas = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true, alpha: false });
  const input = new Float32Array(3 * size * size);

  function decode(scores, codes) {
    const classes = 90;
    const found = [];
    for (let i = 0; i < anchors.length / 4; i += 1) {
      let best = 0;
      for (let c = 1; c < classes; c += 1) if (scores[i * classes + c] > scores[i * classes + best]) best = c;
      const score = scores[i * classes + best];
      if (score < minScore) continue;
      const [ay, ax, ah, aw] = anchors.subarray(i * 4, i * 4 + 4);
      const [ty, tx, th, tw] = codes.subarray(i * 4, i * 4 + 4);
      const [cy, cx, h, w] = [ty * ah + ay, tx * aw + ax, Math.exp(th) * ah, Math.exp(tw) * aw];
      found.push({ bbox: { x0: cx - w / 2, y0: cy - h / 2, x1: cx + w / 2, y1: cy + h / 2 }, class_id: best + 1, score });
    }
    found.sort((a, b) => b.score - a.score);
    const kept = [];
    for (const one of found) {
      if (kept.every((other) => other.class_id !== one.class_id || overlap(other.bbox, one.bbox) < 0.5)) kept.push(one);
    }
    return kept;
  }

  return {
    async detect(bitmap) {
      canvas.drawImage(bitmap, 0, 0, size, size);
      const { data } = canvas.getImageData(0, 0, size, size);
      const plane = size * size;
      for (let i = 0; i < plane; i += 1) {
        input[i] = (data[i * 4] - 127) / 128;
        input[plane + i] = (data[i * 4 + 1] - 127) / 128;
        input[2 * plane + i] = (data[i * 4 + 2] - 127) / 128;
      }
      const before = performance.now();
      const result = await session.run({ image: new ort.Tensor('float32', input, [1, 3, size, size]) });
      const network = performance.now() - before;
      const boxes = decode(result.scores.data, result.boxes.data);
      result.scores.dispose();
      result.boxes.dispose();
      return { boxes, network };
    },
    stop: () => session.release(),
  };
}
