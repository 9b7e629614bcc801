"""A step of the optimise method in PyTorch: VGG16 with the same weights, maximum pooling, Gram matrices, autograd, Adam, channels_last.

    python optimize.py --content PICTURE --style PICTURE [--runs 5] [--threads N] [--schedule 128:60,256:40,512:20]
                       [--device cuda]

Sizes, margin, mirrored borders, resizing and the loss are those of Impasto, written anew. Each program prepares the
pictures for itself, so the targets differ by the rounding of two resizers. Without --schedule: one step at the picture's
own size that is not counted, then RUNS timed ones. With it: a painting from coarse to fine. Prints

    {"size": [width, height], "seconds": [...], "losses": {"content": 0.4, "style": 0.01}}

with the losses in the last step.
"""
import argparse
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("IMPASTO_MODELS", ROOT / "models"))
BLOCKS = [["block1_conv1", "block1_conv2"], ["block2_conv1", "block2_conv2"],
          ["block3_conv1", "block3_conv2", "block3_conv3"], ["block4_conv1", "block4_conv2"]]
STYLE_LAYERS = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
CONTENT_LAYER = "block4_conv2"
WEIGHTS = (1.0, 30.0, 1.0)
MULTIPLE, LEAST_SIDE = 8, 32


# ---------------------------------------------------------------------------------------------------------- pictures

def up(side, multiple=MULTIPLE):
    return -(-side // multiple) * multiple


def frame(size):
    """The canvas of a picture: (margin, width, height)."""
    margin = max(1, math.floor(max(size) // 32 / MULTIPLE + 0.5)) * MULTIPLE
    return margin, *(up(max(side + 2 * margin, LEAST_SIDE)) for side in size)


def scaled(size, side):
    """The canvas at which a picture's longest side is `side`."""
    _, width, height = frame(size)
    if side >= max(size):
        return width, height
    return tuple(max(LEAST_SIDE, round(length * side / max(size) / MULTIPLE) * MULTIPLE) for length in (width, height))


def mirrored(planes, first, width, height):
    def shown(length, count):
        at = np.arange(-first, count - first) % (2 * (length - 1))
        return np.where(at > length - 1, 2 * (length - 1) - at, at)
    return planes[:, shown(planes.shape[1], height)][:, :, shown(planes.shape[2], width)]


def resized(planes, width, height, how):
    if planes.shape[1:] == (height, width):
        return planes
    each = [np.asarray(Image.fromarray(plane).resize((width, height), how)) for plane in planes]
    return np.clip(np.stack(each), 0, 1)


def read(path):
    return (np.asarray(Image.open(path).convert("RGB"), np.float32) / 255).transpose(2, 0, 1).copy()


def content_canvas(planes, size):
    margin, width, height = frame((planes.shape[2], planes.shape[1]))
    return resized(mirrored(planes, margin, width, height), *size, Image.LANCZOS)


def means(planes, axis, length):
    """An axis made shorter: each value the mean of what it covers, by shares (Pillow's BOX takes whole pixels)."""
    values = np.moveaxis(planes, axis, 0).astype(np.float64)
    sums = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, 0)])
    at = np.linspace(0, len(values), length + 1)
    whole = np.minimum(at.astype(int), len(values) - 1)
    sums = sums[whole] + (at - whole).reshape(-1, 1, 1) * values[whole]
    return np.moveaxis(np.diff(sums, axis=0) * (length / len(values)), 0, axis).astype(np.float32)


def style_canvas(planes, pixels):
    """Reduced to at most as many pixels (each the mean of what it covers), then continued."""
    shrink = min(1.0, math.sqrt(pixels / (planes.shape[1] * planes.shape[2])))
    height, width = (max(1, round(side * shrink)) for side in planes.shape[1:])
    planes = means(means(planes, 1, height), 2, width)
    return mirrored(planes, 0, up(max(width, LEAST_SIDE)), up(max(height, LEAST_SIDE)))


# ----------------------------------------------------------------------------------------------------------- PyTorch

