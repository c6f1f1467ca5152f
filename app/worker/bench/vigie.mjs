// A Vigie worker as an object with `detect(bitmap)`: the messages of app/worker/src/messages.rs and nothing else.

export class VigieWorker {
  /** `kind`: the folder under /workers. `order`: `{ model, model_url, model_sha256, input, drill, flow }`. */
  static async start(kind, order, onProgress = () => {}) {
    const self = new VigieWorker();
    self.worker = new Worker(`/workers/${kind}/boot.js`, { type: 'module' });
    self.waiting = new Map();
    self.job = 0;
    const report = await new Promise((resolve, reject) => {
      self.worker.onerror = (event) => reject(new Error(`worker ${kind}: ${event.message}`));
      self.worker.onmessage = ({ data }) => {
        if (data.type === 'progress') onProgress(data);
        if (data.type === 'ready') resolve(data);
        if (data.type === 'failed') reject(Object.assign(new Error(data.message), { failure: data }));
      };
      self.worker.postMessage({ type: 'start', drill: null, ...order });
    });
    self.report = report;
    self.worker.onmessage = ({ data }) => {
      const { resolve, reject } = self.waiting.get(data.job ?? self.job) ?? {};
      self.waiting.delete(data.job ?? self.job);
      if (data.type === 'analysed') resolve?.(data);
      if (data.type === 'failed') reject?.(Object.assign(new Error(data.message), { failure: data }));
    };
    return self;
  }

  /** Boxes of the picture; the bitmap is used up. `lastGrey`: the grey picture before, for a worker that measures motion. */
  detect(bitmap, minScore = 0.3, lastGrey = undefined) {
    this.job += 1;
    const job = this.job;
    return new Promise((resolve, reject) => {
      this.waiting.set(job, { resolve, reject });
      this.worker.postMessage({ type: 'analyse', job, min_score: minScore, frame: bitmap, last_grey: lastGrey }, [bitmap]);
    });
  }

  resize(input) { this.worker.postMessage({ type: 'resize', input }); }
  stop() { this.worker.terminate(); }
}
