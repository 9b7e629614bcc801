#!/bin/sh
# Starts GIMP on a virtual screen and works the filter's dialog with keys, as window.py asks.
# Screenshots and results are left in /shared/window.
. /shared/screen.sh
cd /shared/window
open_screen 1366x768

# A program for web pages, which tells what it is to open.
provide_browser() {
    mkdir -p "$HOME/.local/share/applications" "$HOME/.config"
    printf '#!/bin/sh\necho "$1" >/shared/window/opened\n' >browser.sh
    chmod +x browser.sh
    printf '%s\n' '[Desktop Entry]' Type=Application Name=Browser MimeType=text/html\; \
        'Exec=/shared/window/browser.sh %u' >"$HOME/.local/share/applications/browser.desktop"
    printf '%s\n' '[Default Applications]' text/html=browser.desktop >"$HOME/.config/mimeapps.list"
}

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
search_style mosaic
rest
picture 4-other-style.png
set_number strength 0.05
rest
picture 5-other-strength.png
xdotool key alt+i
picture 6-split.png
xdotool key alt+i
# Into the picture with a click, and all of its pixels.
xdotool mousemove 300 250 click 1
xdotool key 1
rest
picture 7-pixels.png
xdotool key 0
xdotool key alt+c

await painting
dialog
rest
xdotool key alt+o

await undoing
import -window root 8-painted.png
press ctrl+z repeating
await undoing_again
press ctrl+z painting_like_a_layer

await painting_like_a_layer
dialog
search_style washes
rest
picture 9-style-of-a-layer.png
xdotool key alt+o

await without_a_second_style
dialog
rest
set_list second-style Home
rest
picture 10-without-second-style.png
xdotool key alt+o

await adding_a_style
dialog
click 769 444
find_window 'Style Picture'
# The first letter opens the line for a path.
xdotool type /
sleep 1
xdotool type shared/ink.xcf
sleep 1
xdotool key Return
rest
picture added-style.png
xdotool key alt+o

await removing_a_style
dialog
rest
picture opened-with-it.png
click 811 444
rest
picture removed-style.png
xdotool key alt+o

await keeping_a_preset
dialog
set_number strength 0.25
click 985 91
find_window 'Save Preset'
xdotool type quiet
xdotool key Return
sleep 1
picture kept-preset.png
xdotool key alt+c

await taking_a_preset
dialog
set_number strength 0.9
click 827 91
xdotool key Home
sleep 0.3
xdotool key Down
sleep 0.3
xdotool key Return
rest
picture taken-preset.png
xdotool key alt+o

await showing_styles_on_the_layer
dialog
rest
picture gallery.png
click 898 444
rest 30
picture on-my-layer.png
xdotool key alt+c

await asking_for_help
provide_browser
dialog
click 1069 91
sleep 3
picture help.png
xdotool key alt+c

await with_a_locked_layer
dialog
rest
import -window root 11-locked.png
xdotool key alt+o
sleep 1
xdotool key alt+c

await stopping_to_keep
dialog
set_list method Home Down
xdotool key alt+o
find_window 'Is Painting'
rest 3
import -window root 12-optimising.png
xdotool key alt+k

await painting_finely
dialog
set_list method Home
set_number brush-size 1
rest 20
picture fine-fit.png
xdotool mousemove 300 250 click 1
xdotool key 1
rest
picture fine-pixels.png
xdotool key alt+o

await stopping
dialog
set_list method Home
# Fine strokes on a large picture take long enough to stop.
set_number brush-size 1
xdotool key alt+o
sleep 2.5
import -window root 13-progress.png
# The button beside the progress bar, at the lower right of the image's window, whose place is told
# with its frame counted twice.
find_window '3600x2400'
eval "$(xdotool getwindowgeometry --shell "$window")"
xdotool mousemove $((X + 985)) $((Y + HEIGHT - 39)) click 1
sleep 0.2
import -window root 14-stopped.png

await closing
find_window '1500x1000'
sleep 1
xdotool key slash
sleep 2
xdotool type 'neural style'
sleep 2
xdotool key Down
sleep 0.5
xdotool key Return
dialog
xdotool key alt+o
find_window 'Is Painting'
rest 4
import -window root 15-closing.png
find_window '1500x1000'
xdotool key ctrl+w
sleep 1
import -window root 16-closed.png
touch closed
await done
await_end "$gimp"