class Torch:
    def __init__(self, threads, device):
        torch.set_num_threads(threads)
        torch.backends.cudnn.benchmark = torch.backends.cuda.matmul.allow_tf32 = True
        self.device = device
        self.weights = {}
        for name, value in load_file(MODELS / "vgg16-features.safetensors").items():
            value = value.float()
            if value.dim() == 4:
                value = value.to(memory_format=torch.channels_last)
            self.weights[name] = value.to(device)
        self.mean = torch.tensor([103.939, 116.779, 123.68], device=device).view(1, 3, 1, 1)

    def features(self, x):
        F = torch.nn.functional
        x = (x[:, [2, 1, 0]] * 255 - self.mean).contiguous(memory_format=torch.channels_last)
        out = {}
        for k, block in enumerate(BLOCKS):
            if k:
                x = F.max_pool2d(x, 2)
            for name in block:
                x = F.relu(F.conv2d(x, self.weights[name + ".weight"], self.weights[name + ".bias"], padding=1))
                out[name] = x
        return out

    def gram(self, f):
        v = f.flatten(2)[0]
        return v @ v.T / v.shape[1]

    def target(self, content, style):
        with torch.no_grad():
            content = self.features(torch.from_numpy(content)[None].to(self.device))[CONTENT_LAYER]
            style = self.features(torch.from_numpy(style)[None].to(self.device))
            return content, {layer: self.gram(style[layer]) for layer in STYLE_LAYERS}

    def loss(self, x, target):
        content, grams = target
        f = self.features(x)
        a = (f[CONTENT_LAYER] - content).square().mean() / content.square().mean()
        b = sum((self.gram(f[layer]) - grams[layer]).square().sum() / grams[layer].square().sum()
                for layer in STYLE_LAYERS) / len(STYLE_LAYERS)
        t = (x[:, :, 1:] - x[:, :, :-1]).square().mean() + (x[:, :, :, 1:] - x[:, :, :, :-1]).square().mean()
        return WEIGHTS[0] * a + WEIGHTS[1] * b + WEIGHTS[2] * t, {"content": a.item(), "style": b.item()}

    def steps(self, image, target, count):
        """The picture after `count` steps of Adam, the last step's losses, and the seconds of each step."""
        x = torch.from_numpy(image.copy())[None].to(self.device).contiguous(memory_format=torch.channels_last).requires_grad_(True)
        adam = torch.optim.Adam([x], lr=0.02, betas=(0.9, 0.9), eps=1e-8)
        seconds, losses = [], None
        for _ in range(count):
            start = time.perf_counter()
            adam.zero_grad()
            loss, losses = self.loss(x, target)
            loss.backward()
            adam.step()
            with torch.no_grad():
                x.clamp_(0, 1)
            if self.device == "cuda":
                torch.cuda.synchronize()
            seconds.append(time.perf_counter() - start)
        return x.detach()[0].contiguous().cpu().numpy(), losses, seconds


def steps(peer, content, style, count):
    _, width, height = frame((content.shape[2], content.shape[1]))
    canvas = content_canvas(content, (width, height))
    target = peer.target(canvas, style_canvas(style, width * height))
    _, losses, seconds = peer.steps(canvas, target, count + 1)
    return {"size": [width, height], "seconds": seconds[1:], "losses": losses}


def painting(peer, content, style, schedule):
    image, losses = None, None
    for side, count in schedule:
        width, height = scaled((content.shape[2], content.shape[1]), side)
        canvas = content_canvas(content, (width, height))
        image = canvas if image is None else resized(image, width, height, Image.LANCZOS)
        target = peer.target(canvas, style_canvas(style, width * height))
        image, losses, _ = peer.steps(image, target, count)
    return {"size": [image.shape[2], image.shape[1]], "seconds": [], "losses": losses}


def entries(text):
    return [tuple(int(number) for number in entry.split(":")) for entry in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description="The optimise method in PyTorch.")
    parser.add_argument("--content", required=True)
    parser.add_argument("--style", required=True)
    parser.add_argument("--runs", type=int, default=5, help="timed steps")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--schedule", type=entries)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    options = parser.parse_args()
    peer, content, style = Torch(options.threads, options.device), read(options.content), read(options.style)
    if options.schedule:
        print(json.dumps(painting(peer, content, style, options.schedule)))
    else:
        print(json.dumps(steps(peer, content, style, options.runs)))


if __name__ == "__main__":
    main()
