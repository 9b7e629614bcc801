"""Makes the first files of each reader's corpus: Pillow, tifffile, imagecodecs and OpenEXR.

What our own tests hold is not made again: see `OWN`.
"""
import io
import struct
from pathlib import Path

import imagecodecs
import numpy as np
import OpenEXR
from PIL import Image, ImageCms, PngImagePlugin

CORPUS = Path(__file__).parent / "corpus"
OWN = Path(__file__).parent.parent / "tests/picture_files/others"

y, x = np.mgrid[0:11, 0:13]
rgb = np.stack([x * 19, y * 23, (x // 4 + y // 4) % 2 * 255], -1).astype("u1")
rgba = np.dstack([rgb, (x * 20).astype("u1")])
wide = rgb.astype("u2") * 257
light = (rgba / 64.0).astype("f4")
color, clear = Image.fromarray(rgb), Image.fromarray(rgba)
gray, bits = color.convert("L"), color.convert("1")
palette = color.quantize(16)
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
exif = Image.Exif()
exif[0x0112], exif[0x8298] = 6, "me"
xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'


def put(name, content):
    folder, stem = name.split("/")
    (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    assert len(content) < 4096, (name, len(content))
    (CORPUS / folder / stem).write_bytes(content)


def save(name, picture, kind, **how):
    out = io.BytesIO()
    picture.save(out, kind, **how)
    put(name, out.getvalue())


for ending in ["avif", "bmp", "gif", "hdr", "jxl", "psd", "qoi", "tga"]:
    put(f"{ending}/whole", (OWN / f"picture.{ending}").read_bytes())
for ending in ["pam", "pgm", "ppm"]:
    put(f"ppm/{ending}", (OWN / f"picture.{ending}").read_bytes())
for file in (OWN / "avif").glob("*.avif"):
    put(f"avif/{file.stem}", file.read_bytes())
for file in ["animation", "described", "pq"]:
    put(f"avif/{file}", (OWN / f"{file}.avif").read_bytes())
for file in (OWN / "tiff").iterdir():
    put(f"tif/{file.stem}", file.read_bytes())

texts = PngImagePlugin.PngInfo()
texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
texts.add_text("Author", "me", zip=True)
texts.add_text("Raw profile type iptc", "\niptc\n       4\n1c025000\n")
for name, picture in [("gray", gray), ("bits", bits), ("palette", palette), ("color", color), ("clear", clear)]:
    save(f"png/{name}", picture, "PNG")
save("png/wide", Image.fromarray(wide[..., 0]), "PNG")
put("png/wide-color", imagecodecs.png_encode(wide))
save("png/said", color, "PNG", icc_profile=profile, exif=exif, pnginfo=texts, dpi=(72, 72))
save("png/animated", color, "PNG", save_all=True, append_images=[color.rotate(180)])
save("png/transparent", palette, "PNG", transparency=3)

save("jpg/gray", gray, "JPEG")
save("jpg/shared", color, "JPEG", subsampling=2)
save("jpg/progressive", color, "JPEG", progressive=True)
save("jpg/inks", color.convert("CMYK"), "JPEG")
save("jpg/said", color, "JPEG", icc_profile=profile, exif=exif, xmp=xmp, dpi=(72, 72))
save("jpg/restarts", color, "JPEG", restart_marker_blocks=1)
save("jpg/four-to-one", color.resize((40, 24)), "JPEG", subsampling="4:1:1", quality=30)

save("webp/lossless", color, "WEBP", lossless=True)
save("webp/lossless-palette", palette.convert("RGB"), "WEBP", lossless=True)
save("webp/lossy", color, "WEBP", quality=20)
save("webp/lossy-clear", clear, "WEBP", quality=20)
save("webp/said", color, "WEBP", icc_profile=profile, exif=exif, xmp=xmp)
save("webp/animated", clear, "WEBP", save_all=True, append_images=[clear.rotate(180)], lossless=True)

KINDS = {"none": 0, "rle": 1, "zips": 2, "zip": 3, "piz": 4, "pxr24": 5, "b44": 6, "b44a": 7, "dwaa": 8}


def exr(name, channels, kind, **header):
    path = CORPUS / "exr" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {"compression": OpenEXR.Compression(KINDS[kind]), "type": OpenEXR.scanlineimage} | header
    OpenEXR.File(header, channels).write(str(path))
    assert path.stat().st_size < 4096, name


half = light.astype("f2")
for kind in KINDS:
    exr(kind, {"RGBA": half}, kind)
exr("piz-float", {"RGB": light[..., :3].copy()}, "piz")
exr("gray", {"Y": light[..., 0].copy()}, "zip")
exr("layer", {f"ViewLayer.Combined.{c}": half[..., k].copy() for k, c in enumerate("RGBA")}, "zip")
exr("integers", {"RGB": half[..., :3].copy(), "id": x.astype("u4")}, "pxr24")
tiles = {"type": OpenEXR.tiledimage, "tiles": OpenEXR.TileDescription()}
exr("tiles", {"RGBA": half}, "zip", **tiles)

put("jxl/lossless", imagecodecs.jpegxl_encode(rgb, lossless=True))
put("jxl/lossless-wide", imagecodecs.jpegxl_encode(wide, lossless=True))
put("jxl/lossy", imagecodecs.jpegxl_encode(rgb, distance=3))
put("jxl/lossy-clear", imagecodecs.jpegxl_encode(rgba, distance=2, effort=7))
put("jxl/gray", imagecodecs.jpegxl_encode(rgb[..., 0], distance=1))
put("jxl/float", imagecodecs.jpegxl_encode(light[..., :3], lossless=True))
put("jxl/large", imagecodecs.jpegxl_encode(np.full((300, 300, 3), 90, "u1"), distance=8, effort=3))
put("jxl/animated", imagecodecs.jpegxl_encode(np.stack([rgb, rgb[::-1]]), distance=2, photometric="rgb"))

save("gif/animated", palette, "GIF", save_all=True, append_images=[palette.rotate(180)], transparency=2)
save("gif/straight", palette, "GIF", interlace=0)
save("gif/bits", bits, "GIF")

for name, picture in [("bits", bits), ("palette", palette), ("color", color), ("clear", clear)]:
    save(f"bmp/{name}", picture, "BMP")
runs = bytes([3, 1, 1, 2, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 0, 0, 1])


def bitmap(bits, compression, colors, pixels, masks=b""):
    head = struct.pack("<IiiHHIIiiII", 40, 4, 3, 1, bits, compression, len(pixels), 0, 0, len(colors) // 4, 0)
    offset = 14 + len(head) + len(masks) + len(colors)
    return b"BM" + struct.pack("<IIII", offset + len(pixels), 0, offset, 40)[:12] + head + masks + colors + pixels


colors = bytes(range(64))
put("bmp/runs-8", bitmap(8, 1, colors, runs))
put("bmp/runs-4", bitmap(4, 2, colors, runs))
put("bmp/masks", bitmap(16, 3, b"", bytes(range(24)), struct.pack("<III", 0xF800, 0x7E0, 0x1F)))

for name, picture in [("gray", gray), ("palette", palette), ("color", color), ("clear", clear)]:
    save(f"tga/{name}", picture, "TGA")
    save(f"tga/{name}-runs", picture, "TGA", compression="tga_rle")

put("ppm/p1", b"P1\n# a word\n3 2\n101 010")
put("ppm/p2", b"P2 3 2 15 1 2 3\n4 5 6")
put("ppm/p3", b"P3\n1 2\n255\n1 2 3 4 5 6")
put("ppm/p4", b"P4 9 2 \x55\x80\xaa\x00")
put("ppm/p6-wide", b"P6 1 1 65535\n" + bytes(6))
put("ppm/p7", b"P7\nWIDTH 1\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" + bytes(8))

put("qoi/color", imagecodecs.qoi_encode(rgb))
put("qoi/clear", imagecodecs.qoi_encode(rgba))

begin = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=1.5\n\n"
put("hdr/runs", begin + b"-Y 2 +X 8\n" + 2 * (b"\2\2\0\x08" + b"\x88\x40\x84\1\x84\2\x08abcdefgh\x88\x80"))
put("hdr/old-runs", begin + b"-Y 1 +X 4\n" + b"abc\x80\1\1\1\3")
put("hdr/turned", begin + b"+X 2 -Y 2\n" + bytes(range(100, 116)))


def psd(mode, depth, channels, pixels, compression=0):
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", channels, 2, 3, depth, mode)
    return head + bytes(12) + struct.pack(">H", compression) + pixels


put("psd/gray", psd(1, 8, 1, bytes(range(6))))
put("psd/clear", psd(3, 8, 4, bytes(range(24))))
put("psd/wide", psd(3, 16, 3, bytes(range(36))))
put("psd/runs", psd(3, 8, 3, struct.pack(">6H", *[2] * 6) + 6 * b"\xfe\x40", 1))
