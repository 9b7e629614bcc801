"""Makes the pictures that `cargo xtask looks` paints: two are in the repository's examples, two come from packages, and
two kinds that no package has freely are made here.

    python photographs.py SHIPPED FETCHED OUT

SHIPPED is `examples`, FETCHED has the packages' pictures, OUT gets a PNG file for each. The same from run to run.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 427
FINER = 4    # times as fine as the result is what has edges drawn


def product(cup):
    """The cup and its saucer, cut out and laid on white with a soft shadow."""
    large = [side * FINER for side in cup.size]
    mask = Image.new("L", large)
    draw = ImageDraw.Draw(mask)
    for ellipse in [(82, 54, 474, 386), (173, 18, 403, 200)]:
        draw.ellipse([value * FINER for value in ellipse], fill=255)
    spoon = [(402, 74), (405, 69), (412, 67), (420, 69), (424, 75), (422, 85), (412, 108), (404, 104)]
    draw.polygon([(x * FINER, y * FINER) for x, y in spoon], fill=255)
    mask = mask.resize(cup.size, Image.BOX)

    left, top = 80, 30
    white = Image.new("RGB", (WIDTH, 480), "white")
    shadow = Image.new("L", white.size)
    shadow.paste(mask.point(lambda value: value // 3), (left + 6, top + 16))
    white.paste((60, 60, 70), mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    white.paste(cup, (left, top), mask)
    return white


def dark(launch):
    """Lamps in the dark, as on a stage: what is not lit is nearly black."""
    return Image.fromarray((255 * (np.asarray(launch) / 255) ** 1.8 + 0.5).astype("u1"))


def noise(rng, cells, octaves, fall=0.5):
    """Fractal noise, [HEIGHT, WIDTH], about -1 to 1; `cells` across and down in the coarsest octave."""
    total = np.zeros((HEIGHT, WIDTH))
    for octave in range(octaves):
        across, down = (int(count * 2 ** octave) for count in cells)
        grid = Image.fromarray(rng.uniform(-1, 1, (down + 1, across + 1)).astype("f4"))
        total += fall ** octave * np.asarray(grid.resize((WIDTH, HEIGHT), Image.BICUBIC))
    return total


def landscape():
    """A valley with a lake under clouds, computed from noise."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:HEIGHT, :WIDTH] / HEIGHT
    shore = 0.66

    def mix(below, colour, share):
        return below + np.clip(share, 0, 1)[..., None] * (np.array(colour) / 255 - below)

    sky = mix(np.ones((HEIGHT, WIDTH, 3)) * np.array((70, 120, 190)) / 255, (225, 220, 205), (y / 0.55) ** 1.5)
    clouds = noise(rng, (4, 6), 6, 0.55)
    sky = mix(sky, (250, 247, 240), (clouds - 0.05) * 1.6 * (1 - y))
    sky = mix(sky, (150, 155, 170), (np.roll(clouds, -9, 0) - 0.45) * 0.9 * (1 - y))
    land = sky
    ridges = [(0.42, 0.16, (120, 145, 175)), (0.50, 0.13, (85, 115, 130)), (0.58, 0.10, (60, 88, 70))]
    for base, height, colour in ridges:
        crest = base - height * noise(rng, (3, 1), 7, 0.5)[0]
        # Light from the left falls on the slopes that the noise makes.
        slopes = noise(rng, (14, 18), 4, 0.6)
        light = 0.16 * (slopes - np.pad(slopes, ((0, 0), (3, 0)), "edge")[:, :-3]) / 0.5
        shaded = np.array(colour) / 255 * (1 + light[..., None]) * (1 + 0.12 * slopes[..., None])
        land = np.where((y > crest[None])[..., None], shaded, land)
    rows = np.arange(HEIGHT)
    mirrored = np.clip(2 * shore * HEIGHT - rows, 0, HEIGHT - 1).astype(int)
    ripples = (2 * noise(rng, (8, 90), 2)).round().astype(int)
    water = land[mirrored[:, None], np.clip(np.arange(WIDTH)[None] + 3 * ripples, 0, WIDTH - 1)] * 0.8 + 0.03
    land = np.where((y > shore)[..., None], water, land)
    bank = 0.86 - 0.10 * noise(rng, (3, 1), 6)[0] - 0.06 * np.cos(x[0] * 4)
    blades = noise(rng, (90, 26), 3, 0.8)
    meadow = np.array((96, 118, 52)) / 255 * (1 + 0.45 * blades[..., None])
    meadow = mix(meadow, (196, 160, 60), (noise(rng, (40, 30), 2) - 0.6) * 3)
    land = np.where((y > bank[None])[..., None], meadow, land)
    return Image.fromarray((np.clip(land, 0, 1) * 255 + 0.5).astype("u1"))


