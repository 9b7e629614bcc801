# Runs in GIMP's own Python (python-fu-eval): paints pictures of many kinds with Impasto's filter,
# writes the pixels before and after for `cargo xtask test gimp` to compare with the engine's, and
# checks what can be checked here. A line `passed NAME` or `FAILED NAME: why` for each case.

import os
import subprocess
import sys

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp, Gio

sys.path.insert(0, "/shared")
from cases import HEIGHT, WIDTH, answered, case, end, must, must_agree, photo

FOLDER = "/shared/batch"
# What the filters of all GIMPs share.
DATA = "/shared/home/.local/share/impasto-gimp"
STYLE = "great-wave"
# The most that a colour may differ from the engine's own result.
EIGHT_BIT, DEEP = 1 / 255, 1 / 255 / 16
PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-impasto")


def paint(image, layer, mode=Gimp.RunMode.NONINTERACTIVE, **values):
    """Calls the filter and returns GIMP's status and message."""
    config = PROCEDURE.create_config()
    config.set_property("run-mode", mode)
    config.set_property("image", image)
    layers = layer if isinstance(layer, list) else [layer]
    config.set_core_object_array("drawables", [layer for layer in layers if layer])
    for name, value in values.items():
        config.set_property(name.replace("_", "-"), value)
    return answered(PROCEDURE, config)


SAMPLES = {"U8": "u8", "U16": "u16", "U32": "u32", "HALF": "half", "FLOAT": "float"}


def pixels(layer, format=None):
    """The layer's pixels as they are stored (with alpha), or converted."""
    sample, curve = layer.get_image().get_precision().value_nick.upper().split("-", 1)
    prime = "" if curve == "LINEAR" else "'"
    channels = f"Y{prime}A" if layer.is_gray() else f"R{prime}G{prime}B{prime}A"
    format = format or f"{channels} {SAMPLES[sample]}"
    whole = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return bytes(layer.get_buffer().get(whole, 1.0, format, Gegl.AbyssPolicy.NONE))


def as_engine_sees(layer):
    return pixels(layer, "Y'A float" if layer.is_gray() else "R'G'B'A float")


def write(name, data):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(data)


def describe(name, layer, tolerance):
    """What the suite must know to compare the case."""
    channels = 2 if layer.is_gray() else 4
    size = f"{layer.get_width()} {layer.get_height()}"
    write(name + ".case", f"{size} {channels} {tolerance} {STYLE}".encode())


def succeed(answer):
    must(answer[0] == Gimp.PDBStatusType.SUCCESS, f"{answer[0]}: {answer[1]}")


def refuse(answer, *words):
    """The answer is a refusal with these words in it."""
    must(answer[0] == Gimp.PDBStatusType.EXECUTION_ERROR, f"{answer[0]}: {answer[1]}")
    for word in words:
        must(word in answer[1], f"{word} is not in: {answer[1]}")


def refuse_before_work(image, layer, *words, **values):
    """The refusal comes without ONNX Runtime, with which all work begins."""
    layers = layer if isinstance(layer, list) else [layer]
    raw = [pixels(layer) for layer in layers]
    os.rename(DATA + "/libonnxruntime.so", FOLDER + "/libonnxruntime.so")
    try:
        answer = paint(image, layer, **values)
    finally:
        os.rename(FOLDER + "/libonnxruntime.so", DATA + "/libonnxruntime.so")
    refuse(answer, *words)
    must([pixels(layer) for layer in layers] == raw, "the image was changed")


def painted(**values):
    """The pixels of the photograph, painted."""
    image, layer = photo()
    succeed(paint(image, layer, **values))
    return pixels(layer)


def style_picture():
    """The layer of a picture that another image holds."""
    style = Gio.File.new_for_path("/shared/style.png")
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, style).get_layers()[0]


def fill(layer, color):
    """Fills an 8-bit layer with a colour of 4 bytes."""
    whole = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    buffer = layer.get_buffer()
    buffer.set(whole, "R'G'B'A u8", bytes(color) * (whole.width * whole.height))
    buffer.flush()
    layer.update(0, 0, whole.width, whole.height)


def compared(name, image, layer, tolerance, **values):
    """Paints, and leaves both pictures and the selection for the suite."""
    describe(name, layer, tolerance)
    write(name + ".before", as_engine_sees(layer))
    raw = pixels(layer)
    succeed(paint(image, layer, style=STYLE, **values))
    write(name + ".after", as_engine_sees(layer))
    must(pixels(layer) != raw, "nothing was painted")
    return raw


