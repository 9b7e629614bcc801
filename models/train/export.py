"""Exports a trained network as style.onnx, stylize.onnx and render.onnx.

python export.py CHECKPOINT VGG16_SAFETENSORS FOLDER

Networks compute in 32-bit floats; large weights are stored in 16 bits.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from net import VGG16, Net

# The least number of values in a constant that is worth storing in 16 bits.
LARGE = 1024

ANY_SIZE = {2: "h", 3: "w"}


class Style(nn.Module):
    """A style picture to its code."""

    def __init__(self, net, vgg):
        super().__init__()
        self.v = vgg
        self.e = net.e

    def forward(self, style):
        return self.e(self.v(style))


class Stylize(nn.Module):
    """A picture, a code and controls to the painted picture and its normalisation."""

    def __init__(self, net):
        super().__init__()
        self.t = net.t
        self.d = net.d

    def forward(self, image, code, control):
        return self.t.analyze(image, self.d(code, control))


class Render(nn.Module):
    """A picture and a normalisation to the painted picture."""

    def __init__(self, net):
        super().__init__()
        self.t = net.t

    def forward(self, image, affine):
        return self.t.render(image, affine)


def store_weights_in_half(path):
    """Stores large constants in 16 bits, each with a cast to 32 under its name."""
    model = onnx.load(path)
    graph = model.graph
    halves, casts = [], []
    for constant in list(graph.initializer):
        values = numpy_helper.to_array(constant)
        if values.dtype != np.float32 or values.size < LARGE:
            continue
        name = constant.name
        stored = name + "_h"
        graph.initializer.remove(constant)
        halves.append(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(
            helper.make_node(
                "Cast", [stored], [name], to=TensorProto.FLOAT, name="cast_" + name
            )
        )
    graph.initializer.extend(halves)
    for place, cast in enumerate(casts):
        graph.node.insert(place, cast)
    onnx.save(model, path)
    onnx.checker.check_model(path)


def load(checkpoint, vgg):
    """The trained network and VGG16."""
    state = torch.load(checkpoint, map_location="cpu")
    arguments = state["args"]
    net = Net(blocks=arguments["blocks"], c3=arguments["c3"])
    net.load_state_dict(state["net"])
    net.eval()
    return net, VGG16(vgg).eval()


def export(module, example, path, inputs, outputs, sized):
    """Writes a network; those of its inputs and outputs in `sized` are of any size."""
    torch.onnx.export(
        module,
        example,
        str(path),
        input_names=inputs,
        output_names=outputs,
        dynamic_axes={name: ANY_SIZE for name in sized},
        opset_version=17,
        dynamo=False,
        do_constant_folding=True,
    )
    store_weights_in_half(str(path))


def main(checkpoint, vgg, folder):
    net, vgg = load(checkpoint, vgg)
    folder = Path(folder)
    image, code = torch.rand(1, 3, 128, 128), torch.rand(1, 256)
    export(
        Style(net, vgg),
        (torch.rand(1, 3, 256, 256),),
        folder / "style.onnx",
        ["style"],
        ["code"],
        sized=["style"],
    )
    export(
        Stylize(net),
        (image, code, torch.zeros(1, 2)),
        folder / "stylize.onnx",
        ["image", "code", "control"],
        ["stylized", "affine"],
        sized=["image", "stylized"],
    )
    export(
        Render(net),
        (image, torch.rand(1, net.t.P)),
        folder / "render.onnx",
        ["image", "affine"],
        ["stylized"],
        sized=["image", "stylized"],
    )


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
