"""Draws the three style pictures of this folder: styles/woodcut.png, styles/mosaic.png and styles/ink.png.

    python make_styles.py [FOLDER]

Needs numpy and Pillow. Seeded: the same versions draw the same pictures. Everything is drawn at twice the size and
reduced at the end, so edges are smooth. A "field" below is a float array [N, N]; X and Y are its coordinates in 0..1.
"""
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIZE = 512
N = 2 * SIZE
Y, X = np.mgrid[0:N, 0:N] / N


def noise(rng, cells, octaves=4, stretch=(1, 1)):
    """Smooth noise of mean 0 and deviation 1: random grids enlarged and summed, each finer and fainter."""
    total = np.zeros((N, N))
    for k in range(octaves):
        rows, columns = (max(2, int(cells * 2**k * s)) for s in stretch)
        grid = Image.fromarray(rng.standard_normal((rows, columns)).astype(np.float32))
        total += np.asarray(grid.resize((N, N), Image.BICUBIC)) * 0.5**k
    return (total - total.mean()) / total.std()


def blur(field, sigma):
    """Gaussian blur of sigma pixels (by FFT, so it wraps at the borders)."""
    f = np.fft.fftfreq(N)
    kernel = np.exp(-2 * (np.pi * sigma) ** 2 * (f[:, None] ** 2 + f[None, : N // 2 + 1] ** 2))
    return np.fft.irfft2(np.fft.rfft2(field) * kernel, (N, N))


def step(field, softness):
    """0 where field is well below 0, 1 where well above, smooth between."""
    return 1 / (1 + np.exp(-np.clip(field / softness, -40, 40)))


def over(picture, colour, alpha):
    """Lays a colour or picture over a picture [N, N, 3]; alpha is a field."""
    alpha = np.asarray(alpha, float)[..., None]
    return picture * (1 - alpha) + np.asarray(colour) * alpha


def save(picture, path):
    picture = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    picture.resize((SIZE, SIZE), Image.LANCZOS).save(path, optimize=True)


# ---------------------------------------------------------------------------------------------------------- woodcut

def strokes(rng, angle, region, tone, spacing):
    """Carved strokes: streamlines of angle that keep their distance, tapered, as wide as tone (0..1) asks for."""
    image = Image.new("L", (N, N))
    draw, taken = ImageDraw.Draw(image), np.zeros((N // 4, N // 4), int)
    for mark, (x, y) in enumerate(rng.uniform(0, N - 1, (9000, 2)), start=1):
        place, line, longest = region[int(y), int(x)], [], rng.integers(12, 90)
        while len(line) < longest and 0 <= x < N and 0 <= y < N:
            iy, ix = int(y), int(x)
            if taken[iy // 4, ix // 4] not in (0, mark) or region[iy, ix] != place:
                break
            line.append((x, y))
            x, y = x + 4 * np.cos(angle[iy, ix]), y + 4 * np.sin(angle[iy, ix])
        if len(line) < 6:
            continue
        points = np.array(line)
        t = np.linspace(0, 1, len(points))
        across = np.gradient(points, axis=0)[:, ::-1] * (1, -1)
        across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
        ix, iy = points.T.astype(int)
        half = spacing * 0.62 * tone[iy, ix] * (np.sin(np.pi * t**0.6) + 0.1) * (1 + 0.12 * rng.standard_normal(len(t)))
        outline = np.concatenate([points + across * half[:, None], (points - across * half[:, None])[::-1]])
        draw.polygon([tuple(p) for p in outline], fill=255)
        reach = int(spacing / 8)
        for gx, gy in points.astype(int) // 4:
            area = taken[max(0, gy - reach):gy + reach + 1, max(0, gx - reach):gx + reach + 1]
            area[area == 0] = mark
    return np.asarray(image) / 255


def woodcut(rng):
    """A sun over mountains and a lake: flat colours under a black block of carved strokes."""
    cream, black = (0.95, 0.90, 0.78), (0.09, 0.08, 0.09)
    dx, dy = X - 0.66, Y - 0.27
    r, wobble = np.hypot(dx, dy), noise(rng, 3)
    far = 0.50 + 0.06 * np.sin(X * 9 + 1) + 0.035 * noise(rng, 5, 5)[300] - 0.12 * np.exp(-((X - 0.3) / 0.13) ** 2)
    near = 0.70 + 0.03 * noise(rng, 6, 5)[500] - 0.40 * np.exp(-((X + 0.02) / 0.27) ** 2)
    near -= 0.16 * np.exp(-((X - 1.04) / 0.2) ** 2)
    cloud = noise(rng, 3, 4, (2.4, 0.7)) > 0.75
    region = np.select([Y > near.clip(0, 0.80), Y > 0.66, Y > far, r < 0.15, cloud], [4, 5, 3, 1, 2], 0)
    region = np.where(Y > 0.80, 5, region)
    glitter = np.abs(dx + 0.02 * wobble) < 0.10 * step(np.sin(Y * 150 + wobble), 0.4)
    region = np.where((region == 5) & glitter, 6, region)
    sky, water = np.arctan2(dx, -dy), 0.35 * np.sin(X * 16 + Y * 40 + wobble)
    slope = 0.9 + 0.5 * noise(rng, 4)
    angle = np.choose(region, [sky + 0.5 * wobble, np.arctan2(dy, dx), 0.6 * wobble, slope, 0.3 - slope, water, water])
    light = noise(rng, 5, 4)
    tone = np.choose(region, [0.10 + 0.75 * np.clip(r - 0.15, 0, 1) + 0.06 * light, 0.10 + 2 * r, 0.12 + 0 * r,
                              0.55 + 0.25 * light, 0.40 + 0.25 * light,
                              0.30 + 0.9 * (Y - 0.66) + 0.12 * light, 0.18 + 0 * r])
    flat = np.array([cream, (0.85, 0.29, 0.16), (0.90, 0.76, 0.52), (0.42, 0.54, 0.56), (0.80, 0.62, 0.28),
                     (0.56, 0.69, 0.68), (0.88, 0.43, 0.24)])[region]
    flat = over(flat, (0.93, 0.72, 0.45), 0.8 * (region == 0) * step(Y - 0.34 + 0.03 * wobble, 0.01))
    # the colour block never meets the black one exactly
    flat = flat[np.arange(-5, N - 5).clip(0)][:, np.arange(4, N + 4).clip(max=N - 1)]
    flat = over(flat, cream, 0.35 * step(noise(rng, 12, 4, (6, 0.4)) - 1.1, 0.2))  # wood grain
    dark = (region == 4) & (light < 0.1) | (region == 3) & (light > 0.9)
    lines = strokes(rng, angle, region * 2 + dark, np.where(dark, 0.45, np.clip(tone, 0.05, 0.9)), 17)
    jumps = (region != np.roll(region, 1, 0)) | (region != np.roll(region, 1, 1))
    jumps[0] = jumps[:, 0] = False
    outline = step(blur(jumps * 1.0, 2.6) - 0.085 - 0.03 * noise(rng, 20).clip(-1.2), 0.006)
    ink = np.maximum(np.where(dark, 1 - lines, lines), outline)
    worn = step(noise(rng, 120, 3) + 0.6 * noise(rng, 6) - 2.5, 0.15)
    return over(flat, black, ink * (1 - worn))


# ----------------------------------------------------------------------------------------------------------- mosaic

def tesserae(rng, angle, width, rounds=10):
    """Square tiles turned along angle: Voronoi cells of the rotated maximum norm, evened out (Hausner 2001).

    Returns each pixel's tile, the distance to the tile's edge in pixels, and the tiles' centres."""
    kept = rng.uniform(size=(N, N)) < 1.0 / width**2
    centres = np.argwhere(kept)[:, ::-1].astype(float)
    for turn in range(rounds):
        first, second = np.full((N, N), 1e9), np.full((N, N), 1e9)
        owner = np.zeros((N, N), int)
        for i, (cx, cy) in enumerate(centres):
            iy, ix = int(np.clip(cy, 0, N - 1)), int(np.clip(cx, 0, N - 1))
            reach = int(2.2 * width[iy, ix])
            y0, x0 = max(0, iy - reach), max(0, ix - reach)
            window = np.s_[y0:min(N, iy + reach), x0:min(N, ix + reach)]
            wy, wx = np.ogrid[window]
            c, s = np.cos(angle[iy, ix]), np.sin(angle[iy, ix])
            u, v = (wx - cx) * c + (wy - cy) * s, (wy - cy) * c - (wx - cx) * s
            d = np.maximum(np.abs(u), np.abs(v))
            nearer = d < first[window]
            second[window] = np.where(nearer, first[window], np.minimum(second[window], d))
            first[window] = np.where(nearer, d, first[window])
            owner[window][nearer] = i
        if turn < rounds - 1:
            count = np.maximum(np.bincount(owner.ravel(), minlength=len(centres)), 1)
            for axis, coordinate in enumerate((X, Y)):
                mean = np.bincount(owner.ravel(), coordinate.ravel() * N, len(centres)) / count
                centres[:, axis] = np.where(count > 1, mean, centres[:, axis])
    return owner, (second - first) / 2, centres


def mosaic(rng):
    """A rayed sun over hills and breaking waves, in glass tesserae."""
    dx, dy = X - 0.37, Y - 0.36
    r, theta, bend = np.hypot(dx, dy), np.arctan2(dy, dx), noise(rng, 2, 2)
    rays = r / (1 + 0.22 * np.cos(14 * theta + 9 * r))
    hill = Y - 0.60 + 0.08 * np.sin(5 * X + 0.6)
    wave = Y - 0.74 - 0.045 * np.sin(11 * X + 0.5) - 0.02 * np.sin(23 * X)
    ring = r + 0.018 * bend
    sea, land, sun = wave > 0, (hill > 0) & (wave <= 0), rays < 0.24
    surface = np.select([sea, land, sun], [wave, hill, r], ring)
    gy, gx = np.gradient(blur(surface, 5))
    band = np.select([sea, land, sun], [wave / 0.055, hill / 0.055, r / 0.045], ring / 0.085).astype(int)
    width = np.where(sun, 20.0, np.where(sea | land, 27.0, 36.0))
    owner, edge, centres = tesserae(rng, np.arctan2(gx, -gy), width)
    ix, iy = centres.astype(int).clip(0, N - 1).T
    palette = {name: [tuple(bytes.fromhex(c)) for c in colours.split()] for name, colours in (
        ("sun", "fae69e facc47 f29924 cc381f f2ad2e b82424"),
        ("sky", "f2d69e f2cc8c f2d9a3 85c2bd 388ca8 d1dec7 215c94 4c9eb2 173873 296b9e"),
        ("land", "9ea342 5c7533 c26b3d 8c3d29 cc8f4c"),
        ("sea", "f0eddb 4ca8a8 1a6b8a 123d70 9eccbd 0f2957"),
    )}
    colours = np.empty((len(centres), 3))
    for i, (x, y) in enumerate(zip(ix, iy)):
        kind = "sea" if sea[y, x] else "land" if land[y, x] else "sun" if sun[y, x] else "sky"
        colours[i] = palette[kind][(band[y, x] + (rng.uniform() < 0.13)) % len(palette[kind])]
    colours *= (1 + 0.13 * rng.standard_normal((len(centres), 1)) + 0.05 * rng.standard_normal((len(centres), 3))) / 255
    tilt = rng.normal(0, 0.010, (len(centres), 2))                  # every tile catches the light differently
    inside = np.stack([X, Y], -1) * N - centres[owner]
    shine = 1 + (inside * tilt[owner]).sum(-1).clip(-0.3, 0.3)
    glass = 1 + 0.05 * noise(rng, 60, 3)
    bevel = 0.72 + 0.28 * step(edge - 3.4, 0.7)
    tiles = colours[owner] * (shine * glass * bevel)[..., None]
    grout = np.array((0.30, 0.27, 0.25)) * (1 + 0.12 * noise(rng, 150, 2))[..., None]
    return over(grout, tiles, step(edge - 1.9 - 0.3 * noise(rng, 50, 2), 0.25))


# -------------------------------------------------------------------------------------------------------------- ink

def brush(rng, image, points, width, dry):
    """One brush line through points (0..1): many bristles, each with its own ink, that runs out towards the end."""
    draw, points = ImageDraw.Draw(image), np.asarray(points, float) * N
    t = np.linspace(0, len(points) - 1, 40 * len(points))
    path = np.stack([np.interp(t, range(len(points)), p) for p in points.T], 1)
    for _ in range(3):                                              # round the corners
        path[10:-10] = sum(path[k:len(path) - 20 + k] for k in range(0, 21, 2)) / 11
    across = np.gradient(path, axis=0)[:, ::-1] * (1, -1)
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    u = t / t[-1]
    pressure = np.minimum(1, 9 * u + 0.45) * (1 - 0.8 * u**1.2) * (1 + 0.35 * np.sin(9 * u + rng.uniform(0, 6)))
    for offset in np.linspace(-1, 1, max(6, int(width))):
        ink, drift = rng.uniform(0.75, 1.1), np.cumsum(rng.standard_normal(len(u))) * 0.12
        line = path + across * ((offset * pressure * width / 2 + drift)[:, None])
        for a, b, left in zip(line[:-1], line[1:], ink - dry * u - 0.25 * rng.uniform(size=len(u))):
            if left > 0.12:
                draw.line([tuple(a), tuple(b)], fill=int(255 * min(1, left)), width=3)


def ink(rng):
    """Mountains in mist, a plum branch, blots and a red sun: ink and two colours on rough paper."""
    fibre = noise(rng, 70, 4) + 0.35 * noise(rng, 40, 3, (0.4, 2)) + 0.35 * noise(rng, 40, 3, (2, 0.4))
    stain, wet = noise(rng, 3), noise(rng, 7, 6)
    paper = np.array((0.94, 0.91, 0.84)) * (1 + 0.014 * fibre + 0.015 * stain)[..., None]
    black, blue, red = np.zeros((N, N)), np.zeros((N, N)), np.zeros((N, N))  # how much ink of each lies on the paper

    def wash(inside, edge=0.5, bleed=0.006):
        """A wet patch where the field inside (in picture widths) is positive: uneven, with a darker rim."""
        inside = inside + bleed * wet
        return step(inside, 0.0015) * (0.75 + 0.22 * noise(rng, 4)) + edge * np.exp(-((inside - 0.003) / 0.004) ** 2)

    def disc(x, y, radius):
        return radius - np.hypot(X - x, Y - y)

    for base, height, strength, fade in ((0.46, 0.10, 0.35, 0.16), (0.60, 0.15, 0.65, 0.15), (0.80, 0.17, 1.2, 0.13)):
        ridge = base - height * np.abs(noise(rng, 2.2, 6)[rng.integers(N)]) + 0.01 * wet
        depth = Y - ridge
        crags = 1 + 0.45 * noise(rng, 9, 5, (1, 0.5))
        rim = 0.4 * np.exp(-((depth - 0.004) / 0.005) ** 2)
        layer = step(depth, 0.002) * (np.exp(-depth.clip(0) / fade) * crags.clip(0.15) + rim)
        black += 0.75 * strength * layer
        blue += 0.55 * strength * layer * step(noise(rng, 3), 0.5)
    red += 1.5 * wash(disc(0.70, 0.20, 0.085), 0.35)
    for _ in range(9):                                              # large pale blots, then small dark ones
        x, y = rng.uniform(0, 1, 2)
        layer, strength = blue if rng.uniform() < 0.5 else black, rng.uniform(0.12, 0.4)
        layer += strength * wash(disc(x, y, rng.uniform(0.03, 0.13)), 0.7, 0.02)
    for x, y, radius in zip(*rng.uniform(0, 1, (2, 110)), 0.0015 * np.exp(rng.normal(0.3, 0.8, 110))):
        black += rng.uniform(0.4, 1.6) * step(disc(x, y, radius) + 0.2 * radius * fibre, 0.0006)
    lines = Image.new("L", (N, N))
    trunk = [(1.03, 0.98), (0.86, 0.80), (0.80, 0.66), (0.62, 0.60), (0.47, 0.47), (0.30, 0.44), (0.13, 0.31)]
    brush(rng, lines, trunk, 62, 0.6)
    twigs = [(0.80, 0.66), (0.62, 0.60), (0.55, 0.54), (0.47, 0.47), (0.38, 0.455), (0.30, 0.44), (0.22, 0.38)]
    tips = []
    for k, (x, y) in enumerate(twigs):
        a = np.radians(-62 + 14 * rng.standard_normal()) if k % 2 == 0 else np.radians(135 + 20 * rng.standard_normal())
        length = rng.uniform(0.12, 0.26)
        bow = [(x + s * length * np.cos(a + 0.4 * s), y + s * length * np.sin(a + 0.4 * s)) for s in (0, 0.35, 0.7, 1)]
        brush(rng, lines, bow, rng.uniform(16, 30), 0.6)
        tips += bow[1:]
    for x in (0.05, 0.11, 0.19, 0.26):                              # reeds in the corner
        tip = x + rng.uniform(-0.05, 0.13), rng.uniform(0.66, 0.78)
        brush(rng, lines, [(x, 1.02), (x + 0.01, 0.86), tip], 20, 0.8)
    dryness = step(0.9 - np.abs(fibre) * 0.45, 0.1)                 # a dry brush leaves the paper's hollows white
    stroke = np.asarray(lines) / 255
    black += 2.6 * stroke * np.maximum(stroke**2, dryness) + 0.35 * blur(stroke, 5)
    for x, y in tips:
        for _ in range(rng.integers(2, 5)):                         # blossoms: five petals in wet red
            bx, by, size = x + rng.normal(0, 0.03), y + rng.normal(0, 0.03), rng.uniform(0.008, 0.016)
            for petal in np.arange(5) * 2 * np.pi / 5 + rng.uniform(0, 6):
                shape = disc(bx + size * np.cos(petal), by + size * np.sin(petal), 0.8 * size)
                red += rng.uniform(0.4, 0.9) * wash(shape, 0.5, 0.0015)
            black += 1.3 * step(disc(bx, by, 0.003), 0.0008)
    grain = (1 + 0.16 * fibre + 0.1 * noise(rng, 200, 1)).clip(0.2)
    absorbs = ((black, (1.30, 1.26, 1.18)), (blue, (1.15, 0.62, 0.30)), (red, (0.14, 1.35, 1.55)))
    density = sum((layer * grain)[..., None] * np.array(colour) for layer, colour in absorbs)
    return paper * (0.05 + 0.95 * np.exp(-density))


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "styles")
    folder.mkdir(parents=True, exist_ok=True)
    for seed, draw in enumerate((woodcut, mosaic, ink), start=7):
        save(draw(np.random.default_rng(seed)), folder / f"{draw.__name__}.png")
