#!/bin/sh
# Starts GIMP in a virtual screen and works the filter's dialog with keys, as window.py asks.
# Screenshots and results are left in /shared/window.
cd /shared/window
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

# The dialog, once it is there.
dialog() {
    for _ in $(seq 300); do
        window=$(xdotool search --onlyvisible --name 'Neural Style Transfer' 2>/dev/null | tail -1)
        [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || { import -window root no-dialog.png; echo 'there is no dialog'; exit 1; }
    sleep 1
    xdotool windowfocus "$window"
}

# Takes pictures of the screen until two that are a second apart are the same.
picture() {
    import -window root "$1"
    for _ in $(seq 30); do
        sleep 1
        import -window root next.png
        cmp -s "$1" next.png && break
        mv next.png "$1"
    done
    rm -f next.png
}

# Seconds that networks may take to load and paint a preview, on a slow machine.
rest() {
    sleep "${1:-8}"
}

# Presses Ctrl+Z until GIMP's script goes on and asks for $1: a key that comes before the window has
# the focus is lost, one that comes while a field has it is the field's, and Escape gives it to the
# canvas. Of the windows that are called GIMP any may be the one.
undo() {
    for _ in 1 2 3 4 5 6; do
        for window in $(xdotool search --onlyvisible --name 'GIMP' 2>/dev/null); do
            xdotool windowfocus "$window"
            sleep 1
            xdotool key Escape
            xdotool key ctrl+z
            for _ in $(seq 20); do
                [ -e "$1" ] && return
                sleep 0.1
            done
        done
    done
}

sleep 1
dbus-run-session -- gimp-3.2 -n -s -d --batch-interpreter=python-fu-eval \
    -b 'exec(open("/shared/window.py").read())' --quit >gimp.log 2>&1 &
gimp=$!

await cancelling
dialog
rest
picture 1-preview.png
xdotool key alt+b
picture 2-before.png
xdotool key alt+b
picture 3-preview-again.png
# The gallery's next style.
xdotool key alt+g
xdotool key Right
xdotool key space
rest
picture 4-other-style.png
# Strength, which is a bar with a number.
xdotool key "$(cat strength.key)"
xdotool key ctrl+a
xdotool type 0.05
xdotool key Tab
rest
picture 5-other-strength.png
xdotool key alt+v
picture 6-advanced.png
xdotool key alt+c

await painting
dialog
rest
xdotool key alt+o

await undoing
import -window root 7-painted.png
undo repeating
await undoing_again
undo stopping

await stopping
dialog
# Fine strokes on a large picture take long enough to stop.
xdotool key "$(cat brush-size.key)"
xdotool key ctrl+a
xdotool type 1
xdotool key Tab
xdotool key alt+o
sleep 2.5
import -window root 8-progress.png
# The button beside the progress bar.
xdotool mousemove 985 663 click 1
sleep 0.2
import -window root 9-stopped.png
await done
for _ in $(seq 100); do
    kill -0 "$gimp" 2>/dev/null || break
    sleep 0.1
done
