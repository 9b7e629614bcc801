"""Content and style loss of a painted picture, by the measure that Impasto's optimise method minimises.

    losses(content, style, painted) -> (content_loss, style_loss)

All pictures are brought to a longest side of 512 pixels (the painted one to the content's size). F are VGG16's
activations after ReLU, G = F F^T / positions:

    content loss = mean((F - F_content)^2) / mean(F_content^2)        at block4_conv2
    style loss   = mean over layers of |G - G_style|^2 / |G_style|^2  at block1..4_conv1

Both are relative: 0 is a perfect match, features of zero give 1, and an unrelated picture often more than 1.
The weights are read from the file IMPASTO_VGG16, else from models/vgg16-features.safetensors.

    python losses.py CONTENT STYLE PAINTED      prints both losses
    python losses.py --check GOLDEN.npz         compares with the project's golden data, to 1e-4
"""
import os
import sys
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from safetensors.numpy import load_file

SIDE = 512
CONTENT = "block4_conv2"
STYLE = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
LAYERS = ["block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2", "block3_conv1", "block3_conv2",
          "block3_conv3", "block4_conv1", "block4_conv2"]
MEAN_BGR = (103.939, 116.779, 123.68)


@cache
def network():
    """VGG16 up to block4_conv2 as a session: `image` [1,3,H,W], RGB 0..1 -> the content and style layers."""
    default = Path(__file__).resolve().parents[2] / "models" / "vgg16-features.safetensors"
    weights = load_file(os.environ.get("IMPASTO_VGG16", default))
    constants, nodes, x = [], [], "image"

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name

    # to BGR, 0..255, minus the mean: a 1x1 convolution (it must not be merged into block 1, whose border is zeros)
    to_bgr = constant("to_bgr", 255 * np.eye(3)[::-1].reshape(3, 3, 1, 1))
    nodes.append(helper.make_node("Conv", [x, to_bgr, constant("minus_mean", -np.array(MEAN_BGR))], ["bgr"]))
    x = "bgr"
    for layer in LAYERS:
        if layer.endswith("conv1") and layer != LAYERS[0]:
            nodes.append(helper.make_node("MaxPool", [x], [f"{layer}.pooled"], kernel_shape=[2, 2], strides=[2, 2]))
            x = f"{layer}.pooled"
        parameters = [constant(f"{layer}.{part}", weights[f"{layer}.{part}"]) for part in ("weight", "bias")]
        nodes.append(helper.make_node("Conv", [x, *parameters], [f"{layer}.sum"], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"{layer}.sum"], [layer]))
        x = layer

    def tensor(name, channels):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, None, None])

    outputs = [tensor(layer, len(weights[f"{layer}.bias"])) for layer in [*STYLE, CONTENT]]
    graph = helper.make_graph(nodes, "vgg16", [tensor("image", 3)], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def features(image):
    """image: [1,3,H,W], RGB 0..1 -> {layer: [channels, positions]}"""
    names = [*STYLE, CONTENT]
    found = network().run(names, {"image": np.asarray(image, np.float32)})
    return {name: f.reshape(f.shape[1], -1) for name, f in zip(names, found)}


def losses_of_arrays(content, style, painted):
    """The losses of arrays [1,3,H,W], RGB 0..1, at the size they have; style may be None."""
    painted = features(painted)
    wanted = features(content)[CONTENT]
    content_loss = float(np.mean((painted[CONTENT] - wanted) ** 2) / np.mean(wanted**2))
    if style is None:
        return content_loss, None
    style, terms = features(style), []
    for layer in STYLE:
        gram, target = (f @ f.T / f.shape[1] for f in (painted[layer], style[layer]))
        terms.append(np.sum((gram - target) ** 2) / np.sum(target**2))
    return content_loss, float(np.mean(terms))


def load(picture, size=None):
    """A path or Pillow image -> [1,3,H,W] 0..1, of the given size, else with a longest side of SIDE."""
    picture = picture if isinstance(picture, Image.Image) else Image.open(picture)
    picture = picture.convert("RGB")
    if size is None:
        scale = SIDE / max(picture.size)
        size = tuple(max(1, round(side * scale)) for side in picture.size)
    if size != picture.size:
        picture = picture.resize(size, Image.LANCZOS)
    return np.asarray(picture, np.float32).transpose(2, 0, 1)[None] / 255


def losses(content, style, painted):
    """(content_loss, style_loss) of paths or Pillow images; with style None the second is None."""
    content = load(content)
    painted = load(painted, content.shape[:1:-1])
    return losses_of_arrays(content, None if style is None else load(style), painted)


def check(golden):
    """Compares with the golden data: the cases "one style, max pooling"."""
    golden = np.load(golden)
    found = losses_of_arrays(golden["content"], golden["style"], golden["image"])
    worst = 0
    for name, value in zip(("content_loss", "style_loss"), found):
        expected = float(golden[f"max/one/{name}"])
        worst = max(worst, abs(value / expected - 1))
        print(f"{name}: {value:.7f}, golden {expected:.7f}, relative difference {abs(value / expected - 1):.1e}")
    return worst < 1e-4


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        sys.exit(0 if check(sys.argv[2]) else "losses differ from the golden data")
    elif len(sys.argv) == 4:
        print("content loss {:.4f}, style loss {:.4f}".format(*losses(*sys.argv[1:])))
    else:
        sys.exit(__doc__)
