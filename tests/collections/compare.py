"""Runs any folder of pictures through Impasto's reading and writing and compares with what others read of it.

    python compare.py FOLDER...     counts by format, then every file that is not as it should be
"""
import argparse
import json
import os
import resource
import subprocess
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import references
from references import CONVERTED, EXACT, LOSSY

ROOT = Path(__file__).resolve().parents[2]
# What README's table "Picture files" has a row for, by Pillow's names.
READ = {"PNG", "JPEG", "TIFF", "WEBP", "JPEG XL", "AVIF", "GIF", "BMP", "TGA", "PPM", "QOI", "HDR", "PSD"}
BATCH = 100
MOST_MEMORY = 6 << 30
# The painting covers nothing of the photograph; the settings only keep the network's work small.
PAINTING = ["--style", "starry-night", "--opacity", "0", "--brush-size", "32", "--layers", "1", "--turbulence", "0"]
# Mean and most of the differences. Two decoders of JPEG round differently and smooth chrominance differently at
# edges; two colour engines interpolate in other ways and take another black.
NEAR = {LOSSY: (1.5 / 255, 1), CONVERTED: (3 / 255, 1)}


@dataclass
class Outcome:
    path: Path
    format: str
    result: str         # equal, different, refused, only Impasto, invalid
    words: str = ""


# ------------------------------------------------------------------------------------------------------ painting

@dataclass
class Painted:
    errors: dict = field(default_factory=dict)      # by number
    panics: dict = field(default_factory=dict)


def paint(program, files, folder, ending):
    """Copies of the files, by number, through the command line. Names end in what is to be written; how a file is
    read its content decides."""
    inputs, outputs = folder / "in", folder / "out"
    inputs.mkdir()
    names = {}
    for number, file in enumerate(files):
        names[number] = inputs / f"{number}.{ending}"
        names[number].symlink_to(file.resolve())
    painted = Painted()
    numbers = list(names)
    for first in range(0, len(numbers), BATCH):
        paint_some(program, {n: names[n] for n in numbers[first:first + BATCH]}, outputs, painted)
    return painted, outputs


def paint_some(program, names, outputs, painted):
    command = [program, "paint", *names.values(), *PAINTING, "--out-dir", outputs, "--json", "--quiet"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 + 20 * len(names))
        report, words, code = done.stdout, done.stderr, done.returncode
    except subprocess.TimeoutExpired:
        report, words, code = "", "it took too long", -1
    if len(names) > 1 and (not report or "panicked" in words):
        # Which of them it was, is found out one by one.
        for number, name in names.items():
            paint_some(program, {number: name}, outputs, painted)
        return
    if len(names) == 1:
        number = next(iter(names))
        if "panicked" in words or code not in range(0, 32):
            painted.panics[number] = words.strip() or f"exit code {code}"
        if not report:
            painted.errors[number] = words.strip().removeprefix("impasto: ")
        return
    for number, picture in zip(names, json.loads(report)["pictures"]):
        if "error" in picture:
            painted.errors[number] = picture["error"].split("': ", 1)[-1]


# ----------------------------------------------------------------------------------------------------- comparing

def outcome(file, output, refusal):
    found, refusals = references.readings(file)
    format = found[-1].format if found else file.suffix[1:].upper()
    if refusal is not None:
        is_valid = bool(found)
        words = refusal if is_valid else f"{refusal} ({'; '.join(refusals)})"
        return Outcome(file, format, "refused" if is_valid else "invalid", words)
    if not found:
        return Outcome(file, format, "only Impasto", "; ".join(refusals))
    ours = references.readings(output)[0][0]
    differences = [difference(ours, theirs) for theirs in found]
    profile = next((reading.profile for reading in found if reading.profile), b"")
    if profile and ours.profile != profile:
        return Outcome(file, format, "different", "the profile is lost")
    if all(differences):
        return Outcome(file, format, "different", "; ".join(differences))
    passed_over = [words for words in differences if words]
    return Outcome(file, format, "equal", "; ".join(passed_over))