def line_drawing():
    """A house, a tree, hills and a path in ink, three pixels wide."""
    rng = np.random.default_rng(11)
    large = Image.new("L", (WIDTH * FINER, HEIGHT * FINER), 255)
    draw = ImageDraw.Draw(large)

    def line(*points, width=3.0):
        points = [(x * FINER, y * FINER) for x, y in points]
        draw.line(points, fill=0, width=round(width * FINER), joint="curve")

    def curve(height, start, end):
        line(*[(x, height(x)) for x in np.arange(start, end + 1, 4)])

    def branch(x, y, angle, length, width):
        end = x + length * np.cos(angle), y - length * np.sin(angle)
        line((x, y), end, width=width)
        if length > 9:
            for turn in (0.45, -0.4):
                branch(*end, angle + turn + rng.uniform(-0.15, 0.15), length * rng.uniform(0.68, 0.82), max(1.2, width * 0.75))

    curve(lambda x: 215 - 45 * np.sin(x / 90), 0, 236)
    curve(lambda x: 230 - 35 * np.sin(x / 70 + 2), 428, WIDTH)
    curve(lambda x: 345 + 8 * np.sin(x / 60), 0, 240)
    curve(lambda x: 345 + 8 * np.sin(x / 60), 420, WIDTH)
    line((240, 350), (240, 220), (330, 140), (420, 220), (420, 350), (240, 350))
    line((225, 232), (330, 138), (435, 232))
    line((375, 178), (375, 130), (395, 130), (395, 196))
    line((305, 350), (305, 275), (350, 275), (350, 350))
    for left in (258, 370):
        line((left, 250), (left + 32, 250), (left + 32, 290), (left, 290), (left, 250))
        line((left + 16, 250), (left + 16, 290), width=2)
        line((left, 270), (left + 32, 270), width=2)
    line((305, 352), (270, 390), (285, HEIGHT))
    line((350, 352), (350, 390), (400, HEIGHT))
    branch(530, 352, np.pi / 2, 62, 6)
    for post in range(20, 221, 25):
        line((post, 365), (post, 325), width=2)
    line((10, 335), (232, 335), width=2)
    line((10, 350), (232, 350), width=2)
    draw.ellipse([value * FINER for value in (90, 40, 150, 100)], outline=0, width=3 * FINER)
    for ray in np.arange(0, 2 * np.pi, np.pi / 6):
        line(*[(120 + r * np.cos(ray), 70 + r * np.sin(ray)) for r in (38, 54)])
    for left in range(245, 416, 9):
        line((left, 350), (left - 6, 356), width=1.5)
    return large.resize((WIDTH, HEIGHT), Image.BOX).convert("RGB")


def main():
    shipped, fetched, out = map(Path, sys.argv[1:])

    def read(path):
        return Image.open(path).convert("RGB")
    out.mkdir(parents=True, exist_ok=True)
    pictures = {
        "portrait": read(shipped / "portrait.png"),
        "town": read(fetched / "china.jpg"),
        "product": product(read(shipped / "photo.png")),
        "dark": dark(read(fetched / "rocket.jpg")),
        "landscape": landscape(),
        "drawing": line_drawing(),
    }
    for name, picture in pictures.items():
        picture.save(out / f"{name}.png")


if __name__ == "__main__":
    main()
