# Runs in GIMP's own Python (python-fu-eval): puts Impasto's layer effect on layers, and looks at what
# GIMP then shows. PLUG_IN is the folder of the filter's program, DATA that of the engine, LOG a file
# with what GIMP says. A line `passed NAME` or `FAILED NAME: why` for each case.

import os
import shutil
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, Gio

sys.path.insert(0, "/shared")
from cases import HEIGHT, WIDTH, answered, case, end, must, must_agree, photo

FOLDER = "/shared/effect"
OPERATION = "impasto:paint"
PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-impasto")


def configured(image, chosen, **values):
    config = PROCEDURE.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", chosen)
    for name, value in values.items():
        config.set_property(name.replace("_", "-"), value)
    return config


def call(image, layer, **values):
    """Calls the filter and returns GIMP's status and message."""
    return answered(PROCEDURE, configured(image, [layer], **values))


def paint(image, layer, **values):
    status, words = call(image, layer, **values)
    must(status == Gimp.PDBStatusType.SUCCESS, f"{status}: {words}")


def affect(image, layer, **values):
    """Adds the effect, and returns GIMP's filter."""
    paint(image, layer, output="layer-effect", **values)
    return the_filter(layer)


def the_filter(layer):
    filters = layer.get_filters()
    must(len(filters) == 1, f"{len(filters)} effects")
    must(filters[0].get_operation_name() == OPERATION, filters[0].get_operation_name())
    return filters[0]


def change(effect, **values):
    config = effect.get_config()
    for name, value in values.items():
        config.set_property(name.replace("_", "-"), value)
    effect.update()


def pixels(layer):
    """The layer's own pixels, without effects."""
    whole = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return bytes(layer.get_buffer().get(whole, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))


def shown(image):
    """What GIMP shows of the image."""
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    found = pixels(seen)
    seen.delete()
    return found


def paintings():
    """How many the program has painted so far, as it says."""
    with open(LOG, errors="replace") as file:
        return file.read().count("painted for the layer effect")


