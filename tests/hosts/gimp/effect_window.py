# Runs in GIMP's own Python in a GIMP with windows: puts Impasto's layer effect on a layer, while
# effect_window.sh presses the keys for undo and redo. A line `passed NAME` or `FAILED NAME: why` for
# each case.

import os
import time

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, Gio

FOLDER = "/shared/effect_window"
PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-impasto")
results = []


def note(name, is_so, why):
    results.append(f"passed {name}" if is_so else f"FAILED {name}: {why}")


def say(name):
    """Lets effect_window.sh go on."""
    with open(os.path.join(FOLDER, name), "w"):
        pass


def wait_for(is_so):
    end = time.monotonic() + 60
    while not is_so() and time.monotonic() < end:
        time.sleep(0.1)
    return is_so()


def shown():
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    whole = Gegl.Rectangle.new(0, 0, seen.get_width(), seen.get_height())
    found = bytes(seen.get_buffer().get(whole, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))
    seen.delete()
    return found


def paintings():
    with open(os.path.join(FOLDER, "gimp.log"), errors="replace") as file:
        return file.read().count("painted for the layer effect")


image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/shared/photo.png"))
image.scale(640, 432)
layer = image.get_layers()[0]
raw = shown()
# Nothing but the effect can be undone.
image.undo_disable()
image.undo_enable()
Gimp.Display.new(image)

config = PROCEDURE.create_config()
config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", [layer])
config.set_property("output", "layer-effect")
PROCEDURE.run(config)
painted = shown()
note("shown", painted != raw, "the effect paints nothing")

say("undoing")
note("undone", wait_for(lambda: not layer.get_filters()), "Ctrl+Z does not take the effect off")
note("as_before", shown() == raw, "the image is not as it was")
say("redoing")
note("redone", wait_for(lambda: layer.get_filters()), "Ctrl+Y does not bring the effect back")
note("as_painted", shown() == painted, "the effect shows another painting")
note("painted_once", paintings() == 1, f"{paintings()} paintings")
with open(os.path.join(FOLDER, "results.txt"), "w") as file:
    file.write("\n".join(results + ["end"]))
say("done")
