"""Makes vgg16-slim: VGG16 with fewer channels, through which the optimise method sees what it sees through the whole
network.

A layer of it has a few channels for VGG16's many: `widen` takes them to those that they stand for, and `projection`,
fitted by least squares, takes what was measured through VGG16 to them.

It begins with the channels of VGG16 that tell most of all others, and weights that put what they tell in the place of
the others (after Zhang, Zou, He and Sun 2015, and He, Zhang and Sun 2017). Then it learns from photographs, paintings,
and pictures that are being painted through itself: what it will see when it is used.
"""

import argparse
import hashlib
import math
import os
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from train import crop, load, log

LAYERS = [
    f"block{block}_conv{k}"
    for block, count in enumerate((2, 2, 3, 3), 1)
    for k in range(1, count + 1)
]
STYLE = [f"block{block}_conv1" for block in range(1, 5)]
CONTENT = "block4_conv2"
MEAN_BGR = torch.tensor([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)


def arguments():
    here = Path(__file__).absolute().parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])

    def add(name, kind, default, words, **more):
        parser.add_argument(
            "--" + name,
            type=kind,
            default=default,
            help=f"{words} (default {default})",
            **more,
        )

    parser.add_argument(
        "--data",
        required=True,
        help="folder with content-*.tar (photographs) and style-*.tar (paintings)",
    )
    parser.add_argument(
        "--out",
        required=True,
        help="folder for the network and the state to resume from",
    )
    add("vgg", str, str(here.parent / "vgg16-features.safetensors"), "VGG16's weights")
    add("widths", str, "32,32,72,72,144,144,144,288,288,288", "channels of each layer")
    add("minutes", float, 100, "how long to learn, earlier parts of it counted in")
    add("device", str, "cpu", "cuda or cpu")
    add(
        "batch",
        int,
        8,
        "pictures in a step: a half of them painted through the network",
    )
    add("size", int, 128, "side of a picture")
    add("lr", float, 1e-3, "learning rate")
    add("limit", int, 600, "use only so many pictures of each kind; 0: all")
    add("maximum", float, 0.2, "share of steps in which the networks pool by maximum")
    return parser.parse_args()


class Features(nn.Module):
    """RGB from 0 to 1 -> features after ReLU by layer"""

    def __init__(self, convolutions):
        super().__init__()
        self.convolutions = nn.ModuleDict()
        for layer, (weight, bias) in convolutions.items():
            convolution = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
            convolution.weight.data, convolution.bias.data = (
                weight.clone(),
                bias.clone(),
            )
            self.convolutions[layer] = convolution
        self.register_buffer("mean", MEAN_BGR)

    def forward(self, picture, pooling="average", last=LAYERS[-1]):
        values, found, block = picture.flip(1) * 255 - self.mean, {}, "1"
        for layer, convolution in self.convolutions.items():
            if layer[5] != block:
                block = layer[5]
                values = (
                    F.max_pool2d(values, 2)
                    if pooling == "maximum"
                    else F.avg_pool2d(values, 2)
                )
            found[layer] = values = F.relu(convolution(values))
            if layer == last:
                break
        return found


def whole(path):
    tensors = load_file(path)
    network = Features(
        {
            layer: (
                tensors[layer + ".weight"].float(),
                tensors[layer + ".bias"].float(),
            )
            for layer in LAYERS
        }
    )
    return network.requires_grad_(False)


def moments(features):
    """means and covariances by picture"""
    rows = features.flatten(2)
    mean = rows.mean(2)
    return (
        mean,
        rows @ rows.transpose(1, 2) / rows.shape[2]
        - mean[:, :, None] * mean[:, None, :],
    )


def telling(products, count):
    """the channels that tell most of all: one after the other, each the one that takes most from what is left"""
    left, chosen = products.clone(), []
    floor = 1e-12 * float(products.diagonal().max())
    for _ in range(count):
        gain = left.square().sum(0) / left.diagonal().clamp(min=floor)
        gain[chosen] = -1
        k = int(gain.argmax())
        chosen.append(k)
        left = left - torch.outer(left[:, k], left[:, k]) / left[k, k].clamp(min=floor)
    return chosen