def must_be_told(words):
    """GIMP's user learns of it, once GIMP has the time."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with open(LOG, errors="replace") as file:
            if words in file.read():
                return
        time.sleep(0.1)
    must(False, f"'{words}' was not said")


def helpers():
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if "--paint-for-gegl" in file.read():
                    found.append(int(pid))
        except OSError:
            pass
    return found


def end_helpers():
    for pid in helpers():
        os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while any(is_running(pid) for pid in helpers()) and time.monotonic() < end:
        time.sleep(0.05)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def as_painted(image, layer, most=2, **values):
    """The effect shows what the filter paints."""
    affect(image, layer, **values)
    raw, seen = pixels(layer), shown(image)
    must(seen != raw, "nothing is painted")
    layer.get_filters()[0].delete()
    must(shown(image) == raw, "the layer is not as it was without the effect")
    paint(image, layer, **values)
    must_agree(seen, shown(image), most)


def applied():
    as_painted(*photo())


def alpha_stays():
    image, layer = photo(alpha=True)
    raw = pixels(layer)
    affect(image, layer)
    seen = shown(image)
    must(seen[3::4] == raw[3::4], "alpha was changed")
    must(seen != raw, "nothing is painted")
    as_painted(*photo(alpha=True))


def gray():
    as_painted(*photo(gray=True))


def deep():
    as_painted(*photo(Gimp.Precision.U16_NON_LINEAR))
    as_painted(*photo(Gimp.Precision.FLOAT_LINEAR))


def with_settings():
    style = Gio.File.new_for_path("/shared/style.png")
    as_painted(*photo(), style_file=style, second_style="mosaic", mix=0.3, strength=1.0, seed=7)
    as_painted(*photo(), style="woodcut", brush_size=2.0, keep_color="luminance", layers=1)


def studio():
    as_painted(*photo(), method="studio", schedule="96:4", most=6)


def selected():
    image, layer = photo()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 50, 40, 100, 80)
    affect(image, layer)
    Gimp.Selection.none(image)
    raw, seen = pixels(layer), shown(image)
    for y in range(HEIGHT):
        row = slice(y * WIDTH * 4, (y + 1) * WIDTH * 4)
        if 40 <= y < 120:
            inside = slice(row.start + 50 * 4, row.start + 150 * 4)
            must(raw[inside] != seen[inside], f"row {y} is not painted")
            must(raw[row.start : inside.start] == seen[row.start : inside.start], f"row {y}: left")
            must(raw[inside.stop : row.stop] == seen[inside.stop : row.stop], f"row {y}: right")
        else:
            must(raw[row] == seen[row], f"row {y} outside was changed")


def saved():
    image, layer = photo()
    affect(image, layer, style="woodcut", strength=0.9, seed=4294967295, keep_color="luminance")
    before, count = shown(image), paintings()
    file = Gio.File.new_for_path(FOLDER + "/effect.xcf")
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    image.delete()
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    layer = image.get_layers()[0]
    config = the_filter(layer).get_config()
    for name, value in [
        ("style", "woodcut"), ("seed", 4294967295), ("keep-color", "luminance"), ("mix", 0.5),
    ]:
        must(config.get_property(name) == value, f"{name}: {config.get_property(name)}")
    must(abs(config.get_property("strength") - 0.9) < 1e-6, "strength")
    must_agree(shown(image), before)
    must(pixels(layer) != before, "the layer itself is painted")
    must(paintings() - count <= 1, "it was painted more than once")


def changed():
    image, layer = photo()
    effect = affect(image, layer)
    first = shown(image)
    change(effect, strength=0.1)
    second = shown(image)
    must(first != second, "strength changes nothing")
    change(effect, style="ink")
    third = shown(image)
    must(third not in (first, second), "the style changes nothing")
    count = paintings()
    change(effect, style="great-wave", strength=0.7)
    must(shown(image) == first, "it does not come back")
    must(paintings() == count, "what was painted before was painted again")


def edited_style():
    """A style picture that was edited is another style."""
    image, layer = photo()
    path = FOLDER + "/edited.png"
    shutil.copy("/shared/style.png", path)
    effect = affect(image, layer, style_file=Gio.File.new_for_path(path))
    first = shown(image)
    other = photo(size=(200, 150))[0]
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, other, Gio.File.new_for_path(path), None)
    change(effect, opacity=0.5)
    change(effect, opacity=1.0)
    must(shown(image) != first, "the style is the old one")


def unchanged_costs_nothing():
    image, layer = photo()
    count = paintings()
    effect = affect(image, layer, seed=3)
    first = shown(image)
    must(paintings() == count + 1, f"{paintings() - count} paintings at first")
    must(shown(image) == first)
    # GIMP shows what a script does to any effect's visibility once the layer is updated.
    effect.set_visible(False)
    layer.update(0, 0, WIDTH, HEIGHT)
    must(shown(image) == pixels(layer), "it shows though it is hidden")
    effect.set_visible(True)
    layer.update(0, 0, WIDTH, HEIGHT)
    must(shown(image) == first)
    twin = image.duplicate()
    must(shown(twin) == first, "a copy shows another painting")
    file = Gio.File.new_for_path(FOLDER + "/exported.png")
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    layer.set_offsets(20, 10)
    shown(image)
    must(paintings() == count + 1, f"{paintings() - count} paintings")


def merged():
    image, layer = photo()
    affect(image, layer, seed=5)
    seen = shown(image)
    layer.merge_filters()
    must(not layer.get_filters(), "there is an effect still")
    must_agree(pixels(layer), seen, 1)
    must_agree(shown(image), seen, 1)


def style_of_a_layer():
    """The effect has a picture of it, which stays when the layer is gone."""
    other = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/shared/style.png"))
    image, layer = photo()
    affect(image, layer, style_layer=other.get_layers()[0])
    painted = shown(image)
    other.delete()
    image, layer = photo()
    paint(image, layer, style_file=Gio.File.new_for_path("/shared/style.png"))
    must_agree(painted, shown(image))


def several_layers():
    image, layer = photo()
    copy = layer.copy()
    image.insert_layer(copy, None, 0)
    config = configured(image, [layer, copy], output="layer-effect")
    must(PROCEDURE.run(config).index(0) == Gimp.PDBStatusType.SUCCESS, "it was refused")
    the_filter(layer)
    the_filter(copy)


def refused():
    image, layer = photo()
    for values, word in [({"method": "optimize"}, "optimize method"), ({"source": "visible"}, "visible")]:
        status, words = call(image, layer, output="layer-effect", **values)
        must(status == Gimp.PDBStatusType.EXECUTION_ERROR and word in words, f"{status}: {words}")
    must(not layer.get_filters(), "an effect was added")


def wrong_values_show_the_layer():
    image, layer = photo()
    effect = affect(image, layer)
    must(shown(image) != pixels(layer), "nothing is painted")
    change(effect, own_style="no-such-style")
    must(shown(image) == pixels(layer), "something is painted")
    change(effect, own_style="", style_file="/nowhere/style.png")
    must(shown(image) == pixels(layer), "something is painted")
    must_be_told("no-such-style")
    must_be_told("/nowhere/style.png")
    change(effect, style_file="/shared/style.png")
    must(shown(image) != pixels(layer), "nothing is painted")


def not_a_number():
    """Light without bound and no light at all do no harm."""
    image, layer = photo(Gimp.Precision.FLOAT_LINEAR)
    bad = b"".join(float_bytes(v) for v in (float("nan"), float("inf"), -1e30, 1.0))
    layer.get_buffer().set(Gegl.Rectangle.new(3, 3, 1, 1), "RGBA float", bad)
    affect(image, layer)
    must(shown(image) != pixels(layer), "nothing is painted")


def float_bytes(value):
    import struct

    return struct.pack("f", value)


def one_pixel():
    image, layer = photo(size=(1, 1))
    affect(image, layer)
    must(len(shown(image)) == 4)


def killed_between():
    """A program that ended in peace is started anew without a word."""
    image, layer = photo()
    effect = affect(image, layer, seed=11)
    shown(image)
    must(helpers(), "there is no program")
    end_helpers()
    change(effect, seed=12)
    must(shown(image) != pixels(layer), "nothing is painted")


def killed_in_mid_work():
    image, layer = photo(size=(1800, 1200))
    raw = pixels(layer)
    effect = affect(image, layer, brush_size=1.0, seed=1)
    shown(image)
    end_helpers()
    killer = subprocess.Popen([sys.executable, FOLDER + "/kill.py"])
    change(effect, seed=2)
    must(shown(image) == raw, "something is painted")
    must(killer.wait() == 0, "there was nothing to kill")
    must_be_told("is not shown: the program that paints")
    change(effect, seed=3)
    must(shown(image) != raw, "the next is not painted")


def group():
    """An effect on a group, in which a layer has one, too."""
    image, layer = photo()
    raw = shown(image)
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    affect_config(layer, seed=31)
    inner = shown(image)
    must(inner != raw, "nothing is painted")
    affect_config(group, seed=32)
    must(shown(image) not in (raw, inner), "the group is not painted")
    # All is asked for anew, the layer's pixels while the group's are read.
    change(layer.get_filters()[0], seed=33)
    must(shown(image) not in (raw, inner), "the group is not painted anew")


def missing(folder, file, word, seed):
    image, layer = photo()
    raw = pixels(layer)
    end_helpers()
    os.rename(folder + "/" + file, FOLDER + "/" + file)
    try:
        affect_config(layer, seed=seed)
        seen = shown(image)
    finally:
        os.rename(FOLDER + "/" + file, folder + "/" + file)
    must(seen == raw, "something is painted")
    must_be_told(word)
    change(layer.get_filters()[0], seed=seed + 1)
    must(shown(image) != raw, "the next is not painted")


def affect_config(layer, **values):
    """Adds the effect without the filter."""
    effect = Gimp.DrawableFilter.new(layer, OPERATION, "Impasto")
    for name, value in values.items():
        effect.get_config().set_property(name, value)
    layer.append_filter(effect)


def program_missing():
    missing(PLUG_IN, "impasto-gimp", "program is not in", 100)


def library_missing():
    missing(DATA, "libimpasto.so.0.2", "libimpasto.so", 110)


def runtime_missing():
    missing(DATA, "libonnxruntime.so", "ONNX Runtime", 120)


def large():
    image, layer = photo(size=(6000, 4000))
    count = paintings()
    affect(image, layer)
    seen = Gimp.Layer.new_from_visible(image, image, "seen")
    part = Gegl.Rectangle.new(2900, 1900, 200, 200)
    read = lambda l: bytes(l.get_buffer().get(part, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))
    must(read(seen) != read(layer), "nothing is painted")
    must(paintings() == count + 1, f"{paintings() - count} paintings")
    seen.delete()
    image.delete()


with open(FOLDER + "/kill.py", "w") as file:
    file.write(
        """import os, signal, time
def busy():
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline') as file:
                if '--paint-for-gegl' in file.read():
                    return int(pid)
        except OSError:
            pass
start = time.monotonic()
while not busy() and time.monotonic() < start + 60:
    time.sleep(0.02)
time.sleep(1)
os.kill(busy(), signal.SIGKILL)
"""
    )

for function in (
    applied, alpha_stays, gray, deep, with_settings, studio, selected, saved, changed, edited_style,
    unchanged_costs_nothing, merged, style_of_a_layer, several_layers, refused,
    wrong_values_show_the_layer, not_a_number, one_pixel, group,
    killed_between, killed_in_mid_work, program_missing, library_missing, runtime_missing, large,
):
    case(function)
end(FOLDER + "/results.txt")
