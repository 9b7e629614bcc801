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
LAST = os.path.join(Gimp.directory(), "plug-in-settings", "*plug-in-impasto.last")
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


def most_difference(a, b):
    return max(abs(a - b) for a, b in zip(a, b))


def opened(path, size=None):
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    if size:
        image.scale(*size)
    # Nothing but the painting can be undone.
    image.undo_disable()
    image.undo_enable()
    return image, image.get_layers()[0]


def ask(name, image, layer, mode=Gimp.RunMode.INTERACTIVE):
    """Opens the dialog and returns the status with which it was closed."""
    config = PROCEDURE.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    say(name)
    return PROCEDURE.run(config).index(0)


def wait_for(layer, wanted):
    start = time.monotonic()
    while pixels(layer) != wanted and time.monotonic() < start + 60:
        time.sleep(0.2)
    return pixels(layer) == wanted


class Screenshot:
    """A picture of the screen."""

    def __init__(self, name):
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(at(name)))
        layer = image.get_layers()[0]
        self.width, self.pixels = layer.get_width(), pixels(layer)
        image.delete()

    def at(self, x, y):
        place = 3 * (y * self.width + x)
        return self.pixels[place : place + 3]

    def extent(self, y, first, last):
        """From where to where a row shows a picture, between plain gray."""
        is_gray = lambda x: len(set(self.at(x, y))) == 1 and self.at(x, y)[0] < 70
        shown = [x for x in range(first, last) if not all(map(is_gray, range(x, x + 8)))]
        return min(shown) + 7, max(shown) + 1

    def change(self, other, left, top, right, bottom):
        """The mean difference to another screenshot in a part of the screen."""
        total, count = 0, 0
        for y in range(top, bottom, 3):
            for x in range(left, right, 3):
                total += sum(abs(a - b) for a, b in zip(self.at(x, y), other.at(x, y)))
                count += 3
        return total / count

    def difference(self, own, width, left, top, points):
        """To pixels that would lie there, on average, at points of them."""
        total = 0
        for x, y in points:
            place = 3 * (y * width + x)
            there = self.at(left + x, top + y)
            total += sum(abs(a - b) for a, b in zip(own[place : place + 3], there))
        return total / (3 * len(points))


def least_difference(screenshot, layer, left, top, reach, middle):
    """That in the best of the places around one; the points lie around `middle` of the layer."""
    points = [(middle[0] + 7 * k, middle[1] + 5 * j) for k in range(-12, 13) for j in range(-12, 13)]
    places = [(x, y) for x in range(-reach, reach + 1) for y in range(-reach, reach + 1)]
    own, width = pixels(layer), layer.get_width()

    def difference(place, points):
        return screenshot.difference(own, width, left + place[0], top + place[1], points)

    best = min(places, key=lambda place: difference(place, points[::9]))
    return difference(best, points)


