#!/bin/sh
# Adds the filter to a clip in Shotcut, chooses a style with the mouse, saves, and opens the file
# again: /shared/chosen.mlt and /shared/again.mlt. Screenshots are left in /shared/shotcut.
. /shared/screen.sh
. /shared/editor.sh
mkdir -p /shared/shotcut "$HOME/.config/Meltytech"
cd /shared/shotcut
# Settings > Allow External Plugins.
printf '[General]\nsafeMode=false\n' >"$HOME/.config/Meltytech/Shotcut.conf"

start() {
    shotcut --noupgrade "$1" >>log 2>&1 &
    shotcut=$!
    show 'Shotcut$'
    # Filters, and the start of the clip.
    press 699 65
    press 708 510
}

run() {
    cp /shared/clip.mlt /shared/chosen.mlt
    start /shared/chosen.mlt
    press 27 302
    xdotool type --delay 60 impasto
    sleep 2
    press 200 218
    picture added.png
    press 300 390
    picture styles.png
    # Ink.
    press 226 262
    sleep 2
    picture chosen.png
    xdotool key ctrl+s
    sleep 4
    kill -9 "$shotcut"
    wait "$shotcut" 2>/dev/null

    cp /shared/chosen.mlt /shared/again.mlt
    start /shared/again.mlt
    # The filter, whose panel may not change what is there.
    press 100 174
    picture again.png
    xdotool key ctrl+s
    sleep 4
    kill -9 "$shotcut"
    wait "$shotcut" 2>/dev/null
}

on_a_screen shotcut "$1"
