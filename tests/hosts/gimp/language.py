# Runs in the Python of a GIMP that speaks German: what it says of Impasto's filter, and what the
# filter says, is German. A line `passed NAME` or `FAILED NAME: why` for each case.

import sys

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp

sys.path.insert(0, "/shared")
from cases import case, end

PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-impasto")


def must_be(found, expected):
    if found != expected:
        raise AssertionError(f"'{found}' is not '{expected}'")


def menu():
    must_be(PROCEDURE.get_menu_label().replace("_", ""), "Neuronale Stilübertragung...")


def arguments():
    labels = {argument.get_name(): argument.get_nick().replace("_", "") for argument in PROCEDURE.get_arguments()}
    must_be(labels["output"], "Ziel")
    must_be(labels["strength"], "Stärke")
    helps = {argument.get_name(): argument.get_blurb() for argument in PROCEDURE.get_arguments()}
    must_be(helps["opacity"], "Wie viel des Gemäldes das Foto bedeckt.")


def new_layer():
    image = Gimp.Image.new(64, 64, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "Himmel", 64, 64, Gimp.ImageType.RGB_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    return image, layer


def layer_effect():
    _, layer = new_layer()
    effect = Gimp.DrawableFilter.new(layer, "impasto:paint", None)
    properties = {found.name: found for found in effect.get_config().list_properties()}
    must_be(properties["strength"].nick, "Stärke")
    must_be(properties["own-style"].blurb, "Der Name eines eigenen Stils. Er geht dem darüber vor.")


def refusal():
    image, layer = new_layer()
    layer.set_lock_content(True)
    config = PROCEDURE.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    answer = PROCEDURE.run(config)
    must_be(answer.index(0), Gimp.PDBStatusType.EXECUTION_ERROR)
    words = "Malen nicht möglich: Die Pixel von „Himmel“ sind gesperrt."
    must_be(answer.index(1)[: len(words)], words)


for function in (menu, arguments, layer_effect, refusal):
    case(function)
end("/shared/language.txt")
