"""Measures how paintings look: for each job, what is far from the photograph, what is far from the style, and whether
a lattice shows.

    python measure.py JOBS      JOBS is a JSON file: [{"photograph": FILE, "painting": FILE, "style": FILE or null}, ...]

Prints for each job, in the same order, {"sizes": {"512": {"content": 0.5, "gram": 0.1, "w2": 0.2}, "128": {...}},
"colour": 0.1, "lattice": 12.3}; without a style picture gram, w2 and colour are null. All are relative, but the colours
(0 black to 1 white) and the lattice (power over that of the neighbouring frequencies); less is nearer.
"""
import functools
import json
import os
import struct
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

MODELS = Path(os.environ.get("IMPASTO_MODELS", Path(__file__).resolve().parents[2] / "models"))
SIZES = [512, 128]    # the longest side, in pixels: strokes, and the composition

LAYERS = ["block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2", "block3_conv1", "block3_conv2",
          "block3_conv3", "block4_conv1", "block4_conv2"]
STYLE = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
CONTENT = "block4_conv2"
MEAN_BGR = np.array([103.939, 116.779, 123.68], "f4").reshape(1, 3, 1, 1)

RIDGE = 1e-4          # of the style's mean variance, on both covariances' diagonals
DIRECTIONS = 32       # in which the colours are looked at
QUANTILES = 1024

# Cycles a pixel, down and across: where upsampling by two and by four leaves its mark.
LATTICE = [(.25, 0), (0, .25), (.25, .25), (.5, 0), (0, .5), (.5, .5), (.5, .25), (.25, .5)]


# ------------------------------------------------------------------------------------------------- the features

def weights():
    data = (MODELS / "vgg16-features.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    types = {"F16": "<f2", "F32": "<f4"}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            yield name, np.frombuffer(data[start:end], types[entry["dtype"]]).astype("f4").reshape(entry["shape"])


@functools.cache
def network():
    """VGG16 up to the content layer, with max pooling, as its weights were trained."""
    nodes, last = [], "image"
    for layer in LAYERS:
        if layer.endswith("conv1") and layer != LAYERS[0]:
            nodes.append(helper.make_node("MaxPool", [last], [f"{layer}.in"], kernel_shape=[2, 2], strides=[2, 2]))
            last = f"{layer}.in"
        inputs = [last, f"{layer}.weight", f"{layer}.bias"]
        nodes.append(helper.make_node("Conv", inputs, [f"{layer}.sum"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"{layer}.sum"], [layer]))
        last = layer
    used = [numpy_helper.from_array(array, name) for name, array in weights() if name.split(".")[0] in LAYERS]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "height", "width"])
    taps = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in [CONTENT, *STYLE]]
    graph = helper.make_graph(nodes, "vgg16", [image], taps, used)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def features(picture):
    """[1,3,H,W], sRGB from 0 to 1 -> for each layer [channels, positions]"""
    names = [CONTENT, *STYLE]
    found = network().run(names, {"image": (picture[:, ::-1] * 255 - MEAN_BGR).astype("f4")})
    return {name: each[0].reshape(each.shape[1], -1).astype("f8") for name, each in zip(names, found)}


# --------------------------------------------------------------------------------------------------- the losses

def content_loss(painted, photograph):
    return np.square(painted - photograph).mean() / np.square(photograph).mean()


def gram(layer):
    return layer @ layer.T / layer.shape[1]


def gram_loss(painted, style):
    target = gram(style)
    return np.square(gram(painted) - target).sum() / np.square(target).sum()


def moments(layer):
    mean = layer.mean(1)
    return mean, gram(layer - mean[:, None])


def root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


class Style:
    """What the Wasserstein distance needs of a style's layer."""

    def __init__(self, layer):
        self.mean, covariance = moments(layer)
        self.ridge = RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
        self.covariance = covariance + self.ridge
        self.root = root(self.covariance)