def must_speak_to_artists(words, *cures):
    """What the engine says to those who program or set it up means nothing in GIMP."""
    for foreign in ("xtask", "pip install", "IMPASTO_", "option ", " --", "_path"):
        must(foreign not in words, f"{foreign!r} is in: {words}")
    for cure in cures:
        must(cure in words, f"{cure!r} is not in: {words}")


def described_without_runtime(name):
    """GIMP learnt what the filter is while ONNX Runtime was away."""
    must(not os.path.exists(DATA + "/libonnxruntime.so"), "it was not away")
    must(PROCEDURE.find_argument("strength") is not None, "there is no strength")
    image, layer = photo()
    raw = pixels(layer)
    status, words = paint(image, layer)
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "ONNX Runtime" in words, words)
    must_speak_to_artists(words, "install the filter again", DATA)
    must(pixels(layer) == raw, "the image was changed")
    os.rename(FOLDER + "/libonnxruntime.so", DATA + "/libonnxruntime.so")


def missing_library(name):
    image, layer = photo()
    raw = pixels(layer)
    os.rename(DATA + "/libimpasto.so.0.2", FOLDER + "/libimpasto.so.0.2")
    status, words = paint(image, layer)
    os.rename(FOLDER + "/libimpasto.so.0.2", DATA + "/libimpasto.so.0.2")
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "libimpasto.so.0.2" in words, words)
    must_speak_to_artists(words, "install the filter again", DATA)
    must(pixels(layer) == raw, "the image was changed")


def u8_srgb(name):
    compared(name, *photo(), EIGHT_BIT)


def u16_linear(name):
    compared(name, *photo(Gimp.Precision.U16_LINEAR), DEEP)


def u32_perceptual(name):
    compared(name, *photo(Gimp.Precision.U32_NON_LINEAR), DEEP)


def half_linear(name):
    compared(name, *photo(Gimp.Precision.HALF_LINEAR), EIGHT_BIT)


def float_linear(name):
    compared(name, *photo(Gimp.Precision.FLOAT_LINEAR), DEEP)


def gray_u8(name):
    compared(name, *photo(gray=True), EIGHT_BIT)


def gray_float_alpha(name):
    compared(name, *photo(Gimp.Precision.FLOAT_NON_LINEAR, gray=True, alpha=True), DEEP)


def alpha_u8(name):
    image, layer = photo(alpha=True)
    raw = compared(name, image, layer, EIGHT_BIT)
    must(pixels(layer)[3::4] == raw[3::4], "alpha was changed")


def wide_gamut(name):
    image, layer = photo(Gimp.Precision.U16_NON_LINEAR)
    image.convert_color_profile(
        Gimp.ColorProfile.new_rgb_adobe(), Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC, True
    )
    compared(name, image, layer, EIGHT_BIT)


def selected(name, select, precision=None):
    image, layer = photo(precision)
    select(image)
    area = Gegl.Rectangle.new(0, 0, WIDTH, HEIGHT)
    selection = image.get_selection().get_buffer()
    mask = bytes(selection.get(area, 1.0, "Y float", Gegl.AbyssPolicy.NONE))
    write(name + ".mask", mask)
    raw = compared(name, image, layer, EIGHT_BIT)
    new = pixels(layer)
    bytes_per_pixel = len(raw) // (WIDTH * HEIGHT)
    cover = memoryview(mask).cast("f")
    for place, share in enumerate(cover):
        part = slice(place * bytes_per_pixel, (place + 1) * bytes_per_pixel)
        must(share > 0 or raw[part] == new[part], f"pixel {place} outside was changed")


def rectangle_selected(name):
    selected(name, lambda i: i.select_rectangle(Gimp.ChannelOps.REPLACE, 50, 40, 100, 80))


def feathered_selected(name):
    def select(image):
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 40, 150, 120)
        Gimp.Selection.feather(image, 25)

    selected(name, select)


def feathered_selected_float(name):
    def select(image):
        image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 40, 150, 120)
        Gimp.Selection.feather(image, 25)

    selected(name, select, Gimp.Precision.FLOAT_LINEAR)


