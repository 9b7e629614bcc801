"""Makes the AVIF files of this folder: libavif's `avifenc` 0.11 (Debian's libavif-bin) and Pillow 13.

Beside each of the folder `avif` stands what libavif reads of it, as a PNG of 16 bits. All streams are lossless, so
that only the way from luminance and chrominance to colours differs.
"""
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image, ImageCms, ImageOps

HERE = Path(__file__).parent
FOLDER = HERE / "avif"
FOLDER.mkdir(exist_ok=True)
WORK = Path(tempfile.mkdtemp())

y, x = np.mgrid[0:11, 0:13]
rgb = np.stack([x * 21, y * 25, (x // 4 + y // 4) % 2 * 255], -1).astype("u1")
# Seldom clear: colours that were multiplied by little are lost.
rgba = np.dstack([rgb, 255 - (x * 9).astype("u1")])


def encoded(to, pixels, *options):
    source = WORK / "source.png"
    source.write_bytes(imagecodecs.png_encode(pixels))
    lossless = [] if "-l" in options else ["--min", "0", "--max", "0", "--minalpha", "0", "--maxalpha", "0"]
    subprocess.run(["avifenc", "-s", "6", *lossless, *options, source, to], check=True, capture_output=True)
    assert to.stat().st_size < 4096, to


def pair(name, pixels, *options):
    """A file and what libavif reads of it."""
    file = FOLDER / f"{name}.avif"
    encoded(file, pixels, *options)
    decode = ["avifdec", "-d", "16", "-u", "bilinear", file, FOLDER / f"{name}.png"]
    subprocess.run(decode, check=True, capture_output=True)
    plain = imagecodecs.png_decode((FOLDER / f"{name}.png").read_bytes())
    (FOLDER / f"{name}.png").write_bytes(imagecodecs.png_encode(plain, level=9))


wide, wide_clear = rgb.astype("u2") * 257, rgba.astype("u2") * 257
pair("420", rgb, "-y", "420")
pair("422", rgb, "-y", "422")
pair("444", rgb, "-y", "444", "--cicp", "1/13/1")
pair("lossless", rgb, "-l")
pair("lossless-12", wide, "-l", "-d", "12")
pair("ycgco", rgb, "-y", "444", "--cicp", "1/13/8")
pair("narrow", rgb, "-y", "420", "-r", "limited")
pair("narrow-10", wide, "-y", "444", "-d", "10", "-r", "limited", "--cicp", "12/13/5")
pair("420-10", wide, "-y", "420", "-d", "10", "--cicp", "9/13/9")
pair("422-12", wide, "-y", "422", "-d", "12")
pair("gray", rgb, "-y", "400")
pair("gray-12", wide, "-y", "400", "-d", "12", "-r", "limited")
pair("gray-alpha", rgba, "-y", "400")
pair("alpha", rgba, "-y", "420")
pair("alpha-10", wide_clear, "-y", "444", "-d", "10")
pair("associated", rgba, "-y", "444", "-p")
tiles = np.kron(rgb[:8, :10], np.ones((16, 16, 1), "u1"))[:128, :156]
pair("grid", tiles, "-y", "420", "-g", "2x2")

# Turned and mirrored, and what Pillow makes of it.
small = np.stack([x * 50, y * 100, np.full_like(x, 128)], -1).astype("u1")[:3, :5]
encoded(HERE / "picture.avif", small, "-l")
for turns in range(4):
    # Top and bottom change places, left and right.
    for axis in [None, 0, 1]:
        name = FOLDER / f"turned-{turns}{'' if axis is None else ('-down', '-across')[axis]}"
        how = ["--irot", str(turns)] if turns else []
        how += [] if axis is None else ["--imir", str(axis)]
        encoded(name.with_suffix(".avif"), small, "-l", *how)
        with Image.open(name.with_suffix(".avif")) as picture:
            ImageOps.exif_transpose(picture).save(name.with_suffix(".png"))

# What stands beside the pixels.
exif = Image.Exif()
exif[0x8298] = "me!"
# `avifenc` says it in the format's own way, too.
exif[0x0112] = 6
(WORK / "exif").write_bytes(exif.tobytes().removeprefix(b"Exif\0\0"))
(WORK / "xmp").write_bytes(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
(WORK / "icc").write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
described = ["--exif", WORK / "exif", "--xmp", WORK / "xmp", "--icc", WORK / "icc"]
encoded(HERE / "described.avif", small, "-l", *described)

# The numbers that the tests of code points compute: an orange, and it brighter.
HDR = {
    "pq": ("9/16/9", [0.52207, 0.442307, 0.317333], [0.691579, 0.604805, 0.461413]),
    "hlg": ("9/18/9", [0.673417, 0.491232, 0.242656], [0.852632, 0.694839, 0.383523]),
}
for name, (points, *colors) in HDR.items():
    row = np.repeat(np.round(np.array(colors) * 65535).astype("u2"), 8, 0)
    encoded(HERE / f"{name}.avif", np.tile(row, (8, 1, 1)), "-y", "444", "-d", "10", "--cicp", points)

frames = [Image.new("RGB", (16, 16), color) for color in [(255, 0, 0), (0, 0, 255), (0, 255, 0)]]
for name, others in [("two-pictures", frames[1:2]), ("animation", frames[1:])]:
    frames[0].save(HERE / f"{name}.avif", save_all=True, append_images=others, quality=100, subsampling="4:4:4")
