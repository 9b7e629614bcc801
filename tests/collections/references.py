"""What Pillow, tifffile, imagecodecs and psd-tools read of a picture file, by the rules of Impasto's README: upright, in colour,
alpha straight as TIFF's files have it, numbers from 0 to 1 (floats as they are).

A file may have several readings, the most exact first. Where one of the readers is known to fall short, the rule says
why and passes it over.
"""
import io
import warnings
from dataclasses import dataclass, replace

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps
from psd_tools import PSDImage
from psd_tools.constants import Resource

Image.MAX_IMAGE_PIXELS = None
MOST_PIXELS = 100_000_000
EXACT, CONVERTED, LOSSY = "exact", "converted", "lossy"
TURNS = {2: [0], 3: [0, 1], 4: [1], 5: [2], 6: [2, 0], 7: [2, 0, 1], 8: [2, 1]}


@dataclass
class Reading:
    reader: str
    format: str
    pixels: np.ndarray      # height, width, 3 or 4
    step: float             # between two neighbouring values; 0 of floats
    care: str = EXACT       # how near another reader's pixels come
    profile: bytes = b""    # which the pixels still have
    colors_only: bool = False   # whether alpha is not to be compared


def readings(path):
    """All readings, and why a reader has none."""
    found, refusals = [], []
    for read in (with_tifffile, with_imagecodecs, with_psd_tools, with_pillow):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                reading = read(path)
            if reading:
                found.append(of_gray_gamma(path, reading) if reading.format == "PNG" else reading)
        except Exception as error:  # noqa: BLE001: readers raise whatever their formats have
            refusals.append(f"{read.__name__[5:]}: {error or type(error).__name__}")
    return found, refusals


def stretched(gray_or_colors):
    """Gray becomes colour."""
    pixels = gray_or_colors if gray_or_colors.ndim == 3 else gray_or_colors[..., None]
    return np.repeat(pixels[..., :1], 3, -1) if pixels.shape[-1] == 1 else (
        pixels[..., [0, 0, 0, 1]] if pixels.shape[-1] == 2 else pixels)


# ------------------------------------------------------------------------------------------------------- Pillow

def with_pillow(path):
    with Image.open(path) as image:
        format = {"MPO": "JPEG", "DIB": "BMP"}.get(image.format, image.format)
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("more pixels than this script compares")
        bits = png_bits(path) if format == "PNG" else 8
        has_few_bits = any(f"{kind};1" in str(image.tile) for kind in ("BGR", "BGRA"))
        is_jpeg = image.info.get("compression") in ("jpeg", "tiff_jpeg")
        covered = image.tile[0][1] if format == "GIF" else None
        image.load()
        profile = image.info.get("icc_profile") or b""
        image = ImageOps.exif_transpose(image)
        pixels, step, care = pillow_pixels(image, profile)
        colors_only = False
    if format == "JPEG" and image.width <= 4:
        return None     # libjpeg smooths chrominance of more than two columns only.
    if covered:
        pixels = only(covered, pixels)
    if bits == 16 and step > 1 / 65535:
        return None     # Pillow keeps the high byte of 16-bit colours: imagecodecs reads the whole.
    if format == "PNG" and bits < 8 and image.mode in ("1", "L") and "transparency" in image.info:
        return None     # Pillow takes the key of less than 8 bits for one of 8.
    if format == "PSD" and (pixels.shape[-1] == 4 or psd_channels(path) > len(image.getbands())):
        return None     # Pillow takes any fourth channel for alpha, or none, and leaves white in the colours.
    if has_few_bits:
        step = 2 / 255      # Pillow rounds 5 and 6 bits down to 8.
    if format in ("BMP", "TGA") and (has_few_bits or pixels.shape[-1] == 4 and not pixels[..., 3].any()):
        # Alpha that is 0 throughout, and a single bit of attribute, are no alpha to Impasto or not to Pillow.
        colors_only = True
    if format in ("JPEG", "WEBP", "AVIF", "JPEG2000") or is_jpeg:
        care = LOSSY if care == EXACT else care
    if format == "TIFF" and is_ycbcr(path):
        care = CONVERTED if care == EXACT else care
    return Reading("Pillow", format, pixels, step, care, kept(profile), colors_only)


