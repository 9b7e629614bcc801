# What scripts in GIMP's Python share: a photograph to paint, and cases, of which each leaves a line
# `passed NAME` or `FAILED NAME: why`.

import time
import traceback

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio

WIDTH, HEIGHT = 320, 216
results = []


def photo(precision=None, gray=False, alpha=False, size=(WIDTH, HEIGHT)):
    """The example photograph as an image of the given kind."""
    image = Gimp.file_load(
        Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/shared/photo.png")
    )
    image.scale(*size)
    layer = image.get_layers()[0]
    if gray:
        image.convert_grayscale()
    if precision is not None:
        image.convert_precision(precision)
    if alpha:
        layer.add_alpha()
        # A hole with soft edges.
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 40, 30, 120, 90)
        Gimp.Selection.feather(image, 12)
        layer.edit_clear()
        Gimp.Selection.none(image)
    return image, layer


def answered(procedure, config):
    """Calls a procedure and returns GIMP's status and message."""
    answer = procedure.run(config)
    status = answer.index(0)
    words = answer.index(1) if status != Gimp.PDBStatusType.SUCCESS and answer.length() > 1 else ""
    return status, words


def must(is_so, why="not as it should be"):
    if not is_so:
        raise AssertionError(why)


def must_agree(a, b, most=2):
    """8-bit pixels, but for what threads that add in another order may change, and rounding."""
    must(len(a) == len(b), "sizes differ")
    found = max(abs(a - b) for a, b in zip(a, b))
    must(found <= most, f"they differ by {found}")


def case(function, *arguments):
    name = function.__name__
    start = time.monotonic()
    try:
        function(*arguments)
        line = f"passed {name}"
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1].lineno
        line = f"FAILED {name}: {error!r} (line {where})"
    print(f"{line} ({time.monotonic() - start:.1f} s)", flush=True)
    results.append(line)


def end(path):
    """Leaves the lines in a file."""
    with open(path, "w") as file:
        file.write("\n".join(results + ["end"]))