def offset_layer(name):
    """Partly off the canvas, with a selection that reaches beyond the layer."""
    image, layer = photo()
    layer.set_offsets(-70, 30)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 100, 100)
    mask = bytearray(4 * WIDTH * HEIGHT)
    cover = memoryview(mask).cast("f")
    for y in range(0, 70):
        for x in range(70, 170):
            cover[y * WIDTH + x] = 1.0
    write(name + ".mask", bytes(mask))
    compared(name, image, layer, EIGHT_BIT)


def group_and_mask(name):
    """A layer in a group, with a mask of its own, is painted; both are refused themselves."""
    image, layer = photo()
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    for refused in (group, mask):
        status, words = paint(image, refused)
        must(status == Gimp.PDBStatusType.EXECUTION_ERROR, f"{refused.get_name()}: {status}")
        must("cannot paint" in words, words)
    layer.set_edit_mask(False)
    compared(name, image, layer, EIGHT_BIT)


def channel_refused(name):
    image, layer = photo()
    channel = Gimp.Channel.new_from_component(image, Gimp.ChannelType.RED, "red")
    image.insert_channel(channel, None, 0)
    status, words = paint(image, channel)
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "channel" in words, words)


def indexed_refused(name):
    image, layer = photo()
    image.convert_indexed(
        Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, ""
    )
    raw = pixels(layer)
    status, words = paint(image, layer)
    must(status != Gimp.PDBStatusType.SUCCESS and words, f"{status}")
    must(pixels(layer) == raw)


def locked_refused(name):
    image, layer = photo()
    layer.set_lock_content(True)
    status, words = paint(image, layer)
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "locked" in words, words)
    succeed(paint(image, layer, output="new-layer"))


def selection_elsewhere_refused(name):
    image, layer = photo()
    layer.set_offsets(200, 0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 100, 100)
    status, words = paint(image, layer)
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "selection" in words, words)


def bad_styles_refused(name):
    image, layer = photo()
    raw = pixels(layer)
    write("broken.png", b"\x89PNG\r\n\x1a\nno picture")
    for values, word in [
        ({"style": "no-such-style"}, "no-such-style"),
        ({"style_file": Gio.File.new_for_path("/nowhere/style.png")}, "/nowhere/style.png"),
        ({"style_file": Gio.File.new_for_path(FOLDER + "/broken.png")}, "broken.png"),
        ({"device": "abacus"}, "abacus"),
    ]:
        refuse(paint(image, layer, **values), word)
        must(pixels(layer) == raw, "the image was changed")


def new_layer(name):
    image, layer = photo()
    layer.set_offsets(10, -20)
    raw = pixels(layer)
    write(name + ".before", as_engine_sees(layer))
    describe(name, layer, EIGHT_BIT)
    succeed(paint(image, layer, style=STYLE, output="new-layer"))
    must(pixels(layer) == raw, "the layer itself was changed")
    layers = image.get_layers()
    must(len(layers) == 2 and layers[1].get_id() == layer.get_id(), "not right above")
    must(layers[0].get_name() == "The Great Wave off Kanagawa", layers[0].get_name())
    must(tuple(layers[0].get_offsets())[-2:] == (10, -20), f"{tuple(layers[0].get_offsets())}")
    write(name + ".after", as_engine_sees(layers[0]))


def new_layer_of_a_selection(name):
    image, layer = photo()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 50, 40, 100, 80)
    succeed(paint(image, layer, output="new-layer"))
    alpha = pixels(image.get_layers()[0])[3::4]
    must(alpha.count(255) == 100 * 80 and alpha.count(0) == WIDTH * HEIGHT - 8000, "alpha")


def styles_of_file_and_layer(name):
    image, layer = photo()
    style = Gio.File.new_for_path("/shared/style.png")
    succeed(paint(image, layer, style_file=style))
    from_file = pixels(layer)
    other = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, style)
    image, layer = photo()
    succeed(paint(image, layer, style_layer=other.get_layers()[0]))
    from_layer = pixels(layer)
    must_agree(from_layer, from_file)
    image, layer = photo()
    succeed(paint(image, layer, style_file=style, second_style="mosaic", mix=0.5))
    must(pixels(layer) not in (from_file, from_layer), "the second style changed nothing")
    image, layer = photo()
    succeed(paint(image, layer, style_file=style, second_style="mosaic", mix=0.0))
    must_agree(pixels(layer), from_file)


