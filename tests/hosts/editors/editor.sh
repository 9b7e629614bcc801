# For scripts that work the windows of video editors: sourced by them, after screen.sh.

# Waits for an editor's window called $1, and gives it a place and size in which its buttons are known.
show() {
    window=
    for _ in $(seq 120); do
        window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1)
        [ -n "$window" ] && break
        sleep 1
    done
    [ -n "$window" ] || { import -window root no-window.png; echo "no window '$1'"; exit 1; }
    sleep 8
    # It may have been replaced, and its own wish of a place comes late.
    for _ in 1 2 3; do
        window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1)
        xdotool windowactivate "$window"
        xdotool windowsize "$window" 1580 860 windowmove "$window" 5 20
        sleep 2
    done
}

# Clicks at a place of the screen.
press() {
    xdotool mousemove "$1" "$2" click 1
    sleep 2
}

# Calls the script's `run` on a screen with a session of D-Bus: the script $1, whose own argument $2
# says whether it is there already.
on_a_screen() {
    if [ "$2" = inside ]; then
        run
        exit 0
    fi
    open_screen 1600x900
    export QT_QPA_PLATFORM=xcb SDL_AUDIODRIVER=dummy
    dbus-run-session -- sh "/shared/$1.sh" inside
    status=$?
    close_screen
    exit $status
}
