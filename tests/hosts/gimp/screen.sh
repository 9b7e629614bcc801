# For scripts that work windows in a GIMP on a virtual screen: sourced by them.
export XDG_RUNTIME_DIR=/tmp/runtime GDK_BACKEND=x11 NO_AT_BRIDGE=1
mkdir -p -m 700 "$XDG_RUNTIME_DIR"

# Starts a screen of $1 pixels (1366x768) with a window manager, as people have one. The screen takes
# a number that is free: another run may go on beside this one.
open_screen() {
    rm -f /tmp/display
    Xvfb -displayfd 3 -screen 0 "$1x24" 3>/tmp/display >/tmp/xvfb.log 2>&1 &
    screen=$!
    for _ in $(seq 100); do
        [ -s /tmp/display ] && break
        sleep 0.1
    done
    export DISPLAY=":$(cat /tmp/display)"
    openbox >/tmp/openbox.log 2>&1 &
    manager=$!
    sleep 1
}

close_screen() {
    kill "$manager" "$screen"
    wait "$manager" "$screen" 2>/dev/null
}

# Waits for a file, a minute at most.
await() {
    for _ in $(seq 600); do
        [ -e "$1" ] && return
        sleep 0.1
    done
    import -window root no-"$1".png
    echo "$1 did not come"
    exit 1
}

# GIMP greets who starts a version for the first time, whatever its settings say.
close_greeting() {
    greeting=$(xdotool search --onlyvisible --name 'Welcome to GIMP' 2>/dev/null)
    [ -n "$greeting" ] && xdotool windowactivate --sync "$greeting" key Escape
    sleep 0.5
}

# Waits for a window called $1, which has the keyboard then.
find_window() {
    window=
    for _ in $(seq 300); do
        window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1)
        [ -n "$window" ] && break
        sleep 0.1
    done
    [ -n "$window" ] || { import -window root no-window.png; echo "no window '$1'"; exit 1; }
    close_greeting
    sleep 1
    xdotool windowactivate --sync "$window" 2>/dev/null || xdotool windowfocus "$window"
}

# The filter's dialog, in a place and size that screenshots are compared by.
dialog() {
    find_window 'Neural Style Transfer'
    xdotool windowsize --sync "$window" 1100 680
    xdotool windowmove --sync "$window" 10 30
    sleep 1
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

# The key that leads to the control of an argument.
key() {
    cat "$1.key"
}

# Sets a control that is a bar with a number.
set_number() {
    xdotool key "$(key "$1")"
    sleep 0.2
    xdotool key ctrl+a
    xdotool type "$2"
    xdotool key Tab
}

# Clicks at a place of the screen, where the dialog has a button or a list.
click() {
    xdotool mousemove "$1" "$2" click 1
    sleep 0.5
}

# Chooses the first style of the gallery that $1 finds.
search_style() {
    xdotool key "$(key style)"
    sleep 0.3
    xdotool key ctrl+a
    xdotool type "$1"
    sleep 0.6
    xdotool key Return
}

# Opens the list of an argument, and presses keys in it.
set_list() {
    xdotool key "$(key "$1")"
    shift
    sleep 0.3
    xdotool key space
    for pressed in "$@"; do
        sleep 0.3
        xdotool key "$pressed"
    done
    sleep 0.3
    xdotool key Return
}

# Presses $1 until GIMP's script asks for $2: a key that comes before the window has the focus is lost,
# one that comes while a field has it is the field's, and Escape gives it to the canvas. Of the windows
# that are called GIMP any may be the one.
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

# Waits until GIMP has ended.
await_end() {
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
}