def optimised(name):
    """The methods that optimise paint in a style of the gallery and in a style picture."""
    image, layer = photo()
    raw = pixels(layer)
    must(PROCEDURE.find_argument("checkpoint") is None, "checkpoints are for programs")
    short = {"method": "optimize", "schedule": "96:4"}
    succeed(paint(image, layer, style="woodcut", **short))
    by_name = pixels(layer)
    must(by_name != raw, "nothing was painted")
    image, layer = photo()
    succeed(paint(image, layer, style="woodcut", second_style="mosaic", mix=0.5, **short))
    must(pixels(layer) not in (raw, by_name), "the second style changed nothing")
    image, layer = photo()
    succeed(paint(image, layer, style="woodcut", method="studio", schedule="96:4"))
    must(pixels(layer) not in (raw, by_name), "studio changed nothing")
    image, layer = photo()
    style = Gio.File.new_for_path("/shared/style.png")
    succeed(paint(image, layer, style_file=style, **short))
    painted = pixels(layer)
    must(painted not in (raw, by_name), "nothing was painted")
    image, layer = photo()
    longer = {"method": "optimize", "schedule": "96:6"}
    succeed(paint(image, layer, style_file=style, **longer))
    must(pixels(layer) not in (raw, painted), "the schedule is not used")
    image, layer = photo()
    status, words = paint(image, layer, style_file=style, method="optimize", schedule="96")
    must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "schedule" in words, words)
    must(pixels(layer) == raw, "the image was changed")


def parameters(name):
    image, layer = photo()
    raw = pixels(layer)
    succeed(paint(image, layer, opacity=0.0))
    must(pixels(layer) == raw, "opacity 0 changed something")
    succeed(paint(image, layer, keep_color="luminance", strength=1.0, seed=4294967295))
    must(pixels(layer) != raw, "nothing was painted")


def last_values(name):
    """With its last values, which only dialogs set, the filter does the same again."""
    image, layer = photo()
    raw = pixels(layer)
    succeed(paint(image, layer, mode=Gimp.RunMode.WITH_LAST_VALS))
    first = pixels(layer)
    image, layer = photo()
    succeed(paint(image, layer, mode=Gimp.RunMode.WITH_LAST_VALS))
    must(raw != first, "nothing was painted")
    must_agree(pixels(layer), first)


def last_style_file(name):
    """A style file of the last values is used again; where it is gone, that is said."""
    kept = os.path.join(Gimp.directory(), "impasto/style-layers/old ink-0123abcd.png")
    own = os.path.join(FOLDER, "own.png")
    last = os.path.join(
        Gimp.directory(), "plug-in-settings/GimpProcedureConfigRun-plug-in-impasto.last"
    )
    for path in (kept, last):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open("/shared/style.png", "rb") as file:
        picture = file.read()
    expected = painted(style_file=Gio.File.new_for_path("/shared/style.png"))
    for path, argument, title, words in [
        (kept, "style-file", "old ink", "'old ink'"),
        (own, "style-file", "own", own),
        (kept, "second-style-file", "old ink", "'old ink'"),
    ]:
        with open(path, "wb") as file:
            file.write(picture)
        address = Gio.File.new_for_path(path).get_uri()
        with open(last, "w") as file:
            values = f'(style "mosaic")\n(mix 1.0)\n({argument} "{address}")\n'
            file.write(values + '(output "new-layer")\n')
        image, layer = photo()
        succeed(paint(image, layer, mode=Gimp.RunMode.WITH_LAST_VALS))
        added = image.get_layers()[0]
        must_agree(pixels(added), expected)
        must(added.get_name() == title, added.get_name())
        os.remove(path)
        image, layer = photo()
        refuse_before_work(image, layer, words, mode=Gimp.RunMode.WITH_LAST_VALS)
    os.remove(last)


def missing_style_refused(name):
    """In words of ours, not in GIMP's."""
    image, layer = photo()
    for argument in ("style_file", "second_style_file"):
        values = {argument: Gio.File.new_for_path("/nowhere/style.png")}
        refuse_before_work(image, layer, "/nowhere/style.png", **values)


def special_styles_win(name):
    """Of each style the layer goes before the file, and that before the name."""
    style = Gio.File.new_for_path("/shared/style.png")
    photograph = Gio.File.new_for_path("/shared/photo.png")
    expected = painted(style_file=style)
    must_agree(painted(style="mosaic", style_file=style), expected)
    must_agree(painted(style_file=photograph, style_layer=style_picture()), expected)
    second = {"style": "mosaic", "mix": 1.0}
    must_agree(painted(second_style="woodcut", second_style_file=style, **second), expected)
    must_agree(
        painted(
            second_style="woodcut",
            second_style_file=photograph,
            second_style_layer=style_picture(),
            **second,
        ),
        expected,
    )


