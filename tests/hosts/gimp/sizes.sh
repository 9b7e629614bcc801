#!/bin/sh
# Opens the filter's dialog on small screens, at twice the scale, in a light theme and in German, and
# folds its settings out and in: OK is to be seen. Screenshots and results are left in
# /shared/sizes.
. /shared/screen.sh
cd /shared/sizes

# Of a window: whether all of it is on a screen of $2 pixels. A line for the results.
fits() {
    eval "$(xdotool getwindowgeometry --shell "$window")"
    width=${2%x*}
    height=${2#*x}
    if [ "$X" -ge 0 ] && [ "$Y" -ge 0 ] &&
        [ $((X + WIDTH)) -le "$width" ] && [ $((Y + HEIGHT)) -le "$height" ]; then
        echo "passed $1" >>results
    else
        echo "FAILED $1: $WIDTH x $HEIGHT at $X, $Y on $2" >>results
    fi
}

# $1 is the name, $2 the screen, $3 the scale, $4 the language, $5 the theme.
try() {
    rm -f asking
    open_screen "$2"
    printf '(check-updates no)\n(show-welcome-dialog no)\n(theme-color-scheme %s)\n' "$5" >gimprc
    [ "$4" = de ] && german='LANG=de_DE.UTF-8 LOCPATH=/shared/locales' || german=
    env GDK_SCALE="$3" $german dbus-run-session -- gimp-3.2 -n -s -d -g /shared/sizes/gimprc \
        --batch-interpreter=python-fu-eval -b 'exec(open("/shared/sizes.py").read())' \
        --quit >"gimp-$1.log" 2>&1 &
    gimp=$!
    await asking
    find_window 'Impasto'
    rest
    fits "$1" "$2"
    picture "$1-folded.png"
    # The letter of the fold is that of its English words.
    if [ "$4" = en ]; then
        xdotool key alt+k
        sleep 1
        fits "$1-unfolded" "$2"
        # Down to what was folded.
        xdotool mousemove $((X + WIDTH - 80)) $((Y + HEIGHT * 6 / 10))
        xdotool click --repeat 30 --delay 40 5
        picture "$1-unfolded.png"
        xdotool key alt+k
        sleep 1
        fits "$1-folded-again" "$2"
    fi
    xdotool key Escape
    await_end "$gimp"
    close_screen
}

try small 1280x720 1 en dark
try twice 1280x720 2 en dark
try light 1366x768 1 en light
try german 1920x1080 1 de dark
try german-twice 1280x720 2 de dark
echo end >>results
mv results results.txt