@torch.no_grad()
def beginning(vgg, widths, pictures):
    """convolutions, and what widens their channels, by layer"""
    products = {layer: 0 for layer in LAYERS}
    for some in pictures.split(8):
        for layer, features in vgg(some).items():
            rows = features.transpose(0, 1).flatten(1)
            products[layer] = products[layer] + (rows @ rows.T).double()
    convolutions, widen, before = {}, {}, None
    for layer, width in zip(LAYERS, widths):
        of_all, convolution = products[layer], vgg.convolutions[layer]
        chosen = telling(of_all, width)
        ridge = 1e-4 * of_all.diagonal().mean() * torch.eye(width).to(of_all)
        told = torch.linalg.solve(of_all[chosen][:, chosen] + ridge, of_all[chosen]).T
        weight = convolution.weight[chosen].double()
        if before is not None:
            weight = torch.einsum("oihw,ij->ojhw", weight, before)
        convolutions[layer], before = (weight.float(), convolution.bias[chosen]), told
        widen[layer] = told.float()
    return convolutions, widen


class Slim(nn.Module):
    def __init__(self, convolutions, widen):
        super().__init__()
        self.features = Features(convolutions)
        self.widen = nn.ParameterDict(
            {layer: nn.Parameter(values) for layer, values in widen.items()}
        )


@torch.no_grad()
def projections(slim, vgg, pictures):
    """what takes VGG16's features to the slim network's, by layer"""
    squares, products = {layer: 0 for layer in LAYERS}, {layer: 0 for layer in LAYERS}
    for some in pictures.split(8):
        of_vgg, own = vgg(some), slim.features(some)
        for layer in LAYERS:
            many, few = (
                features[layer].transpose(0, 1).flatten(1) for features in (of_vgg, own)
            )
            squares[layer] = squares[layer] + (many @ many.T).double()
            products[layer] = products[layer] + (few @ many.T).double()
    found = {}
    for layer in LAYERS:
        ridge = (
            1e-4
            * squares[layer].diagonal().mean()
            * torch.eye(len(squares[layer])).to(squares[layer])
        )
        found[layer] = torch.linalg.solve(
            squares[layer] + ridge, products[layer].T
        ).T.float()
    return found


def errors(slim, vgg, pictures, pooling):
    """for each layer what is left of its features' spread, and of means and covariances"""
    with torch.no_grad():
        wanted = vgg(pictures, pooling)
    found, by_layer = slim.features(pictures, pooling), {}
    for layer in LAYERS:
        widen, features = slim.widen[layer], wanted[layer]
        apart = (
            (F.conv2d(found[layer], widen[:, :, None, None]) - features)
            .square()
            .mean((1, 2, 3))
        )
        spread = (
            (features - features.mean((2, 3), keepdim=True)).square().mean((1, 2, 3))
        )
        of_features = (apart / (spread + 0.03 * spread.mean())).mean()
        (mean, covariance), (m, c) = moments(features), moments(found[layer])
        m, c = m @ widen.T, widen @ c @ widen.T
        of_mean = (
            (m - mean).square().sum(1) / mean.square().sum(1).clamp(min=1e-6)
        ).mean()
        apart = (c - covariance).square().sum((1, 2))
        energy = covariance.square().sum((1, 2))
        of_covariance = (apart / (energy + 0.01 * energy.mean())).mean()
        by_layer[layer] = (of_features, of_mean, of_covariance)
    return by_layer