def compare_preview(image, layer):
    """The preview of strokes of one pixel is the painting reduced; of its pixels, the painting."""
    fit, full = Screenshot("fine-fit.png"), Screenshot("fine-pixels.png")
    left, right = fit.extent(300, 24, 760)
    small = image.duplicate()
    small.scale(right - left, round((right - left) * layer.get_height() / layer.get_width()))
    reduced = small.get_layers()[0]
    middle = (reduced.get_width() // 2, reduced.get_height() // 2)
    top = 300 - reduced.get_height() // 2
    found = least_difference(fit, reduced, left, top, 24, middle)
    small.delete()
    note("the_preview_is_the_painting_reduced", found < 8, f"they differ by {found}")
    middle = (layer.get_width() // 2, layer.get_height() // 2)
    left, top = (left + right) // 2 - middle[0], 300 - middle[1]
    found = least_difference(full, layer, left, top, 24, middle)
    note("the_preview_shows_the_paintings_pixels", found < 4, f"they differ by {found}")


def last_values():
    text = ""
    for name in glob.glob(LAST):
        with open(name) as file:
            text += file.read()
    return text


# The letters of controls, for window.sh.
for argument in ("style", "second-style", "strength", "brush-size", "method"):
    label = PROCEDURE.find_argument(argument).get_nick()
    with open(at(argument + ".key"), "w") as file:
        file.write("alt+" + label[label.index("_") + 1].lower())

image, layer = opened("/shared/photo.png", (1200, 800))
Gimp.Display.new(image)
original = pixels(layer)

status = ask("cancelling", image, layer)
note("cancel", status == Gimp.PDBStatusType.CANCEL, status)
note("cancel_paints_nothing", pixels(layer) == original, "the image was changed")

status = ask("painting", image, layer)
painted = pixels(layer)
note("ok", status == Gimp.PDBStatusType.SUCCESS, status)
note("ok_paints", painted != original, "the image was not changed")

say("undoing")
note("undo_restores", wait_for(layer, original), "it did not in a minute")

ask("repeating", image, layer, Gimp.RunMode.WITH_LAST_VALS)
most = most_difference(pixels(layer), painted)
note("last_values_are_those_of_ok", most <= 2, f"the pictures differ by {most}")
say("undoing_again")
wait_for(layer, original)

# The only other layer of an open image is the gallery's last style.
other, style = opened("/shared/style.png")
style.set_name("washes of ink")
status = ask("painting_like_a_layer", image, layer)
note("ok_with_a_layer", status == Gimp.PDBStatusType.SUCCESS, status)
like_layer = pixels(layer)
note("a_layer_is_another_style", most_difference(like_layer, painted) > 40, "it is the same")
other.delete()
again, copy = opened("/shared/photo.png", (1200, 800))
ask("repeating_like_a_layer", again, copy, Gimp.RunMode.WITH_LAST_VALS)
most = most_difference(pixels(copy), like_layer)
note("a_layers_style_is_repeated", most <= 2, f"the pictures differ by {most}")
again.delete()

for name in glob.glob(LAST):
    with open(name, "a") as file:
        file.write('\n(second-style-file "file:///shared/style.png")\n')
image.detach_parasite("GimpProcedureConfigRun-plug-in-impasto-last")
status = ask("without_a_second_style", image, layer)
note("ok_without_a_second_style", status == Gimp.PDBStatusType.SUCCESS, status)
kept = "second-style-file" in last_values() and "style.png" in last_values()
note("a_second_style_can_be_removed", not kept, last_values())

# A picture that GIMP alone can read.
ink, _ = opened("/shared/style.png")
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, ink, Gio.File.new_for_path("/shared/ink.xcf"), None)
ink.delete()
status = ask("adding_a_style", image, layer)
note("ok_with_an_added_style", status == Gimp.PDBStatusType.SUCCESS, status)
note("a_style_is_added", "ink" in last_values(), last_values())
status = ask("removing_a_style", image, layer)
note("ok_without_the_added_style", status == Gimp.PDBStatusType.SUCCESS, status)
note("a_style_is_removed", "ink" not in last_values(), last_values())

ask("keeping_a_preset", image, layer)
presets = glob.glob(os.path.join(Gimp.directory(), "impasto", "presets", "quiet.*"))
note("a_preset_is_kept", len(presets) == 1, presets)
status = ask("taking_a_preset", image, layer)
note("ok_with_a_preset", status == Gimp.PDBStatusType.SUCCESS, status)
note("a_preset_is_taken", "(strength 0.25)" in last_values(), last_values())

ask("showing_styles_on_the_layer", image, layer)
gallery, own = Screenshot("gallery.png"), Screenshot("on-my-layer.png")
found = gallery.change(own, 760, 150, 1100, 360)
note("styles_are_shown_on_the_layer", found > 5, f"the gallery changes by {found}")

ask("asking_for_help", image, layer)
start = time.monotonic()
while not os.path.exists(at("opened")) and time.monotonic() < start + 20:
    time.sleep(0.2)
page = open(at("opened")).read().strip() if os.path.exists(at("opened")) else ""
note("help_opens_the_manual", page.endswith(".html"), page)

layer.set_lock_content(True)
before = pixels(layer)
status = ask("with_a_locked_layer", image, layer)
note("a_locked_layer_has_no_ok", status == Gimp.PDBStatusType.CANCEL, status)
layer.set_lock_content(False)

status = ask("stopping_to_keep", image, layer)
note("stop_and_keep", status == Gimp.PDBStatusType.SUCCESS, status)
note("stop_and_keep_paints", pixels(layer) != before, "the image was not changed")

fine, fine_layer = opened("/shared/photo.png", (2400, 1600))
status = ask("painting_finely", fine, fine_layer)
note("ok_with_fine_strokes", status == Gimp.PDBStatusType.SUCCESS, status)
compare_preview(fine, fine_layer)
fine.delete()

image.scale(3600, 2400)
original = pixels(layer)
status = ask("stopping", image, layer)
note("progress_cancel", status != Gimp.PDBStatusType.SUCCESS, status)
note("progress_cancel_paints_nothing", pixels(layer) == original, "the image was changed")
kept = "(brush-size 1" in last_values()
note("progress_cancel_keeps_the_settings", kept, last_values())

def is_painting():
    """Whether the filter's program runs."""
    names = []
    for path in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(path) as file:
                names.append(file.read().strip())
        except OSError:
            pass
    return "impasto-gimp" in names


# Started from the menu: in a call from a script an image lives on until the call ends.
for name in glob.glob(LAST):
    with open(name, "a") as file:
        file.write('\n(method "optimize")\n(schedule "512:3000")\n')
closing, _ = opened("/shared/photo.png", (1500, 1000))
closing.clean_all()
Gimp.Display.new(closing)
before = len(Gimp.get_images())
say("closing")
start = time.monotonic()
while not os.path.exists(at("closed")) and time.monotonic() < start + 120:
    time.sleep(0.2)
note("it_paints_until_its_image_is_closed", os.path.exists(at("closed")), "it was not started")
start = time.monotonic()
while is_painting() and time.monotonic() < start + 20:
    time.sleep(0.2)
note("closing_the_image_ends_the_painting", not is_painting(), "it goes on")
note("the_image_is_closed", len(Gimp.get_images()) == before - 1, len(Gimp.get_images()))

with open(at("results.txt"), "w") as file:
    file.write("\n".join(results + ["end"]))
say("done")
