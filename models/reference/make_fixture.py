"""Makes ../tests/fixtures/parity.json: what a reference finds in the pictures there.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_fixture.py <folder with efficientdet-lite{0,1,2}.tflite>

Each picture goes through each network twice: through TFLite itself on the pinned int8 file (nominal input size only; TFLite's
sizes are fixed), and through onnxruntime on the float graph of the dequantised weights. The fixture holds the float results; the
distance between the two is printed, so that it can be quoted.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from PIL import Image

from tflite_float import Graph

FIXTURES = pathlib.Path(__file__).parent.parent / "tests" / "fixtures"
NOMINAL = {"lite0": 320, "lite1": 384, "lite2": 448}
# Beside the nominal squares, one size that is a multiple of 128 each way, and not square.
OTHER = (512, 384)
MIN_SCORE, NMS_IOU = 0.25, 0.5
GROUPS = {1: "person", **dict.fromkeys((2, 3, 4, 6, 7, 8, 9), "vehicle"), **dict.fromkeys((27, 31, 33), "bag")}


def letterbox(picture, width, height):
    """Bilinear, pixel centres at halves, aspect kept, centred; the rest 127. Returns float pixels and (left, top, w, h)."""
    source = np.asarray(picture.convert("RGB")).astype(np.float32)
    h, w = source.shape[:2]
    scale = min(width / w, height / h)
    inner = [int(np.floor(w * scale + 0.5)), int(np.floor(h * scale + 0.5))]

    def taps(to, count):
        position = np.clip((np.arange(to) + 0.5) * (count / to) - 0.5, 0, count - 1)
        near = position.astype(int)
        return near, np.minimum(near + 1, count - 1), (position - near).astype(np.float32)

    x0, x1, fx = taps(inner[0], w)
    y0, y1, fy = taps(inner[1], h)
    rows = source[y0] * (1 - fy)[:, None, None] + source[y1] * fy[:, None, None]
    scaled = rows[:, x0] * (1 - fx)[None, :, None] + rows[:, x1] * fx[None, :, None]
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    canvas = np.full((height, width, 3), 127, np.float32)
    canvas[top:top + inner[1], left:left + inner[0]] = scaled
    return canvas, (left, top, *inner)


def anchors(width, height):
    """[n, 4] of (cy, cx, h, w) in pixels, in the order of the network's outputs."""
    found, h, w = [], -(-height // 4), -(-width // 4)
    for _ in range(5):
        h, w = -(-h // 2), -(-w // 2)
        sy, sx = height / h, width / w
        shapes = [(3 * sy * 2 ** (o / 3) / a ** 0.5, 3 * sx * 2 ** (o / 3) * a ** 0.5) for o in range(3) for a in (1, 2, 0.5)]
        for y in range(h):
            for x in range(w):
                found += [((y + 0.5) * sy, (x + 0.5) * sx, ah, aw) for ah, aw in shapes]
    return np.array(found)


def overlap(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    area = lambda r: (r[2] - r[0]) * (r[3] - r[1])
    return w * h / (area(a) + area(b) - w * h)


def decode(scores, codes, width, height, box):
    """Score filter, decode, greedy suppression within a kind; boxes in shares of the picture."""
    left, top, inner_w, inner_h = box
    index, category = np.nonzero(scores >= MIN_SCORE)
    order = np.argsort(-scores[index, category], kind="stable")
    layout, kept = anchors(width, height), []
    for i, c in zip(index[order], category[order]):
        (acy, acx, ah, aw), (ty, tx, th, tw) = layout[i], codes[i]
        cy, cx, h, w = ty * ah + acy, tx * aw + acx, np.exp(th) * ah, np.exp(tw) * aw
        corners = [(cx - w / 2 - left) / inner_w, (cy - h / 2 - top) / inner_h,
                   (cx + w / 2 - left) / inner_w, (cy + h / 2 - top) / inner_h]
        corners = [float(np.clip(v, 0, 1)) for v in corners]
        kind = GROUPS.get(int(c) + 1, int(c) + 1)
        if not any(k["kind"] == kind and overlap(k["bbox"], corners) > NMS_IOU for k in kept):
            kept.append({"bbox": corners, "class_id": int(c) + 1, "score": float(scores[i, c]), "kind": kind})
    return kept


def run_int8(path, pixels):
    interpreter = Interpreter(model_path=str(path), experimental_preserve_all_tensors=True,
                              experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.rint(pixels).astype(np.uint8)[None])
    interpreter.invoke()
    _, final = Graph(path.read_bytes()).to_onnx(*pixels.shape[:2])
    return interpreter.get_tensor(final["scores"])[0], interpreter.get_tensor(final["codes"])[0]


def run_float(path, pixels):
    model, _ = Graph(path.read_bytes()).to_onnx(*pixels.shape[:2])
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = ((pixels - 127) / 128).transpose(2, 0, 1)[None].astype(np.float32)
    scores, codes = session.run(["scores", "codes"], {"image": image})
    return scores[0], codes[0]


def main():
    folder, cases, distances = pathlib.Path(sys.argv[1]), [], []
    for model, side in NOMINAL.items():
        path = folder / f"efficientdet-{model}.tflite"
        for picture in sorted(FIXTURES.glob("*.png")):
            for width, height in ((side, side), OTHER):
                pixels, box = letterbox(Image.open(picture), width, height)
                boxes = decode(*run_float(path, pixels), width, height, box)
                cases.append({"picture": picture.name, "model": model, "input": {"width": width, "height": height},
                              "boxes": [{"bbox": [round(v, 5) for v in b["bbox"]], "class_id": b["class_id"],
                                         "score": round(b["score"], 4)} for b in boxes]})
                if (width, height) == (side, side):
                    quantised = decode(*run_int8(path, pixels), width, height, box)
                    for b in boxes:
                        if b["score"] >= 0.4:
                            best = max(((overlap(b["bbox"], q["bbox"]), abs(b["score"] - q["score"])) for q in quantised
                                        if q["class_id"] == b["class_id"]), default=(0.0, b["score"]))
                            distances.append((model, picture.name, *best))
    fixture = {"reference": "onnxruntime 1.31.1, float32, on the dequantised weights of the pinned int8 TFLite files; "
                            "made by models/reference/make_fixture.py", "cases": cases}
    (FIXTURES / "parity.json").write_text(json.dumps(fixture, indent=1) + "\n")
    for model in NOMINAL:
        rows = [d for d in distances if d[0] == model]
        iou, score = np.array([d[2] for d in rows]), np.array([d[3] for d in rows])
        within = np.mean((iou >= 0.95) & (score <= 0.03))
        print(f"{model}: float against int8 TFLite, {len(rows)} boxes at score >= 0.4: IoU median {np.median(iou):.3f} worst "
              f"{iou.min():.3f}; score difference median {np.median(score):.3f} worst {score.max():.3f}; "
              f"{100 * within:.0f} % within IoU 0.95 and 0.03")


if __name__ == "__main__":
    main()