def styles_with_all_methods(name):
    """Every style that comes with Impasto paints with every method."""
    folder = os.path.join(DATA, "models/styles")
    styles = [file[:-5] for file in sorted(os.listdir(folder)) if file.endswith(".toml")]
    must(len(styles) > 8, f"there are only {styles}")
    image, layer = photo(size=(96, 64))
    for style in styles:
        for method in ("optimize", "studio"):
            status, words = paint(image, layer, style=style, method=method, schedule="64:1")
            must(status == Gimp.PDBStatusType.SUCCESS, f"{style}, {method}: {words}")


def saved_code_refused(name):
    """A saved style is a code, in which nothing can be optimised: said before any work."""
    image, layer = photo()
    with open(os.path.join(DATA, "models/styles/woodcut.toml"), "rb") as file:
        write("saved.toml", file.read())
    saved = Gio.File.new_for_path(FOLDER + "/saved.toml")
    for method in ("optimize", "studio"):
        refuse_before_work(image, layer, "saved", "fast method", style_file=saved, method=method)
        second = {"second_style_file": saved, "method": method}
        refuse_before_work(image, layer, "saved", "fast method", mix=0.5, **second)
    must_agree(painted(style_file=saved), painted(style="woodcut"))
    succeed(paint(image, layer, second_style_file=saved, mix=0.0, method="optimize", schedule="64:1"))


def transparent_style_refused(name):
    image, layer = photo()
    empty = style_picture()
    empty.add_alpha()
    empty.edit_clear()
    empty.set_name("glass")
    refuse_before_work(image, layer, "'glass'", "transparent", style_layer=empty)
    refuse_before_work(image, layer, "'glass'", "transparent", second_style_layer=empty)


def gray_styles(name):
    """A style of a gray layer, and of one with holes."""
    image, layer = photo(gray=True, alpha=True)
    must(painted(style_layer=layer) != painted(), "the style is not taken")
    # As it is kept for a repeat: 16 bits with alpha.
    path = os.path.join(FOLDER, "gray.png")
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(path), None)
    must_agree(painted(style_file=Gio.File.new_for_path(path)), painted(style_layer=layer))


def locks(name):
    """Refused before any work, a locked group round the layer too; a new layer is no trouble."""
    image, layer = photo()
    layer.set_lock_position(True)
    succeed(paint(image, layer))
    layer.set_lock_position(False)
    layer.set_lock_content(True)
    refuse_before_work(image, layer, "locked", f"'{layer.get_name()}'")
    layer.set_lock_content(False)
    group = Gimp.GroupLayer.new(image, "holder")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    group.set_lock_content(True)
    refuse_before_work(image, layer, "'holder'", "locked")
    succeed(paint(image, layer, output="new-layer"))
    must(len(group.get_children()) == 2, "there is no new layer in the group")


def effects(name):
    """What is seen is painted: the effects are in the painting, and not put upon it again."""
    image, layer = photo()
    layer.append_filter(Gimp.DrawableFilter.new(layer, "gegl:invert-gamma", "inverted"))
    seen = layer.copy()
    seen.merge_filters()
    other, inverted = photo()
    whole = Gegl.Rectangle.new(0, 0, WIDTH, HEIGHT)
    buffer = inverted.get_buffer()
    buffer.set(whole, "R'G'B'A u8", pixels(seen, "R'G'B'A u8"))
    buffer.flush()
    succeed(paint(other, inverted))
    expected = pixels(inverted)

    raw = pixels(layer)
    succeed(paint(image, layer, output="new-layer"))
    added = image.get_layers()[0]
    must(pixels(layer) == raw and len(layer.get_filters()) == 1, "the layer itself was changed")
    must(len(added.get_filters()) == 0, "the new layer has effects")
    must_agree(pixels(added), expected)
    succeed(paint(image, layer))
    must(len(layer.get_filters()) == 0, "the effect is still there")
    must_agree(pixels(layer), expected)

    # An effect of the style's layer, too.
    style = style_picture()
    plain = painted(style_layer=style)
    style.append_filter(Gimp.DrawableFilter.new(style, "gegl:invert-gamma", "inverted"))
    must(painted(style_layer=style) != plain, "the style layer's effect is not seen")

    # One that makes the layer larger.
    image, layer = photo()
    layer.append_filter(Gimp.DrawableFilter.new(layer, "gegl:dropshadow", "shadow"))
    seen = layer.copy()
    seen.merge_filters()
    size = (seen.get_width(), seen.get_height())
    must(size > (WIDTH, HEIGHT), "the shadow makes it no larger")
    succeed(paint(image, layer, output="new-layer"))
    succeed(paint(image, layer))
    for painting in image.get_layers():
        must((painting.get_width(), painting.get_height()) == size, "it is not as large")
        must(painting.get_offsets() == seen.get_offsets(), "it lies elsewhere")


