"""Makes the OpenEXR files of this folder: the packages OpenEXR 3.5, OpenImageIO 3.2, NumPy
and safetensors.

Each shows 20x16 pixels: red rises to the right, green downwards, blue is 0.2 or 0.8 in squares of 8.
"""
from fractions import Fraction
from pathlib import Path

import Imath
import numpy as np
import OpenEXR
import OpenImageIO as oiio
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent / "exr"
WIDTH, HEIGHT = 20, 16
FIRST = np.array([-3, -2], "i4")


def colors(x, y):
    square = (x // 8 + y // 8) % 2 * 0.6 + 0.2
    return {"R": x / (WIDTH - 1), "G": y / (HEIGHT - 1), "B": square}


def grid(left=0, top=0, right=WIDTH, bottom=HEIGHT):
    y, x = np.mgrid[top:bottom, left:right]
    return x, y


def noise(shape, seed):
    return np.random.default_rng(seed).integers(0, 16, shape) / 16


def header(compression=OpenEXR.ZIP_COMPRESSION, **more):
    return {"compression": compression, "type": OpenEXR.scanlineimage} | more


def window(left, top, right, bottom):
    return (np.array([left, top], "i4"), np.array([right - 1, bottom - 1], "i4"))


def channels(values, kind="f2", prefix=""):
    return {prefix + name: np.ascontiguousarray(v.astype(kind)) for name, v in values.items()}


def write(name, *parts):
    parts = [OpenEXR.Part(head, pixels, head.pop("name", f"{k}")) for k, (head, pixels) in enumerate(parts)]
    with OpenEXR.File(parts) as file:
        file.write(str(FOLDER / f"{name}.exr"))


def passes(x, y):
    pixels = channels(colors(x, y)) | {"A": np.ones(x.shape, "f2")}
    pixels |= {"Z": (100 + noise(x.shape, 1)).astype("f4")}
    pixels |= {"object": (x * 1000 + y + 5000).astype("u4")}
    pixels |= {f"crypto00.{c}": noise(x.shape, 2 + k).astype("f4") for k, c in enumerate("RG")}
    return pixels | {f"diffuse.{c}": noise(x.shape, 6 + k).astype("f2") for k, c in enumerate("RGB")}


ATTRIBUTES = {
    "owner": "Agnès",
    "comments": "the second take",
    "capDate": "2026:11:26 12:00:00",
    "framesPerSecond": Fraction(24000, 1001),
    "timeCode": OpenEXR.TimeCode(1, 2, 3, 4, *[0] * 14),
    "expTime": 0.02,
    "isoSpeed": 400.0,
    "worldToCamera": np.arange(16, dtype="f4").reshape(4, 4),
    "camera": "left",
    "scale": 0.125,
    "pivot": np.array([0.25, 0.75], "f4"),
    "crop": window(1, 2, 10, 11),
    "take": 2,
    "texts": ["one", "two"],
}

shown = window(0, 0, WIDTH, HEIGHT)
kinds = {
    "none": OpenEXR.NO_COMPRESSION,
    "rle": OpenEXR.RLE_COMPRESSION,
    "zips": OpenEXR.ZIPS_COMPRESSION,
    "zip": OpenEXR.ZIP_COMPRESSION,
    "piz": OpenEXR.PIZ_COMPRESSION,
    "pxr24": OpenEXR.PXR24_COMPRESSION,
    "b44": OpenEXR.B44_COMPRESSION,
    "b44a": OpenEXR.B44A_COMPRESSION,
    "dwaa": OpenEXR.DWAA_COMPRESSION,
    "dwab": OpenEXR.DWAB_COMPRESSION,
}
for name, kind in kinds.items():
    overscan = (-3, -2, WIDTH + 2, HEIGHT + 250 if name == "dwab" else HEIGHT + 40)
    overscan = overscan if name in ("b44", "dwab", "piz") else (-3, -2, WIDTH + 2, HEIGHT + 4)
    head = header(kind, dataWindow=window(*overscan), displayWindow=shown, **ATTRIBUTES)
    write(f"passes-{name}", (head, passes(*grid(*overscan))))

for name in ("b44", "dwaa"):
    write(f"plain-{name}", (header(kinds[name]), channels(colors(*grid()))))

part = (5, 3, 15, 12)
crop = grid(*part)
write(
    "parts",
    (
        header(OpenEXR.ZIPS_COMPRESSION, name="depth", dataWindow=window(*part), displayWindow=shown),
        {"Z": noise(crop[0].shape, 20).astype("f4")},
    ),
    (
        header(
            OpenEXR.PIZ_COMPRESSION, name="beauty", dataWindow=window(*part), displayWindow=shown, owner="Agnès"
        ),
        channels(colors(*crop), "f4") | {"A": np.ones(crop[0].shape, "f4")},
    ),
)

gray = {"Y": colors(*grid())["R"].astype("f2"), "Z": noise((HEIGHT, WIDTH), 30).astype("f4")}
rgb = colors(*grid())
write("gray", (header(OpenEXR.ZIP_COMPRESSION), gray))
write("integers", (header(), channels({n: (v * 255) for n, v in colors(*grid()).items()}, "u4")))
write("htj2k", (header(OpenEXR.HTJ2K32_COMPRESSION), channels(rgb)))
write("zstd", (header(OpenEXR.ZSTD_COMPRESSION), channels(rgb)))
write("one", (header(), {"G": colors(*grid())["G"].astype("f4")}))

# Luminance and chroma, as OpenEXR's own RgbaOutputFile has them but without its filter.
weights = {"R": 0.2126, "G": 0.7152, "B": 0.0722}
luminance = sum(weights[c] * rgb[c] for c in "RGB") + 0.01
chroma = {c + "Y": ((rgb[c] - luminance) / luminance)[::2, ::2] for c in "RB"}
chroma |= {"Y": luminance, "A": np.full((HEIGHT, WIDTH), 0.5)}
for name in ("none", "zips", "zip", "piz", "pxr24", "b44"):
    # The package's newer interface takes no subsampled channels.
    head = OpenEXR.Header(WIDTH, HEIGHT) | {"owner": "Agnès".encode()}
    head["compression"] = Imath.Compression(int(kinds[name]))
    half = Imath.PixelType(Imath.PixelType.HALF)
    head["channels"] = {n: Imath.Channel(half, WIDTH // v.shape[1], WIDTH // v.shape[1]) for n, v in chroma.items()}
    file = OpenEXR.OutputFile(str(FOLDER / f"chroma-{name}.exr"), head)
    for y in range(0, HEIGHT, 2):
        # More lines at once it takes from wrong places.
        lines = {n: v[y * v.shape[0] // HEIGHT :][: 2 * v.shape[0] // HEIGHT] for n, v in chroma.items()}
        file.writePixels({n: v.astype("f2").tobytes() for n, v in lines.items()}, 2)
    file.close()
oiio.attribute("openexr:core", 0)
for name in ("zip", "b44"):
    image = oiio.ImageBuf(str(FOLDER / f"chroma-{name}.exr"))
    assert not image.has_error, image.geterror()
    pixels = np.ascontiguousarray(image.get_pixels(oiio.FLOAT)[..., :4])
    save_file({"pixels": pixels}, FOLDER / f"chroma-{name}.safetensors")

image = oiio.ImageBuf(oiio.ImageSpec(WIDTH, HEIGHT, 3, oiio.HALF))
image.set_pixels(oiio.ROI(0, WIDTH, 0, HEIGHT), np.stack(list(rgb.values()), -1).astype("f4"))
config = oiio.ImageSpec()
config.tile_width = config.tile_height = 16
config["compression"] = "zip"
oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, image, str(FOLDER / "levels.exr"), config)

spec = oiio.ImageSpec(WIDTH, HEIGHT, 4, oiio.HALF)
spec.deep = True
spec.channelnames = ("R", "G", "B", "Z")
deep = oiio.ImageBuf(spec)
deep.write(str(FOLDER / "deep.exr"))
