"""Makes JPEG XL files of this folder: imagecodecs 2026 and pillow-jxl-plugin. All but the animation are one pixel."""
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_jxl  # noqa: F401: registers the format
from PIL import Image, ImageCms

FOLDER = Path(__file__).parent

wide = np.array([[[65535, 32768, 0, 16384]]], "u2")
(FOLDER / "alpha-16.jxl").write_bytes(imagecodecs.jpegxl_encode(wide, lossless=True))
(FOLDER / "float.jxl").write_bytes(imagecodecs.jpegxl_encode(np.array([[[2, 0.5, 0.25]]], "f4"), lossless=True))
frames = np.array([[[[255, 0, 0]] * 2] * 2, [[[0, 0, 255]] * 2] * 2], "u1")
(FOLDER / "two-pictures.jxl").write_bytes(imagecodecs.jpegxl_encode(frames, lossless=True))
exif = Image.Exif()
exif[0x8298] = "me!"
profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
described = Image.new("RGB", (1, 1), (200, 100, 50))
described.save(FOLDER / "described.jxl", lossless=True, icc_profile=profile, exif=exif.tobytes())
# The plug-in leaves out how far from the box's beginning the block stands.
data = (FOLDER / "described.jxl").read_bytes()
at = data.index(b"Exif")
length = int.from_bytes(data[at - 4:at], "big") + 4
(FOLDER / "described.jxl").write_bytes(data[:at - 4] + length.to_bytes(4, "big") + b"Exif\0\0\0\0" + data[at + 4:])
