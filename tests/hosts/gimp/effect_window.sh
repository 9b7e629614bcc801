#!/bin/sh
# Starts GIMP in a virtual screen and presses keys, as effect_window.py asks. A screenshot and results
# are left in /shared/effect_window.
cd /shared/effect_window
export XDG_RUNTIME_DIR=/tmp/runtime GDK_BACKEND=x11 NO_AT_BRIDGE=1
mkdir -m 700 "$XDG_RUNTIME_DIR"

# Waits for a file, a minute at most.
await() {
    for _ in $(seq 600); do
        [ -e "$1" ] && return
        sleep 0.1
    done
    echo "$1 did not come"
    exit 1
}

# The screen takes a number that is free: another run may go on beside this one.
Xvfb -displayfd 3 -screen 0 1366x768x24 3>/tmp/display >/tmp/xvfb.log 2>&1 &
for _ in $(seq 100); do
    [ -s /tmp/display ] && break
    sleep 0.1
done
export DISPLAY=":$(cat /tmp/display)"

# Presses $1 until GIMP's script asks for $2: a key that comes before the window has the focus is lost,
# and Escape gives the focus to the canvas. Of the windows that are called GIMP any may be the one.
press() {
    for _ in 1 2 3 4 5 6; do
        for window in $(xdotool search --onlyvisible --name 'GIMP' 2>/dev/null); do
            xdotool windowfocus "$window"
            sleep 1
            xdotool key Escape
            xdotool key "$1"
            for _ in $(seq 20); do
                [ -e "$2" ] && return
                sleep 0.1
            done
        done
    done
}

sleep 1
dbus-run-session -- gimp-3.2 -n -s -d --batch-interpreter=python-fu-eval \
    -b 'exec(open("/shared/effect_window.py").read())' --quit >gimp.log 2>&1 &
gimp=$!
await undoing
import -window root layer-effect.png
press ctrl+z redoing
press ctrl+y done
await done
for _ in $(seq 100); do
    kill -0 "$gimp" 2>/dev/null || break
    sleep 0.1
done