def scripts_leave_the_gallery(name):
    """Styles that scripts name are not among those that the artist used last."""
    painted(style_file=Gio.File.new_for_path("/shared/style.png"))
    must(not os.path.exists(Gimp.directory() + "/impasto-recent-styles.txt"), "they are")


def new_layer_like_the_old(name):
    """Mode, opacity, mask and place."""
    image, layer = photo()
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    layer.set_offsets(12, -8)
    layer.set_mode(Gimp.LayerMode.MULTIPLY)
    layer.set_opacity(40.0)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 40, 150, 120)
    mask = layer.create_mask(Gimp.AddMaskType.SELECTION)
    layer.add_mask(mask)
    layer.set_edit_mask(False)
    Gimp.Selection.none(image)
    succeed(paint(image, layer, output="new-layer"))
    added, below = group.get_children()
    must(below.get_id() == layer.get_id(), "not right above")
    must(added.get_mode() == Gimp.LayerMode.MULTIPLY, added.get_mode())
    must(abs(added.get_opacity() - 40.0) < 0.1, added.get_opacity())
    must(tuple(added.get_offsets())[-2:] == (12, -8), f"{tuple(added.get_offsets())}")
    must(added.get_mask() is not None, "it has no mask")
    must(pixels(added.get_mask(), "Y u8") == pixels(mask, "Y u8"), "its mask is another")
    must(len(set(pixels(mask, "Y u8"))) > 1, "the mask shows nothing")
    layer.set_apply_mask(False)
    succeed(paint(image, layer, output="new-layer"))
    must(not group.get_children()[1].get_apply_mask(), "a mask that was off is on")


def all_that_is_visible(name):
    image, layer = photo()
    other = Gimp.Layer.new(
        image, "red", WIDTH // 2, HEIGHT, Gimp.ImageType.RGBA_IMAGE, 50.0, Gimp.LayerMode.NORMAL
    )
    image.insert_layer(other, None, 0)
    fill(other, (255, 0, 0, 255))
    hidden = Gimp.Layer.new(
        image, "hidden", WIDTH, HEIGHT, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL
    )
    image.insert_layer(hidden, None, 0)
    hidden.set_visible(False)
    flat = image.duplicate().flatten()
    reference = flat.get_image()
    succeed(paint(reference, flat))
    raw = pixels(layer)
    layer.set_lock_content(True)
    for output in ("this-layer", "new-layer"):
        succeed(paint(image, layer, source="visible", output=output))
        added = image.get_layers()[0]
        must(len(image.get_layers()) == 4 and added.get_name() == "The Great Wave off Kanagawa")
        must(pixels(layer) == raw, "the layer itself was changed")
        must_agree(pixels(added)[0::4], pixels(flat)[0::4])
        image.remove_layer(added)
    for shown in image.get_layers():
        shown.set_visible(False)
    refuse(paint(image, layer, source="visible"), "nothing is visible")
    must(len(image.get_layers()) == 3, "a layer was added")


def several_layers(name):
    """Each of them is painted, as if alone; where one cannot be, none is."""
    image, layer = photo()
    below = Gimp.Layer.new_from_drawable(style_picture(), image)
    image.insert_layer(below, None, 1)
    expected = [painted()]
    other = style_picture()
    succeed(paint(other.get_image(), other))
    expected.append(pixels(other))
    both = [layer, below]
    below.set_lock_content(True)
    refuse_before_work(image, both, f"'{below.get_name()}'", "locked")
    below.set_lock_content(False)
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    refuse_before_work(image, [layer, group], "'group'")
    refuse_before_work(image, [], "no layer")
    succeed(paint(image, both))
    for layer, pixels_expected in zip(both, expected):
        must_agree(pixels(layer), pixels_expected)
    succeed(paint(image, both, output="new-layer"))
    names = [layer.get_name() for layer in image.get_layers()]
    must(len(names) == 5 and names[1] != names[2] and names[3] != names[4], f"{names}")


