# Runs in GIMP's own Python in a GIMP with windows: opens the filter's dialog again and again, while
# window.sh presses its keys, and checks what became of the image. A line `passed NAME` or
# `FAILED NAME: why` for each case.

import glob
import os
import time

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, Gio

FOLDER = "/shared/window"
PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-impasto")
results = []


def note(name, is_so, why):
    results.append(f"passed {name}" if is_so else f"FAILED {name}: {why}")


def at(name):
    return os.path.join(FOLDER, name)


def say(name):
    """Lets window.sh go on."""
    with open(at(name), "w"):
        pass


def pixels(layer):
    whole = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return bytes(layer.get_buffer().get(whole, 1.0, "R'G'B' u8", Gegl.AbyssPolicy.NONE))


def ask(name, mode=Gimp.RunMode.INTERACTIVE):
    """Opens the dialog and returns the status with which it was closed."""
    config = PROCEDURE.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    say(name)
    return PROCEDURE.run(config).index(0)


# The letters of two controls, for window.sh.
for argument in ("strength", "brush-size"):
    label = PROCEDURE.find_argument(argument).get_nick()
    with open(at(argument + ".key"), "w") as file:
        file.write("alt+" + label[label.index("_") + 1].lower())

image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/shared/photo.png"))
image.scale(1200, 800)
layer = image.get_layers()[0]
# Nothing but the painting can be undone.
image.undo_disable()
image.undo_enable()
Gimp.Display.new(image)
original = pixels(layer)

status = ask("cancelling")
note("cancel", status == Gimp.PDBStatusType.CANCEL, status)
note("cancel_paints_nothing", pixels(layer) == original, "the image was changed")

status = ask("painting")
painted = pixels(layer)
note("ok", status == Gimp.PDBStatusType.SUCCESS, status)
note("ok_paints", painted != original, "the image was not changed")

say("undoing")
start = time.monotonic()
while pixels(layer) != original and time.monotonic() < start + 60:
    time.sleep(0.2)
note("undo_restores", pixels(layer) == original, "it did not in a minute")

ask("repeating", Gimp.RunMode.WITH_LAST_VALS)
most = max(abs(a - b) for a, b in zip(pixels(layer), painted))
note("last_values_are_those_of_ok", most <= 2, f"the pictures differ by {most}")
say("undoing_again")
start = time.monotonic()
while pixels(layer) != original and time.monotonic() < start + 60:
    time.sleep(0.2)

image.scale(3600, 2400)
original = pixels(layer)
status = ask("stopping")
note("progress_cancel", status != Gimp.PDBStatusType.SUCCESS, status)
note("progress_cancel_paints_nothing", pixels(layer) == original, "the image was changed")
sizes = []
for name in glob.glob(os.path.join(Gimp.directory(), "plug-in-settings", "*plug-in-impasto.last")):
    with open(name) as file:
        kept = [line.strip("()\n") for line in file if line.startswith("(brush-size ")]
    sizes += [float(line.split()[1]) for line in kept]
note("progress_cancel_keeps_the_settings", sizes == [1.0], sizes)

with open(at("results.txt"), "w") as file:
    file.write("\n".join(results + ["end"]))
say("done")