class Paintings:
    """Pictures on their way from a photograph to a painting."""

    def __init__(self, count, size, vgg, photographs, styles, device):
        self.size, self.vgg, self.device = size, vgg, device
        self.photographs, self.styles = photographs, styles
        self.images = torch.zeros(count, 3, size, size, device=device)
        self.first, self.second = torch.zeros_like(self.images), torch.zeros_like(
            self.images
        )
        self.left = torch.zeros(count, dtype=torch.long)
        self.weight = torch.ones(count, device=device)
        self.targets = None

    def draw(self, source, count):
        some = torch.randint(len(source), (count,), device=self.device)
        return crop(source, some, self.size, 0.75, 1.6, jitter=0.05)

    @torch.no_grad()
    def begin(self, places):
        """new ones in these places"""
        count = len(places)
        content, style = self.draw(self.photographs, count), self.draw(
            self.styles, count
        )
        features, of_content = (
            self.vgg(style, last=STYLE[-1]),
            self.vgg(content, last=CONTENT)[CONTENT],
        )
        new = {layer: moments(features[layer]) for layer in STYLE}
        if self.targets is None:
            room = lambda values: torch.zeros(
                len(self.images), *values.shape[1:], device=self.device
            )
            self.targets = {
                layer: tuple(map(room, both)) for layer, both in new.items()
            }
            self.content = room(of_content)
        for layer, both in new.items():
            for to, values in zip(self.targets[layer], both):
                to[places] = values
        self.content[places] = of_content
        self.images[places] = content
        noise = torch.rand(count, device=self.device) < 0.1
        self.images[places[noise]] = torch.rand_like(content[noise])
        self.first[places], self.second[places] = 0, 0
        self.weight[places] = 3 * 30 ** torch.rand(count, device=self.device)
        self.left[places.cpu()] = torch.randint(5, 150, (count,))

    def choose(self, count):
        places = torch.randperm(len(self.images))[:count]
        done = places[self.left[places] <= 0]
        if len(done):
            self.begin(done.to(self.device))
        return places.to(self.device)

    def slope(self, slim, places):
        """the gradient of content and style loss by the pictures"""
        images, total = self.images[places].requires_grad_(), 0
        features = slim.features(images, last=CONTENT)
        for layer in STYLE:
            widen = slim.widen[layer].detach()
            mean, covariance = moments(features[layer])
            mean, covariance = mean @ widen.T, widen @ covariance @ widen.T
            m, c = (values[places] for values in self.targets[layer])
            of_mean = (mean - m).square().sum(1) / m.square().sum(1)
            of_covariance = (covariance - c).square().sum((1, 2)) / c.square().sum(
                (1, 2)
            )
            total = total + (
                self.weight[places] * (of_mean + of_covariance)
            ).sum() / len(STYLE)
        own, content = (
            F.conv2d(features[CONTENT], slim.widen[CONTENT].detach()[:, :, None, None]),
            self.content[places],
        )
        of_content = (own - content).square().mean((1, 2, 3)) / content.square().mean(
            (1, 2, 3)
        )
        return torch.autograd.grad(total + of_content.sum(), images)[0]

    @torch.no_grad()
    def step(self, places, slope):
        """one step of Adam, as the optimise method takes it"""
        first, second = (
            0.9 * self.first[places] + 0.1 * slope,
            0.9 * self.second[places] + 0.1 * slope.square(),
        )
        self.first[places], self.second[places] = first, second
        self.images[places] = (
            self.images[places] - 0.02 * first / (second.sqrt() + 1e-8)
        ).clamp(0, 1)
        self.left[places.cpu()] -= 1


