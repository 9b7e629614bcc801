#!/bin/sh
# Puts the effect on a clip in Kdenlive, chooses a style with the mouse, saves, and opens the project
# again: /shared/chosen.kdenlive and /shared/again.kdenlive. Screenshots are left in
# /shared/kdenlive.
. /shared/screen.sh
. /shared/editor.sh
mkdir -p /shared/kdenlive
cd /shared/kdenlive

# An action of Kdenlive's window.
ask() {
    dbus-send --session --print-reply --reply-timeout=60000 --dest="org.kde.kdenlive-$kdenlive" \
        /kdenlive/MainWindow_1 "org.kde.kdenlive.MainWindow.$1" "string:$2" >/dev/null
}

# Starts it with the project $2, and waits for a window called $1.
start() {
    kdenlive --no-welcome $2 >>log 2>&1 &
    kdenlive=$!
    show "$1"
}

# Saves as $1.
save() {
    xdotool key ctrl+shift+s
    sleep 3
    xdotool type --delay 40 "$1"
    sleep 1
    xdotool key Return
    await "$1"
    sleep 2
}

run() {
    start Untitled
    ask addProjectClip /shared/clip.mp4
    sleep 4
    ask addTimelineClip /shared/clip.mp4
    sleep 4
    ask addEffect openfx.org.impasto.Impasto
    sleep 4
    # The stack of effects, and the list of styles in it.
    press 1433 831
    press 1466 643
    picture styles.png
    xdotool type --delay 60 Ink
    sleep 1
    xdotool key Return
    sleep 4
    # The clip, into the timeline.
    press 160 195
    xdotool key v
    sleep 4
    picture chosen.png
    save /shared/chosen.kdenlive
    # It would ask about what is not saved, such as what is shown.
    kill -9 "$kdenlive"
    wait "$kdenlive" 2>/dev/null

    start chosen /shared/chosen.kdenlive
    press 160 195
    press 1433 831
    picture again.png
    save /shared/again.kdenlive
    kill -9 "$kdenlive"
    wait "$kdenlive" 2>/dev/null
}

on_a_screen kdenlive "$1"