def killed(name):
    """SIGKILL in mid-work leaves the image as it was, and GIMP alive."""
    image, layer = photo(size=(2400, 1600))
    raw = pixels(layer)
    killer = subprocess.Popen([sys.executable, FOLDER + "/kill.py"])
    status, words = paint(image, layer, brush_size=1.0)
    must(killer.wait() == 0, "there was nothing to kill")
    must(status != Gimp.PDBStatusType.SUCCESS, "success of a dead program")
    must(pixels(layer) == raw, "the image was changed")
    image, layer = photo()
    succeed(paint(image, layer))


def damaged_installation(name):
    """Files that are missing or damaged: what to do, and where the files lie."""
    missing, short = ("missing", b""), ("cut short", b"0")
    library = (missing, short, ("no library", b"x" * 5000))
    manifest = (missing, ("cut short", b"[[network]]"))
    # No other case has this style: its code is kept nowhere.
    new_style = {"style_file": Gio.File.new_for_path("/shared/photo.png")}
    for damaged, harms, values in [
        ("libimpasto.so.0.2", library, {}),
        ("libonnxruntime.so", library, {}),
        ("models/manifest.toml", manifest, {}),
        ("models/style.onnx", (missing, short), new_style),
        ("models/render.onnx", (missing, short), {}),
    ]:
        path, aside = f"{DATA}/{damaged}", FOLDER + "/aside"
        os.rename(path, aside)
        try:
            for harm, content in harms:
                if content:
                    with open(path, "wb") as file:
                        file.write(content)
                image, layer = photo()
                raw = pixels(layer)
                status, words = paint(image, layer, **values)
                must(status == Gimp.PDBStatusType.EXECUTION_ERROR, f"{damaged} {harm}: {status}")
                must_speak_to_artists(words, "install the filter again", DATA)
                must(pixels(layer) == raw, "the image was changed")
        finally:
            os.replace(aside, path)


def missing_devices(name):
    # OpenVINO may be installed, and a GPU there; not so many.
    for device in ("cuda:63", "/nowhere/provider.so"):
        image, layer = photo()
        status, words = paint(image, layer, device=device)
        must(status == Gimp.PDBStatusType.EXECUTION_ERROR and "cannot run" in words, words)
        must_speak_to_artists(words, *(["another device"] if "/" not in device else []))


def found_by_search(name):
    """GIMP's search compares what is typed with how words begin, in the label and in the tooltip."""
    words = f"{PROCEDURE.get_menu_label()} {PROCEDURE.get_blurb()}".replace("_", "").lower().split()
    must(any(word.startswith("impasto") for word in words), f"{words}")


def speed(name):
    """For the report: IMPASTO_GIMP_TIMES has the filter print its times."""
    image, layer = photo(size=(1920, 1080))
    for _ in range(3):
        succeed(paint(image, layer))


write(
    "kill.py",
    b"""import os, signal, time
def busy():
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/comm') as file:
                if file.read().strip() == 'impasto-gimp':
                    return int(pid)
        except OSError:
            pass
start = time.monotonic()
while not busy() and time.monotonic() < start + 30:
    time.sleep(0.02)
time.sleep(1.5)
os.kill(busy(), signal.SIGKILL)
""",
)

for function in (
    described_without_runtime, missing_library, u8_srgb, u16_linear, u32_perceptual, half_linear, float_linear, gray_u8, gray_float_alpha,
    alpha_u8, wide_gamut, rectangle_selected, feathered_selected, feathered_selected_float,
    offset_layer, group_and_mask, channel_refused, indexed_refused, locked_refused,
    selection_elsewhere_refused, bad_styles_refused, new_layer, new_layer_of_a_selection,
    styles_of_file_and_layer, optimised, parameters, last_values, last_style_file,
    missing_style_refused, special_styles_win, styles_with_all_methods, saved_code_refused,
    transparent_style_refused, gray_styles, locks, effects, scripts_leave_the_gallery, new_layer_like_the_old,
    all_that_is_visible, several_layers, killed, damaged_installation, missing_devices,
    found_by_search, speed,
):
    case(function, function.__name__)
end(FOLDER + "/results.txt")