def pillow_pixels(image, profile):
    mode = image.mode
    if mode == "CMYK":
        return (*of_inks(image, profile), CONVERTED)
    if mode == "LAB":
        to_srgb = ImageCms.profileToProfile(image, ImageCms.createProfile("LAB"), srgb(), outputMode="RGB")
        return np.asarray(to_srgb) / 255, 1 / 255, CONVERTED
    if mode == "F":
        return stretched(np.asarray(image, "f8")), 0, EXACT
    if mode.startswith("I"):
        values = np.asarray(image).astype("f8")
        key = image.info.get("transparency")
        gray = stretched(values / 65535)
        if isinstance(key, int):
            gray = np.concatenate([gray, (values != key)[..., None]], -1)
        return gray, 1 / 65535, EXACT
    if mode == "L" and is_for(profile, b"GRAY"):
        to_srgb = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb(), outputMode="RGB")
        return np.asarray(to_srgb) / 255, 1 / 255, CONVERTED
    if image.has_transparency_data or mode in ("RGBA", "RGBa", "LA", "La", "PA"):
        return np.asarray(image.convert("RGBA")) / 255, 1 / 255, EXACT
    return np.asarray(image.convert("RGB")) / 255, 1 / 255, EXACT


def only(box, pixels):
    """Pillow gives the background's colour to what the picture does not cover of its screen; in browsers that is clear."""
    left, top, right, bottom = box
    covered = np.zeros_like(pixels[..., :1])
    covered[top:bottom, left:right] = 1
    alpha = pixels[..., 3:] if pixels.shape[-1] == 4 else 1
    return np.concatenate([pixels[..., :3], covered * alpha], -1)


def of_inks(image, profile):
    if is_for(profile, b"CMYK"):
        to_srgb = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb(), outputMode="RGB")
        return np.asarray(to_srgb) / 255, 1 / 255
    left = 1 - np.asarray(image) / 255
    return left[..., :3] * left[..., 3:], 1 / 255


def srgb():
    return ImageCms.createProfile("sRGB")


def kept(profile):
    """The profile if it is whole and for red, green and blue."""
    try:
        ImageCms.getOpenProfile(io.BytesIO(profile))
    except Exception:  # noqa: BLE001: whatever is wrong with it
        return b""
    return profile if is_for(profile, b"RGB ") else b""


def is_for(profile, colors):
    return profile[16:20] == colors


def psd_channels(path):
    with open(path, "rb") as file:
        return int.from_bytes(file.read(14)[12:], "big")


def is_ycbcr(path):
    with tifffile.TiffFile(path) as file:
        return file.pages[0].photometric == 6


def of_gray_gamma(path, reading):
    """A gray PNG with a gamma of its own becomes sRGB, as by a profile for gray. Other readers pass the gamma over."""
    with open(path, "rb") as file:
        head = file.read().split(b"IDAT")[0]
    at = head.find(b"gAMA")
    gamma = int.from_bytes(head[at + 4:at + 8], "big") / 100000 if at > 0 else 0
    is_gray = head[25] in (0, 4)
    if not is_gray or not gamma or abs(gamma - 0.45455) < 0.001 or b"iCCP" in head or b"sRGB" in head:
        return reading
    light = reading.pixels[..., :3] ** (1 / gamma)
    colors = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    pixels = np.concatenate([colors, reading.pixels[..., 3:]], -1)
    return replace(reading, pixels=pixels, care=CONVERTED)


def png_bits(path):
    with open(path, "rb") as file:
        return file.read(25)[24]


# --------------------------------------------------------------------------------------------------- imagecodecs

