# Runs in GIMP's own Python in a GIMP with windows: opens the filter's dialog once, for sizes.sh.

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio

procedure = Gimp.get_pdb().lookup_procedure("plug-in-impasto")
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/shared/photo.png"))
Gimp.Display.new(image)
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", [image.get_layers()[0]])
with open("/shared/sizes/asking", "w"):
    pass
procedure.run(config)
