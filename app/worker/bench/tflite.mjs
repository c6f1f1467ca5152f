// Reads what the benchmark needs from a TFLite file: operators, shapes, weights (dequantised to float), anchors.
// Field numbers are those of TensorFlow's schema.fbs; only the operators of EfficientDet-Lite are known here.

/** A table of a flatbuffer at `pos`. */
class Table {
  constructor(view, pos) {
    this.view = view;
    this.pos = pos;
    this.vtable = pos - view.getInt32(pos, true);
    this.vtableSize = view.getUint16(this.vtable, true);
  }

  /** Position of field `id`, or 0 where the file leaves it at its default. */
  at(id) {
    const slot = 4 + id * 2;
    if (slot >= this.vtableSize) return 0;
    const offset = this.view.getUint16(this.vtable + slot, true);
    return offset === 0 ? 0 : this.pos + offset;
  }

  u8(id) { const p = this.at(id); return p ? this.view.getUint8(p) : 0; }
  i32(id) { const p = this.at(id); return p ? this.view.getInt32(p, true) : 0; }
  table(id) { const p = this.at(id); return p ? new Table(this.view, p + this.view.getUint32(p, true)) : null; }

  /** Start and length of the vector in field `id`. */
  vector(id) {
    const p = this.at(id);
    if (!p) return { start: 0, length: 0 };
    const at = p + this.view.getUint32(p, true);
    return { start: at + 4, length: this.view.getUint32(at, true) };
  }

  tables(id) {
    const { start, length } = this.vector(id);
    return Array.from({ length }, (_, i) => new Table(this.view, start + i * 4 + this.view.getUint32(start + i * 4, true)));
  }

  i32s(id) {
    const { start, length } = this.vector(id);
    return Array.from({ length }, (_, i) => this.view.getInt32(start + i * 4, true));
  }

  f32s(id) {
    const { start, length } = this.vector(id);
    return Array.from({ length }, (_, i) => this.view.getFloat32(start + i * 4, true));
  }

  bytes(id) {
    const { start, length } = this.vector(id);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + start, length);
  }
}

const OPERATORS = {
  0: 'ADD', 2: 'CONCATENATION', 3: 'CONV_2D', 4: 'DEPTHWISE_CONV_2D', 6: 'DEQUANTIZE', 14: 'LOGISTIC', 17: 'MAX_POOL_2D',
  22: 'RESHAPE', 32: 'CUSTOM', 97: 'RESIZE_NEAREST_NEIGHBOR', 114: 'QUANTIZE',
};
const TYPE = { FLOAT32: 0, INT32: 2, INT8: 9 };

function options(name, table) {
  if (!table) return {};
  const padding = () => (table.u8(0) === 0 ? 'SAME' : 'VALID');
  switch (name) {
    case 'CONV_2D': return { padding: padding(), stride: table.i32(2), activation: table.u8(3) };
    case 'DEPTHWISE_CONV_2D': return { padding: padding(), stride: table.i32(2), activation: table.u8(4) };
    case 'MAX_POOL_2D': return { padding: padding(), stride: table.i32(2), kernel: table.i32(4) };
    case 'ADD': return { activation: table.u8(0) };
    case 'RESIZE_NEAREST_NEIGHBOR': return { alignCorners: table.u8(0) !== 0, halfPixel: table.u8(1) !== 0 };
    default: return {};
  }
}

/** Values of a constant tensor as floats, with its per-channel or per-tensor scale applied. */
function values(tensor, data) {
  const count = tensor.shape.reduce((a, b) => a * b, 1);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = {
    [TYPE.FLOAT32]: (i) => view.getFloat32(i * 4, true),
    [TYPE.INT32]: (i) => view.getInt32(i * 4, true),
    [TYPE.INT8]: (i) => view.getInt8(i),
  }[tensor.type];
  if (!read) throw new Error(`a constant of TFLite type ${tensor.type} was not expected`);
  const inner = tensor.shape.slice(tensor.axis + 1).reduce((a, b) => a * b, 1);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const channel = tensor.scale.length > 1 ? Math.floor(i / inner) % tensor.scale.length : 0;
    out[i] = tensor.scale.length ? read(i) * tensor.scale[channel] : read(i);
  }
  return out;
}

/** `{ size, ops: [{ name, inputs, outputs, ...options }], tensors: [{ shape, values? }], input, boxes, scores, anchors }` */
export function readTflite(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const model = new Table(view, view.getUint32(0, true));
  const buffers = model.tables(4);
  const codes = model.tables(1).map((code) => Math.max(code.u8(0), code.i32(3)));
  const graph = model.tables(2)[0];

  const tensors = graph.tables(0).map((table) => {
    const quantization = table.table(4);
    const tensor = {
      shape: table.i32s(0),
      type: table.u8(1),
      scale: quantization ? quantization.f32s(2) : [],
      axis: quantization ? quantization.i32(6) : 0,
    };
    const data = buffers[table.i32(2)].bytes(0);
    if (data.length > 0) tensor.values = values(tensor, data);
    return tensor;
  });
  const ops = graph.tables(3).map((table) => {
    const code = codes[table.i32(0)];
    const name = OPERATORS[code];
    if (!name) throw new Error(`TFLite operator ${code} was not expected`);
    return { name, inputs: table.i32s(1), outputs: table.i32s(2), ...options(name, table.table(4)) };
  });

  const input = graph.i32s(1)[0];
  const post = ops.find((op) => op.name === 'CUSTOM');
  const [boxes, scores, anchors] = post.inputs;
  return { size: tensors[input].shape[1], ops, tensors, input, boxes, scores, anchors: tensors[anchors].values };
}
