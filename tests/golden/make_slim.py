"""Writes slim.safetensors, a slim network with random weights, and slim-losses.safetensors, its losses and their gradients in double
precision.

    pip install torch safetensors
    python make_slim.py golden.safetensors slim.safetensors slim-losses.safetensors

The pictures and the mask are those of golden.safetensors. The loss is that of the content plus 30 times that of the style: by
Gram matrices, or by transport between Gaussians (see make_transport.py), which counts half.
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

BLOCKS = [2, 2, 3, 2]
VGG = [64, 128, 256, 512]
# Channels that no instruction takes whole.
WIDTHS = [6, 5, 9, 7, 11, 8, 10, 13, 9]
MEAN_BGR = torch.tensor([103.939, 116.779, 123.68], dtype=torch.float64).reshape(1, 3, 1, 1)
STYLE = [f"block{block}_conv1" for block in (1, 2, 3, 4)]
CONTENT = "block4_conv2"


def layers():
    return [(block, f"block{block}_conv{k}") for block, count in enumerate(BLOCKS, 1) for k in range(1, count + 1)]


def network():
    """Random weights that half floats hold exactly and that keep the features' spread"""
    random = torch.Generator().manual_seed(11)
    tensors, inputs = {}, 3
    for (block, layer), outputs in zip(layers(), WIDTHS):
        spread = (2 / (9 * inputs)) ** 0.5
        weight = torch.randn(outputs, inputs, 3, 3, generator=random) * spread
        tensors[layer + ".weight"] = weight.half()
        tensors[layer + ".bias"] = torch.randn(outputs, generator=random) * 0.1
        tensors[layer + ".projection"] = torch.randn(outputs, VGG[block - 1], generator=random).half()
        inputs = outputs
    return tensors


def features(weights, picture, pooling):
    """[1, 3, H, W], sRGB in 0..1 -> activations after ReLU by layer"""
    values, found, before = picture[:, [2, 1, 0]] * 255 - MEAN_BGR, {}, 1
    for block, layer in layers():
        if block > before:
            values = F.max_pool2d(values, 2) if pooling == "max" else F.avg_pool2d(values, 2)
            before = block
        values = F.relu(F.conv2d(values, weights[layer + ".weight"], weights[layer + ".bias"], padding=1))
        found[layer] = values
    return found


def moments(features, mask):
    """[1, C, h, w] -> means of the features, and of feature times feature"""
    rows = features.flatten(2)[0]
    weights = F.interpolate(mask, features.shape[2:], mode="area").flatten()
    return rows @ weights / weights.sum(), (rows * weights) @ rows.T / weights.sum()


def by_gram(painting, style):
    (_, products), (_, wanted) = painting, style
    return ((products - wanted) ** 2).sum() / (wanted**2).sum()


def by_transport(painting, style):
    (m, products), (n, of_style) = painting, style
    covariance, wanted = products - torch.outer(m, m), of_style - torch.outer(n, n)
    ridge = 1e-4 * torch.trace(wanted) / len(n) * torch.eye(len(n), dtype=torch.float64)
    covariance, wanted = covariance + ridge, wanted + ridge
    values, vectors = torch.linalg.eigh(wanted)
    root = (vectors * values.sqrt()) @ vectors.T
    roots = torch.linalg.eigvalsh(root @ covariance @ root).sqrt().sum()
    distance = ((m - n) ** 2).sum() + torch.trace(covariance) + torch.trace(wanted) - 2 * roots
    return 0.5 * distance / (torch.trace(wanted) + (n**2).sum())


def main():
    golden = load_file(sys.argv[1])
    tensors = network()
    save_file(tensors, sys.argv[2], metadata={"input_colors": "bgr-bytes", "slim_of": "0" * 64})
    weights = {name: value.double() for name, value in tensors.items()}
    picture = {name: golden[name] for name in ("content", "image", "style", "style2")}
    everywhere = {name: torch.ones_like(value[:, :1]) for name, value in picture.items()}
    left = golden["mask_left"]
    out = {}
    for pooling in ("max", "avg"):
        of = {name: features(weights, picture[name], pooling) for name in ("content", "style", "style2")}
        target = {
            name: {layer: moments(of[name][layer], everywhere[name]) for layer in STYLE} for name in ("style", "style2")
        }
        content = of["content"][CONTENT]
        for distance in (by_gram, by_transport):
            for name, places in (
                ("one", [(everywhere["image"], target["style"])]),
                ("masks", [(left, target["style"]), (1 - left, target["style2"])]),
            ):
                image = picture["image"].clone().requires_grad_()
                found = features(weights, image, pooling)
                of_content = ((found[CONTENT] - content) ** 2).sum() / (content**2).sum()
                terms = [
                    distance(moments(found[layer], mask), style[layer]) for mask, style in places for layer in STYLE
                ]
                of_style = sum(terms) / len(terms)
                (of_content + 30 * of_style).backward()
                place = f"{pooling}/{distance.__name__}/{name}"
                out[f"{place}/content_loss"] = of_content.detach()
                out[f"{place}/style_loss"] = of_style.detach()
                out[f"{place}/gradient"] = image.grad
                print(place, float(of_content), float(of_style), float(image.grad.abs().max()))
    save_file(out, sys.argv[3])


main()
