#!/bin/sh
# Starts GIMP in a virtual screen and presses keys, as effect_window.py asks. A screenshot and results
# are left in /shared/effect_window.
. /shared/screen.sh
cd /shared/effect_window
open_screen 1366x768
dbus-run-session -- gimp-3.2 -n -s -d --batch-interpreter=python-fu-eval \
    -b 'exec(open("/shared/effect_window.py").read())' --quit >gimp.log 2>&1 &
gimp=$!
await undoing
import -window root layer-effect.png
press ctrl+z redoing
press ctrl+y done
await done
await_end "$gimp"