def with_imagecodecs(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[24:25] == b"\x10":
        format, pixels, care = "PNG", imagecodecs.png_decode(data), EXACT
    elif data[:2] == b"\xff\x0a" or data[4:8] == b"JXL ":
        format, pixels, care = "JPEG XL", imagecodecs.jpegxl_decode(data), LOSSY
    elif data[:10] in (b"#?RADIANCE", b"#?RGBE\n"):
        format, pixels, care = "HDR", imagecodecs.rgbe_decode(data), EXACT
    else:
        return None
    whole = np.iinfo(pixels.dtype).max if pixels.dtype.kind == "u" else 0
    values = pixels.astype("f8") / (whole or 1)
    return Reading("imagecodecs", format, stretched(values), 1 / whole if whole else 0, care)


# ----------------------------------------------------------------------------------------------------- psd-tools

def with_psd_tools(path):
    with open(path, "rb") as file:
        if file.read(4) != b"8BPS":
            return None
    document = PSDImage.open(path)
    profile = document.image_resources.get_data(Resource.ICC_PROFILE) or b""
    picture = document.topil(apply_icc=False)
    if picture.mode == "CMYK":
        return None     # Pillow converts these by their profile.
    if document.depth == 32:
        return None     # psd-tools makes 8 bits of these.
    pixels, step, care = pillow_pixels(picture, profile)
    # It takes the white out in whole numbers.
    step = step if pixels.shape[-1] == 3 else 2.5 / 255
    return Reading("psd-tools", "PSD", pixels, step, care, kept(profile))


# ------------------------------------------------------------------------------------------------------ tifffile

def with_tifffile(path):
    with open(path, "rb") as file:
        if file.read(4) not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            return None
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        if page.imagewidth * page.imagelength > MOST_PIXELS:
            raise ValueError("more pixels than this script compares")
        return of_page(page)


def of_page(page):
    if page.photometric in (8, 9, 10, 32844, 32845) or page.photometric == 6 and page.compression != 7:
        return None     # tifffile gives the numbers of Lab, LogLuv and YCbCr as they are: Pillow converts them.
    if 262 not in page.tags:
        return None     # Without a photometric tag tifffile takes any samples for gray ones.
    values = page.asarray()
    if page.planarconfig == 2 and values.ndim == 3:
        values = np.moveaxis(values, 0, -1)
    values = values[..., None] if values.ndim == 2 else values
    profile = page.tags[34675].value if 34675 in page.tags else b""
    most, care = 0, LOSSY if page.compression in (6, 7) else EXACT
    if values.dtype.kind != "f":
        is_signed = values.dtype.kind == "i"
        most = (1 << int(np.max(page.bitspersample)) - is_signed) - 1
        values = values.clip(0) if is_signed else values
    scaled = values.astype("f8") / (most or 1)
    if page.photometric == 3:
        colors = np.moveaxis(np.asarray(page.colormap), 0, -1)
        most = 255 if colors.max() < 256 else 65535
        scaled = np.concatenate([colors[values[..., 0]] / most, scaled[..., 1:]], -1)
    values = scaled
    count = {0: 1, 1: 1, 4: 1, 5: 4}.get(page.photometric, 3)
    kinds = [int(kind) for kind in np.atleast_1d(page.extrasamples)]
    has_alpha = values.shape[-1] > count and (kinds[:1] in ([1], [2]) or not kinds and values.shape[-1] == 4)
    colors, alpha = values[..., :count], values[..., count:count + 1] if has_alpha else values[..., :0]
    if page.photometric == 0:
        colors = 1 - colors
    if page.photometric == 5:
        ink = Image.fromarray(np.round(colors * 255).astype("u1"), "CMYK")
        colors, care = of_inks(ink, profile)[0], CONVERTED
    pixels = turned(np.concatenate([stretched(colors), alpha], -1), page)
    return Reading("tifffile", "TIFF", pixels, 1 / most if most else 0, care, kept(profile) if count == 3 else b"")


def turned(pixels, page):
    tag = page.tags.get(274)
    for step in TURNS.get(tag.value if tag else 1, []):
        pixels = [lambda p: p[:, ::-1], lambda p: p[::-1], lambda p: p.swapaxes(0, 1)][step](pixels)
    return pixels