def difference(ours, theirs):
    """In words; none where they are equal."""
    a, b = ours.pixels, theirs.pixels
    if a.shape[:2] != b.shape[:2]:
        return f"{theirs.reader}: {a.shape[1]}x{a.shape[0]}, not {b.shape[1]}x{b.shape[0]}"
    a, b = with_alpha(a), with_alpha(b)
    if theirs.colors_only:
        a, b = a[..., :3], b[..., :3]
    seen = np.isfinite(a) & np.isfinite(b)
    if theirs.format in ("GIF", "WEBP"):
        # A transparent number of a palette, and the canvas behind an animation, have no colour that is seen.
        seen &= (a[..., 3:] > 0) | (b[..., 3:] > 0)
    a, b = np.where(seen, a, 0), np.where(seen, b, 0)
    apart = np.abs(a - b)
    mean, most = apart.mean(), apart.max()
    if theirs.care == EXACT:
        # Integers stay; those of 32 bits and floats of 64 become floats of 32.
        is_near = bool((apart <= np.maximum(0.51 * theirs.step, 1e-6 * np.maximum(1, np.abs(b)))).all())
    else:
        is_near = mean <= NEAR[theirs.care][0] and most <= NEAR[theirs.care][1]
    return "" if is_near else f"{theirs.reader}: mean {mean * 255:.2f}, most {most * 255:.1f} of 255"


def with_alpha(pixels):
    return pixels if pixels.shape[-1] == 4 else np.concatenate([pixels, np.ones_like(pixels[..., :1])], -1)


# ------------------------------------------------------------------------------------------------------ the tables

COLUMNS = ["equal", "different", "refused", "only Impasto", "invalid"]


def report(outcomes, panics):
    counts = defaultdict(Counter)
    for each in outcomes:
        counts[each.format][each.result] += 1
    known = {format: count for format, count in counts.items() if format in READ}
    others = {format: count for format, count in counts.items() if format not in READ}
    table("Formats that are read", known)
    table("Others", {f: c for f, c in others.items() if c["equal"] + c["different"] + c["refused"]})
    no_pictures = sum(c["invalid"] for c in others.values())
    print(f"{no_pictures} files are of no format that any of them reads.\n")
    for result in ["different", "refused", "equal", "only Impasto", "invalid"]:
        those = [o for o in outcomes if o.result == result and o.words and (o.format in READ or result == "different")]
        listed(result if result != "equal" else "equal to one reader, not to another", those)
    refused = Counter(o.format + ": " + o.words for o in outcomes if o.result == "refused" and o.format not in READ)
    print("refused, of other formats")
    for words, count in sorted(refused.items()):
        print(f"    {count} {words}")
    print(f"\npanic text: {len(panics)}")
    for file, words in panics.items():
        print(f"    {file}: {words}")


def table(title, counts):
    row = "| {:10} |" + " {:>8} |" * 2 + " {:>12} |" * len(COLUMNS)
    print(f"{title}\n\n" + row.format("format", "files", "valid", *COLUMNS))
    print(row.format(*["---"] * (3 + len(COLUMNS))))
    total = sum(counts.values(), Counter())
    for name, count in [*sorted(counts.items()), ("sum", total)]:
        valid = count["equal"] + count["different"] + count["refused"]
        print(row.format(name, count.total(), valid, *(count[c] for c in COLUMNS)))
    print()


def listed(title, outcomes):
    print(f"{title}: {len(outcomes)}")
    for each in outcomes:
        print(f"    {each.format} {each.path}: {each.words}")
    print()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--program", type=Path, default=ROOT / "target/release/impasto")
    arguments.add_argument("--to", default="tif", choices=["tif", "png", "webp"], help="the format that is written")
    arguments.add_argument("--without", nargs="*", default=[], help="endings to leave out")
    given = arguments.parse_args()
    os.environ.setdefault("IMPASTO_MODELS", str(ROOT / "models"))
    files = sorted(f for folder in given.folders for f in folder.rglob("*") if f.is_file() and not f.is_symlink())
    files = [file for file in files if file.suffix[1:].lower() not in given.without]
    with tempfile.TemporaryDirectory() as folder:
        painted, outputs = paint(given.program, files, Path(folder), given.to)
        # Other readers believe what a hostile header says.
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        outcomes = [outcome(file, outputs / f"{number}.{given.to}", painted.errors.get(number))
                    for number, file in enumerate(files)]
    report(outcomes, {files[number]: words for number, words in painted.panics.items()})


if __name__ == "__main__":
    main()
