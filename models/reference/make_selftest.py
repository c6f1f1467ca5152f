"""Makes engine/src/detector/selftest.json: what the start-up self-test compares an engine with.

    venv/bin/python make_selftest.py <folder with efficientdet-lite{0,1,2}.tflite>

The picture beside that file goes through onnxruntime on the float graph, weights rounded to half precision as in the burnpack.
What is kept of the outputs is described in engine/src/detector/selftest.rs.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image

from make_fixture import NOMINAL, letterbox
from tflite_float import Graph

DETECTOR = pathlib.Path(__file__).parents[2] / "engine" / "src" / "detector"
WIDTH, HEIGHT = 384, 256
CLASSES = [1, 2, 3, 4, 6, 7, 8, 9, 27, 31, 33]
ANCHORS = 9


def signature(logits, codes):
    lists = {"logit_channels": [], "code_channels": [], "logit_columns": [], "code_columns": []}
    planes, start, h, w = [], 0, HEIGHT // 8, WIDTH // 8
    for _ in range(5):
        count = h * w * ANCHORS
        # [h, w, anchor, value] to [anchor, value, h, w]
        cut = lambda values: values[start:start + count].reshape(h, w, ANCHORS, -1).transpose(2, 3, 0, 1).astype(np.float64)
        level_logits, level_codes = cut(logits), cut(codes)
        for name, level in (("logit", level_logits), ("code", level_codes)):
            lists[f"{name}_channels"].append(level.mean(axis=(2, 3)).ravel())
            lists[f"{name}_columns"].append(level.mean(axis=(0, 1, 2)))
        planes.append(level_logits)
        start, h, w = start + count, -(-h // 2), -(-w // 2)
    samples = []
    for i in range(64):
        plane = planes[i % 5][i * 7 % ANCHORS, i * 5 % len(CLASSES)].ravel()
        samples.append(plane[i * 7919 % len(plane)])
    rounded = lambda values: [round(float(v), 5) for v in values]
    return {name: [rounded(level) for level in levels] for name, levels in lists.items()} | {"samples": rounded(samples)}


def main():
    pixels, _ = letterbox(Image.open(DETECTOR / "selftest.ppm"), WIDTH, HEIGHT)
    image = ((pixels - 127) / 128).transpose(2, 0, 1)[None].astype(np.float32)
    runs = []
    for model in NOMINAL:
        path = pathlib.Path(sys.argv[1]) / f"efficientdet-{model}.tflite"
        graph, _ = Graph(path.read_bytes(), half_weights=True).to_onnx(HEIGHT, WIDTH)
        session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
        logits, codes = session.run(["logits", "codes"], {"image": image})
        runs.append({"model": model, "signature": signature(logits[0][:, [c - 1 for c in CLASSES]], codes[0])})
    (DETECTOR / "selftest.json").write_text(json.dumps(runs, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