class Learning:
    def __init__(self, a):
        self.a, self.device = a, torch.device(a.device)
        if a.device == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = (
                True
            )
            torch.backends.cudnn.benchmark = True
        torch.manual_seed(0)
        self.photographs, _ = load(a.data, "content", a.limit, self.device)
        self.styles, _ = load(a.data, "style", a.limit, self.device)
        self.vgg = whole(a.vgg).to(self.device)
        self.paintings = Paintings(
            8 * a.batch if a.device == "cuda" else a.batch,
            a.size,
            self.vgg,
            self.photographs,
            self.styles,
            self.device,
        )
        self.widths = [int(width) for width in a.widths.split(",")]
        state = Path(a.out) / "slim.pt"
        kept = torch.load(state, map_location=self.device) if state.exists() else None
        first = torch.cat(
            [
                self.paintings.draw(source, 64)
                for source in (self.photographs, self.styles)
            ]
        )
        self.slim = Slim(*beginning(self.vgg, self.widths, first)).to(self.device)
        groups = [
            {"params": self.slim.features.parameters(), "rate": 1.0},
            {"params": self.slim.widen.parameters(), "rate": 0.3},
        ]
        self.optimizer = torch.optim.Adam(groups, lr=a.lr, betas=(0.9, 0.99))
        self.seconds = self.steps = 0
        if kept:
            self.slim.load_state_dict(kept["slim"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.seconds, self.steps = kept["seconds"], kept["steps"]

    def step(self):
        a, count = self.a, self.a.batch // 2
        part = self.seconds / (60 * a.minutes)
        rate = (
            a.lr
            * min(1, (self.steps + 1) / 100)
            * 0.5
            * (1 + math.cos(math.pi * min(1, part)))
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["rate"]
        places = self.paintings.choose(count)
        slope = self.paintings.slope(self.slim, places)
        seen = [self.paintings.images[places]]
        seen += [
            self.paintings.draw(source, count // 2)
            for source in (self.photographs, self.styles)
        ]
        seen = torch.cat(seen)
        grain = (
            0.15
            * torch.rand(len(seen), 1, 1, 1, device=self.device)
            * (torch.rand(len(seen), 1, 1, 1, device=self.device) < 0.3)
        )
        seen = (seen + grain * torch.randn_like(seen)).clamp(0, 1)
        pooling = "maximum" if torch.rand(1) < a.maximum else "average"
        loss = 0
        for layer, (of_features, of_mean, of_covariance) in errors(
            self.slim, self.vgg, seen, pooling
        ).items():
            if layer in STYLE or layer == CONTENT:
                loss = loss + of_features + 0.5 * (of_mean + of_covariance)
            else:
                loss = loss + 0.3 * of_features
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.slim.parameters(), 1.0)
        self.optimizer.step()
        self.paintings.step(places, slope)
        self.steps += 1
        return loss.detach()

    def told(self):
        """how much of each layer's features the slim network tells, of pictures and of paintings"""
        photographs, styles = (
            source[:8].float() / 255 for source in (self.photographs, self.styles)
        )
        for name, pictures in (
            ("photographs", photographs),
            ("styles", styles),
            ("paintings", self.paintings.images[:16]),
        ):
            with torch.no_grad():
                found = errors(self.slim, self.vgg, pictures, "average")
            log(
                name,
                " ".join(
                    f"{layer[5]}_{layer[-1]} {1 - of:.3f}/{1 - mean:.3f}/{1 - c:.3f}"
                    for layer, (of, mean, c) in found.items()
                    if layer in STYLE or layer == CONTENT
                ),
            )

    def save(self):
        out = Path(self.a.out)
        state = {
            "slim": self.slim.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "seconds": self.seconds,
            "steps": self.steps,
        }
        torch.save(state, out / "slim.pt.new")
        os.replace(out / "slim.pt.new", out / "slim.pt")

    def write(self):
        """the network, whose projections take a minute on two cores"""
        out = Path(self.a.out)
        sha256 = hashlib.sha256(Path(self.a.vgg).read_bytes()).hexdigest()
        metadata = {"input_colors": "bgr-bytes", "slim_of": sha256}
        save_file(self.tensors(), out / "vgg16-slim.safetensors", metadata)

    def tensors(self):
        """as Impasto reads them"""
        some = torch.cat(
            [source[:40].float() / 255 for source in (self.photographs, self.styles)]
        )
        projection, tensors = projections(self.slim, self.vgg, some), {}
        for layer, convolution in self.slim.features.convolutions.items():
            tensors[layer + ".weight"] = convolution.weight.detach().half()
            tensors[layer + ".bias"] = convolution.bias.detach()
            tensors[layer + ".projection"] = projection[layer].half()
        return {name: values.cpu().contiguous() for name, values in tensors.items()}

    def run(self):
        self.told()
        kept = said = time.time()
        while self.seconds < 60 * self.a.minutes:
            begun = time.time()
            loss = self.step()
            if self.a.device == "cuda":
                torch.cuda.synchronize()
            now = time.time()
            self.seconds += now - begun
            if now - said > 15:
                log(
                    f"step {self.steps}, {self.seconds / 60:.1f} of {self.a.minutes} minutes: loss {float(loss):.3f}"
                )
                said = now
            if now - kept > 300:
                self.save()
                kept = now
        self.save()
        self.write()
        self.told()


if __name__ == "__main__":
    arguments = arguments()
    Path(arguments.out).mkdir(parents=True, exist_ok=True)
    Learning(arguments).run()
