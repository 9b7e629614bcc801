"""Makes the TIFF files of this folder: tifffile 2026, imagecodecs and Pillow.

Each is 21x17 pixels: red rises to the right, green downwards, blue is 0.2 or 0.8 in squares of 8.
"""
import io
import struct
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

FOLDER = Path(__file__).parent / "tiff"
HEIGHT, WIDTH = 17, 21
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([x / (WIDTH - 1), y / (HEIGHT - 1), ((x // 8 + y // 8) % 2) * 0.6 + 0.2], -1)


def of_type(values, kind):
    kind = np.dtype(kind)
    return values.astype(kind) if kind.kind == "f" else np.round(values * np.iinfo(kind).max).astype(kind)


def write(name, values, **how):
    tifffile.imwrite(FOLDER / f"{name}.tif", values, **{"photometric": "rgb", "metadata": None, "software": False} | how)


planes = np.moveaxis(rgb, -1, 0)
write("tiles-of-planes", of_type(planes, "u1"), planarconfig="separate", tile=(16, 16), compression="zlib")
write("tiles-of-planes-16", of_type(planes, "u2"), planarconfig="separate", tile=(16, 16), compression="lzw", predictor=True)
write("zstd", of_type(rgb, "u1"), compression="zstd", predictor=True)
write("lzma", of_type(rgb, "u2"), compression="lzma", predictor=True)
write("packbits", of_type(rgb, "u1"), compression="packbits", rowsperstrip=5)
write("unsigned-32", of_type(rgb, "u4"), compression="zlib", predictor=True)
write("float-64", rgb.astype("f8"), compression="zlib", predictor=True)
write("float-16-big-endian", rgb.astype("f2"), byteorder=">", compression="zlib", predictor=True)
write("jpeg", of_type(rgb, "u1"), tile=(16, 16), compression="jpeg", subsampling=(1, 1), compressionargs={"level": 100})
more = np.concatenate([rgb, rgb[..., :2]], -1)
write("five-channels", of_type(more, "u2"), extrasamples=["unspecified"] * 2, compression="zlib", predictor=True)
ink = 1 - rgb
cmyk = np.concatenate([ink, 0 * ink[..., :1], rgb[..., :1]], -1)
write("cmyk-alpha", of_type(cmyk, "u1"), photometric="separated", extrasamples=["unassalpha"])
# Numbers in the order of the columns; green and blue as above do not fit a palette of 21 colours.
colors = np.zeros((3, 256), "u2")
colors[0, :WIDTH] = np.round(np.arange(WIDTH) / (WIDTH - 1) * 65535)
colors[1], colors[2] = 13107, 52428
write("palette", x.astype("u1"), photometric="palette", colormap=colors, tile=(16, 16), compression="lzw")
black = (x // 3 + y // 5) % 2 == 1
for kind in ["group3", "group4", "tiff_ccitt"]:
    Image.fromarray(~black).save(FOLDER / f"{kind}.tif", compression=kind)
# L* from 0 to 100 to the right, without colour.
lab = np.stack([of_type(rgb[..., 0], "u1"), 0 * x, 0 * x], -1).astype("u1")
write("lab", lab, photometric="cielab")
# With fill bits before the ends of lines; with a length of 0, which programs take for the rest of the file.
Image.fromarray(~black).save(FOLDER / "group3-filled.tif", compression="group3", tiffinfo={292: 4})
unsaid = bytearray((FOLDER / "group4.tif").read_bytes())
entry = unsaid.index(struct.pack("<H", 279), struct.unpack("<I", unsaid[4:8])[0])
unsaid[entry + 8:entry + 12] = bytes(4)
(FOLDER / "group4-no-length.tif").write_bytes(unsaid)
write("signed-16", np.round(rgb * 32767).astype("i2"))
write("webp", of_type(rgb, "u1"), compression="webp", compressionargs={"lossless": True})
luma = rgb @ [0.299, 0.587, 0.114]
chroma = [luma, 0.5 + (rgb[..., 2] - luma) / 1.772, 0.5 + (rgb[..., 0] - luma) / 1.402]
write("ycbcr", of_type(np.stack(chroma), "u1"), photometric="ycbcr", planarconfig="separate", compression="lzw")


def number(tag, value, kind=4):
    return struct.pack("<HHII", tag, kind, 1, value)


def by_hand(name, entries, data):
    """The data lie at 8."""
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    (FOLDER / f"{name}.tif").write_bytes(b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory)


size = [number(256, WIDTH), number(257, HEIGHT)]
jpeg = io.BytesIO()
Image.fromarray(of_type(rgb, "u1")).save(jpeg, "JPEG", quality=100, subsampling=0)
data = jpeg.getvalue()
by_hand("old-jpeg", [*size, number(259, 6), number(262, 6), number(273, 8), number(277, 3), number(278, HEIGHT),
                     number(279, len(data)), number(513, 8), number(514, len(data))], data)

# Three pictures, and a thumbnail behind the first.
with tifffile.TiffWriter(FOLDER.parent / "animation.tif") as file:
    for kind in [0, 1, 0, 2]:
        page = of_type(rgb, "u1") if kind != 1 else of_type(rgb[::4, ::4], "u1")
        file.write(page, photometric="rgb", metadata=None, software=False, subfiletype=kind)
