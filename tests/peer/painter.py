"""What the peers have in common: a picture in memory to a picture in memory, timed.

    python PEER.py --content PICTURE --style PICTURE --out FILE [--runs 5] [--threads N] [its own options]

Paints once, which is not counted, and writes that to FILE; then paints RUNS times, and prints

    {"size": [width, height], "seconds": [0.7, 0.6, ...]}

With --runs 0 the whole process is what a person waits for who paints one picture.
"""
import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("IMPASTO_MODELS", ROOT / "models"))

STYLE_SIDE = 320                # the short side at which our networks look at a style picture
THUMBNAIL_PIXELS = 448 * 448    # the area at which they look at the content
CONTROL = [[0.4, 0.0]]          # strength and stroke size
MULTIPLE = 4                    # of the sides that the network takes


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--content", required=True)
    parser.add_argument("--style", required=True)
    parser.add_argument("--out", required=True, help="the painting, a PNG file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return parser


def read(path):
    """8-bit RGB, [height, width, 3]."""
    return np.asarray(Image.open(path).convert("RGB"))


def report(options, paint):
    """`paint` takes the content and returns the painting, both as from `read`."""
    content = read(options.content)
    Image.fromarray(paint(content)).save(options.out)
    seconds = []
    for _ in range(options.runs):
        start = time.perf_counter()
        paint(content)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"size": [content.shape[1], content.shape[0]], "seconds": seconds}))


# ------------------------------------------------------------------------------------- to our networks and back

def planes(pixels):
    """[1, 3, height, width], 0 to 1."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32) / 255


def pixels(planes):
    return (np.clip(planes[0].transpose(1, 2, 0), 0, 1) * 255 + 0.5).astype(np.uint8)


def whole(pixels):
    """Mirrored at the right and below up to sides that the network takes."""
    height, width = (-side % MULTIPLE for side in pixels.shape[:2])
    return np.pad(pixels, ((0, height), (0, width), (0, 0)), mode="reflect")


def style_planes(path):
    picture = Image.open(path).convert("RGB")
    scale = min(1, STYLE_SIDE / min(picture.size))
    return planes(np.asarray(picture.resize([round(side * scale) for side in picture.size], Image.LANCZOS)))


def thumbnail_planes(path):
    picture = Image.open(path).convert("RGB")
    scale = min(1, (THUMBNAIL_PIXELS / (picture.width * picture.height)) ** 0.5)
    return planes(whole(np.asarray(picture.resize([round(side * scale) for side in picture.size], Image.LANCZOS))))
