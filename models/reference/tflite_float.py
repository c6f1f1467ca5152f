"""The pinned int8 TFLite graphs as float ONNX graphs, for any input size.

Every constant is dequantised (integer times scale) and every activation is left in float, so that the result is what the
quantised file approximates. Nothing here is shared with the Rust import: the two check each other.
"""

import numpy as np
import onnx
import tflite
from onnx import TensorProto, helper, numpy_helper

OPERATORS = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}


def same_padding(size, kernel, stride):
    """TensorFlow's SAME: zeros before and after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class Graph:
    """Reads one TFLite file and writes ONNX."""

    def __init__(self, tflite_bytes, half_weights=False):
        self.half_weights = half_weights
        self.model = tflite.Model.GetRootAs(tflite_bytes, 0)
        self.graph = self.model.Subgraphs(0)

    def constant(self, index):
        """A dequantised constant; None for a computed tensor."""
        tensor = self.graph.Tensors(index)
        buffer = self.model.Buffers(tensor.Buffer())
        if buffer.DataLength() == 0:
            return None
        kinds = {tflite.TensorType.INT8: np.int8, tflite.TensorType.INT32: np.int32, tflite.TensorType.FLOAT32: np.float32}
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), kinds[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
        quantisation = tensor.Quantization()
        if quantisation is None or quantisation.ScaleLength() == 0:
            return values
        shape = [1] * values.ndim
        scales = quantisation.ScaleAsNumpy()
        if len(scales) > 1:
            shape[quantisation.QuantizedDimension()] = -1
        dequantised = values.astype(np.float32) * scales.reshape(shape)
        if self.half_weights and tensor.Type() == tflite.TensorType.INT8:
            # As the burnpack stores them.
            return dequantised.astype(np.float16).astype(np.float32)
        return dequantised

    def operators(self):
        """(name, inputs, outputs, options) in order."""
        for i in range(self.graph.OperatorsLength()):
            operator = self.graph.Operators(i)
            code = self.model.OperatorCodes(operator.OpcodeIndex())
            name = OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            yield name, list(operator.InputsAsNumpy()), list(operator.OutputsAsNumpy()), operator.BuiltinOptions()

    def to_onnx(self, height, width):
        """An ONNX model: `image` [1, 3, h, w] to `scores` and `logits` [1, anchors, 90] and `codes`
        [1, anchors, 4]."""
        nodes, constants, sizes = [], [], {}
        operators = list(self.operators())
        beside = {}
        for name, inputs, _, _ in operators:
            if name == "ADD":
                beside[inputs[0]], beside[inputs[1]] = inputs[1], inputs[0]

        def add(op, inputs, output, **attributes):
            nodes.append(helper.make_node(op, inputs, [output], **attributes))

        def keep(name, array):
            constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
            return name

        def activated(op, inputs, out, relu6, **attributes):
            add(op, inputs, f"{out}_sum" if relu6 else f"{out}", **attributes)
            if relu6:
                add("Clip", [f"{out}_sum", "zero", "six"], f"{out}")

        def windows(source, kernel, stride):
            h, w = sizes[source]
            (top, bottom), (left, right) = same_padding(h, kernel, stride), same_padding(w, kernel, stride)
            return [top, left, bottom, right], [-(-h // stride), -(-w // stride)]

        def read(options_type, options):
            parsed = options_type()
            parsed.Init(options.Bytes, options.Pos)
            return parsed

        keep("zero", np.float32(0)), keep("six", np.float32(6))
        final = {}
        for name, inputs, outputs, options in operators:
            source, out = inputs[0], outputs[0]
            if name == "QUANTIZE":
                add("Identity", ["image"], f"{out}")
                sizes[out] = [height, width]
            elif name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
                depthwise = name != "CONV_2D"
                parsed = read(tflite.DepthwiseConv2DOptions if depthwise else tflite.Conv2DOptions, options)
                weight, stride = self.constant(inputs[1]), parsed.StrideH()
                kernel = weight.shape[1]
                weight = weight.transpose(3, 0, 1, 2) if depthwise else weight.transpose(0, 3, 1, 2)
                pads, sizes[out] = windows(source, kernel, stride)
                keep(f"{out}_w", weight), keep(f"{out}_b", self.constant(inputs[2]))
                relu6 = parsed.FusedActivationFunction() == tflite.ActivationFunctionType.RELU6
                activated("Conv", [f"{source}", f"{out}_w", f"{out}_b"], out, relu6, strides=[stride] * 2, pads=pads,
                          group=weight.shape[0] if depthwise else 1)
            elif name == "ADD":
                relu6 = read(tflite.AddOptions, options).FusedActivationFunction() == tflite.ActivationFunctionType.RELU6
                sizes[out] = sizes[source]
                activated("Add", [f"{i}" for i in inputs], out, relu6)
            elif name == "MAX_POOL_2D":
                pads, sizes[out] = windows(source, 3, 2)
                add("MaxPool", [f"{source}"], f"{out}", kernel_shape=[3, 3], strides=[2, 2], pads=pads)
            elif name == "RESIZE_NEAREST_NEIGHBOR":
                sizes[out] = sizes[beside[out]]
                channels = self.graph.Tensors(source).ShapeAsNumpy()[3]
                keep(f"{out}_size", np.array([1, channels, *sizes[out]], np.int64))
                add("Resize", [f"{source}", "", "", f"{out}_size"], f"{out}", mode="nearest", nearest_mode="floor",
                    coordinate_transformation_mode="asymmetric")
            elif name == "RESHAPE":
                last = int(self.graph.Tensors(out).ShapeAsNumpy()[-1])
                add("Transpose", [f"{source}"], f"{out}_nhwc", perm=[0, 2, 3, 1])
                keep(f"{out}_shape", np.array([1, -1, last], np.int64))
                add("Reshape", [f"{out}_nhwc", f"{out}_shape"], f"{out}")
            elif name == "CONCATENATION":
                add("Concat", [f"{i}" for i in inputs], f"{out}", axis=1)
            elif name == "LOGISTIC":
                add("Identity", [f"{source}"], "logits")
                add("Sigmoid", [f"{source}"], f"{out}")
            elif name == "DEQUANTIZE":
                add("Identity", [f"{source}"], f"{out}")
            elif name == "CUSTOM":
                final = {"codes": inputs[0], "scores": inputs[1], "anchors": inputs[2]}
            else:
                raise ValueError(f"operator {name} is not expected in this family")
        add("Identity", [f"{final['scores']}"], "scores"), add("Identity", [f"{final['codes']}"], "codes")
        values = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph(nodes, "efficientdet", [values("image", [1, 3, height, width])],
                                  [values("scores", [1, None, 90]), values("logits", [1, None, 90]), values("codes", [1, None, 4])], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model, final