def wasserstein_loss(painted, style):
    """The squared Wasserstein-2 distance of the two layers taken for Gaussians, relative to the style's size."""
    mean, covariance = moments(painted)
    covariance = covariance + style.ridge
    between = np.linalg.eigvalsh(style.root @ covariance @ style.root)
    bures = np.trace(covariance) + np.trace(style.covariance) - 2 * np.sqrt(np.clip(between, 0, None)).sum()
    return (np.square(mean - style.mean).sum() + bures) / (np.trace(style.covariance) + np.square(style.mean).sum())


def directions(count):
    """Spread evenly over half a sphere, [count, 3]."""
    height = (np.arange(count) + 0.5) / count
    turn = np.arange(count) * np.pi * (3 - 5 ** 0.5)
    flat = np.sqrt(1 - height ** 2)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), height], 1)


def colours(picture):
    """Along each direction the colours in order, thinned out to QUANTILES of them: of pictures of any size."""
    along = directions(DIRECTIONS).astype("f4") @ picture[0].reshape(3, -1).astype("f4")
    along.sort(axis=1)
    return along[:, ((np.arange(QUANTILES) + 0.5) / QUANTILES * along.shape[1]).astype(int)]


def colour_distance(picture, other):
    """The sliced Wasserstein-2 distance of what `colours` found: of values from 0 to 1."""
    return float(np.sqrt(np.square(picture - other).mean()))


def lattice_peak(picture):
    """The highest power at a frequency of the lattice, over the median of the frequencies around it."""
    gray = picture[0].mean(0)
    gray = gray[:len(gray) // 8 * 8, :gray.shape[1] // 8 * 8]
    # Faded out to its borders: the step from one to the other has power at every frequency of an axis.
    window = np.outer(*map(np.hanning, gray.shape))
    power = np.abs(np.fft.fft2((gray - gray.mean()) * window)) ** 2
    at = [np.abs(np.fft.fftfreq(side)) for side in power.shape]

    def over_its_neighbours(frequency):
        i, j = (int(np.argmin(np.abs(axis - each))) for axis, each in zip(at, frequency))
        around = [power[(i + down) % len(power), (j + across) % power.shape[1]]
                  for down in range(-6, 7) for across in range(-6, 7) if (down, across) != (0, 0)]
        # An even picture has no power anywhere.
        return power[i, j] / max(np.median(around), 1e-12)
    return float(max(map(over_its_neighbours, LATTICE)))


# ------------------------------------------------------------------------------------------------- the pictures

def load(path, side=None):
    """[1,3,H,W], with its longest side near `side`, or as it is."""
    picture = Image.open(path).convert("RGB")
    if side:
        scale = side / max(picture.size)
        size = [max(8, round(length * scale / 8) * 8) for length in picture.size]
        picture = picture.resize(size, Image.BOX if scale < 1 else Image.BICUBIC)
    return np.asarray(picture, "f4").transpose(2, 0, 1)[None] / 255


@functools.lru_cache(maxsize=2)
def content_of(path, side):
    return features(load(path, side))[CONTENT]


@functools.lru_cache(maxsize=2 * len(SIZES))
def style_of(path, side):
    found = features(load(path, side))
    return {layer: (found[layer], Style(found[layer])) for layer in STYLE}


@functools.lru_cache(maxsize=2)
def colours_of(path):
    return colours(load(path, SIZES[0]))


def measure(photograph, painting, style, sides=SIZES):
    sizes = {}
    for side in sides:
        found = features(load(painting, side))
        losses = {"content": content_loss(found[CONTENT], content_of(photograph, side)), "gram": None, "w2": None}
        if style:
            wanted = style_of(style, side)
            losses["gram"] = np.mean([gram_loss(found[layer], wanted[layer][0]) for layer in STYLE])
            losses["w2"] = np.mean([wasserstein_loss(found[layer], wanted[layer][1]) for layer in STYLE])
        sizes[side] = losses
    return {
        "sizes": sizes,
        "colour": colour_distance(colours(load(painting, SIZES[0])), colours_of(style)) if style else None,
        "lattice": lattice_peak(load(painting)),
    }


def main():
    jobs = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps([measure(**job) for job in jobs]))


if __name__ == "__main__":
    main()
