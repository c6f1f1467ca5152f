// Writes a TFLite EfficientDet-Lite as a float ONNX model (opset 13), so that onnxruntime-web runs the very same network.
//
// Input `image`: [1, 3, size, size], RGB, (x - 127) / 128. Outputs: `scores` [1, anchors, 90] after the sigmoid and `boxes`
// [1, anchors, 4] as codes (cy, cx, h, w). Field numbers are those of onnx.proto3.
import { Buffer } from 'node:buffer';
import { readTflite } from './tflite.mjs';

const varint = (value) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest ? low | 0x80 : low);
  } while (rest);
  return Buffer.from(bytes);
};
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, parts) => bytes(field, Buffer.concat(parts));

const ATTRIBUTE = { int: 2, string: 3, ints: 7 };
function attribute(name, value) {
  if (Array.isArray(value)) return message(5, [text(1, name), ...value.map((v) => number(8, v)), number(20, ATTRIBUTE.ints)]);
  if (typeof value === 'string') return message(5, [text(1, name), text(4, value), number(20, ATTRIBUTE.string)]);
  return message(5, [text(1, name), number(3, value), number(20, ATTRIBUTE.int)]);
}
const floats = (name, shape, values) => message(5, [
  ...shape.map((d) => number(1, d)), number(2, 1), text(8, name),
  bytes(9, Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
]);
const integers = (name, values) => message(5, [
  number(1, values.length), number(2, 7), text(8, name), bytes(9, Buffer.from(BigInt64Array.from(values.map(BigInt)).buffer)),
]);
const port = (field, name, shape) => message(field, [
  text(1, name),
  message(2, [message(1, [number(1, 1), message(2, shape.map((d) => message(1, [number(1, d)])))])]),
]);

/** TFLite's SAME padding, `[top, left, bottom, right]`: what is odd goes to the bottom and the right. */
function pads(op, size, kernel) {
  if (op.padding === 'VALID') return [0, 0, 0, 0];
  const total = Math.max((Math.ceil(size / op.stride) - 1) * op.stride + kernel - size, 0);
  const before = Math.floor(total / 2);
  return [before, before, total - before, total - before];
}

/** Weights from TFLite's [O, H, W, I], or [1, H, W, C] for a depthwise convolution, to ONNX's [O, I, H, W]. */
function weights(tensor, depthwise) {
  const [o, h, w, i] = depthwise ? [tensor.shape[3], tensor.shape[1], tensor.shape[2], 1] : tensor.shape;
  const out = new Float32Array(tensor.values.length);
  let at = 0;
  for (let a = 0; a < o; a += 1) for (let b = 0; b < i; b += 1) for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) {
    out[at] = tensor.values[depthwise ? (y * w + x) * o + a : ((a * h + y) * w + x) * i + b];
    at += 1;
  }
  return { shape: [o, i, h, w], values: out };
}

/** `{ onnx: Buffer, size, anchors: Float32Array }` */
export function toOnnx(tflite) {
  const net = readTflite(tflite);
  const nodes = [];
  const constants = [floats('zero', [], new Float32Array([0])), floats('six', [], new Float32Array([6]))];
  const known = new Set();
  const constant = (name, make) => {
    if (!known.has(name)) constants.push(make(name));
    known.add(name);
    return name;
  };
  const node = (type, inputs, output, attributes = {}) => nodes.push(message(1, [
    ...inputs.map((name) => text(1, name)), text(2, output), text(4, type),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  ]));
  // A tensor keeps its number as its name; operators that only change the number format pass the name on.
  const alias = new Map([[net.input, 'image']]);
  const name = (i) => alias.get(i) ?? `t${i}`;
  const activated = (op, output, write) => {
    if (op.activation === 0) return write(output);
    if (op.activation !== 3) throw new Error(`TFLite activation ${op.activation} was not expected`);
    write(`${output}_sum`);
    return node('Clip', [`${output}_sum`, 'zero', 'six'], output);
  };

  for (const op of net.ops) {
    const output = name(op.outputs[0]);
    const shape = net.tensors[op.inputs[0]].shape;
    switch (op.name) {
      case 'QUANTIZE': case 'DEQUANTIZE':
        alias.set(op.outputs[0], name(op.inputs[0]));
        break;
      case 'CONV_2D': case 'DEPTHWISE_CONV_2D': {
        const depthwise = op.name === 'DEPTHWISE_CONV_2D';
        const w = weights(net.tensors[op.inputs[1]], depthwise);
        const bias = net.tensors[op.inputs[2]].values;
        const inputs = [
          name(op.inputs[0]),
          constant(`w${op.inputs[1]}`, (n) => floats(n, w.shape, w.values)),
          constant(`b${op.inputs[2]}`, (n) => floats(n, [bias.length], bias)),
        ];
        const kernel = w.shape[2];
        activated(op, output, (to) => node('Conv', inputs, to, {
          kernel_shape: [kernel, kernel], strides: [op.stride, op.stride], pads: pads(op, shape[1], kernel),
          group: depthwise ? w.shape[0] : 1,
        }));
        break;
      }
      case 'ADD':
        activated(op, output, (to) => node('Add', op.inputs.map(name), to));
        break;
      case 'MAX_POOL_2D':
        node('MaxPool', [name(op.inputs[0])], output, {
          kernel_shape: [op.kernel, op.kernel], strides: [op.stride, op.stride], pads: pads(op, shape[1], op.kernel),
        });
        break;
      case 'RESIZE_NEAREST_NEIGHBOR': {
        if (op.alignCorners) throw new Error('aligned corners were not expected');
        const to = net.tensors[op.outputs[0]].shape;
        const sizes = constant(`size${to[1]}_${to[3]}`, (n) => integers(n, [1, to[3], to[1], to[2]]));
        node('Resize', [name(op.inputs[0]), '', '', sizes], output, {
          mode: 'nearest',
          coordinate_transformation_mode: op.halfPixel ? 'half_pixel' : 'asymmetric',
          nearest_mode: op.halfPixel ? 'round_prefer_ceil' : 'floor',
        });
        break;
      }
      case 'RESHAPE': {
        const to = net.tensors[op.outputs[0]].shape;
        node('Transpose', [name(op.inputs[0])], `${output}_nhwc`, { perm: [0, 2, 3, 1] });
        node('Reshape', [`${output}_nhwc`, constant(`shape${to.join('_')}`, (n) => integers(n, to))], output);
        break;
      }
      case 'CONCATENATION':
        node('Concat', op.inputs.map(name), output, { axis: 1 });
        break;
      case 'LOGISTIC':
        node('Sigmoid', [name(op.inputs[0])], output);
        break;
      case 'CUSTOM':
        // TFLite_Detection_PostProcess: done by the caller.
        node('Identity', [name(net.boxes)], 'boxes');
        node('Identity', [name(net.scores)], 'scores');
        break;
      default:
        throw new Error(`no rule for ${op.name}`);
    }
  }

  const anchors = net.anchors.length / 4;
  const graph = [
    ...nodes, text(2, 'efficientdet-lite'), ...constants,
    port(11, 'image', [1, 3, net.size, net.size]),
    port(12, 'scores', [1, anchors, 90]), port(12, 'boxes', [1, anchors, 4]),
  ];
  const onnx = Buffer.concat([number(1, 7), text(2, 'vigie-bench'), message(7, graph), message(8, [number(2, 13)])]);
  return { onnx, size: net.size, anchors: net.anchors };
}
