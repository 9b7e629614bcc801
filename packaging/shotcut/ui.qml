// The panel of Impasto in Shotcut. Its controls are in controls.js.
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Shotcut.Controls as Shotcut
import org.shotcut.qml as Shotcut
import 'controls.js' as Impasto

Shotcut.KeyframableFilter {
    id: panel

    readonly property var controls: Impasto.controls
    readonly property var numbers: controls.filter(control => control.kind === 'number')
    readonly property var initials: numbers.map(control => control.initial)
    readonly property int labelWidth: 130

    // The controls show the values of another time.
    signal moved

    function reset() {
        for (const control of controls)
            if (control.name !== undefined)
                filter.set(control.name, control.initial);
    }

    function show() {
        blockUpdate = true;
        moved();
        blockUpdate = false;
    }

    width: 420
    height: column.implicitHeight + 16
    keyframableParameters: numbers.map(control => control.name)
    startValues: initials.slice()
    middleValues: initials.slice()
    endValues: initials.slice()
    Component.onCompleted: {
        if (filter.isNew) {
            reset();
            filter.savePreset(preset.parameters);
        }
        show();
    }

    Connections {
        target: filter

        function onInChanged() { panel.follow(); }
        function onOutChanged() { panel.follow(); }
        function onAnimateInChanged() { panel.follow(); }
        function onAnimateOutChanged() { panel.follow(); }
        function onPropertyChanged() { panel.show(); }
    }

    Connections {
        target: producer

        function onPositionChanged() { panel.show(); }
    }

    // A simple fade of values, where one is set, goes along with the clip's ends.
    function follow() {
        show();
        for (const control of numbers)
            if (filter.animateIn > 0 || filter.animateOut > 0)
                updateFilter(control.name, filter.getDouble(control.name, getPosition()), noButton, null);
    }

    // What stands for the button of a value that has none beside it.
    QtObject {
        id: noButton

        property bool checked: false
    }

    component Caption: Label {
        required property var about

        text: about.label
        horizontalAlignment: Text.AlignRight
        elide: Text.ElideLeft
        Layout.preferredWidth: panel.labelWidth

        Shotcut.HoverTip {
            text: about.hint
        }
    }

    ColumnLayout {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: 8

        RowLayout {
            Label {
                text: qsTr('Preset')
                horizontalAlignment: Text.AlignRight
                Layout.preferredWidth: panel.labelWidth
            }

            Shotcut.Preset {
                id: preset

                parameters: panel.controls.filter(control => control.name !== undefined).map(control => control.name)
                onBeforePresetLoaded: panel.resetSimpleKeyframes()
                onPresetSelected: {
                    panel.show();
                    panel.initializeSimpleKeyframes();
                }
            }
        }

        Repeater {
            model: panel.controls

            Loader {
                required property var modelData
                readonly property var control: modelData

                Layout.fillWidth: true
                sourceComponent: ({
                    'heading': heading,
                    'number': number,
                    'choice': choice,
                    'file': file
                })[control.kind]
            }
        }
    }

    Component {
        id: heading

        Label {
            text: control.label
            font.bold: true
            topPadding: 8
        }
    }

    Component {
        id: number

        RowLayout {
            Caption {
                about: control
            }

            Shotcut.SliderSpinner {
                id: slider

                minimumValue: control.least
                maximumValue: control.most
                stepSize: control.step
                decimals: control.decimals
                Layout.fillWidth: true
                onValueChanged: panel.updateFilter(control.name, value, button, panel.getPosition())

                Connections {
                    target: panel

                    function onMoved() {
                        slider.value = filter.getDouble(control.name, panel.getPosition());
                        slider.enabled = panel.isSimpleKeyframesActive();
                        button.checked = filter.keyframeCount(control.name) > 0 && filter.animateIn <= 0 && filter.animateOut <= 0;
                    }
                }
            }

            Shotcut.UndoButton {
                onClicked: slider.value = control.initial
            }

            Shotcut.KeyframesButton {
                id: button

                onToggled: panel.toggleKeyframes(checked, control.name, slider.value)
            }
        }
    }

    Component {
        id: choice

        RowLayout {
            Caption {
                about: control
            }

            Shotcut.ComboBox {
                id: box

                model: control.choices
                textRole: 'text'
                valueRole: 'value'
                Layout.fillWidth: true
                // A style that this machine lacks is shown as it is called.
                displayText: currentIndex < 0 ? filter.get(control.name) : currentText
                onActivated: filter.set(control.name, currentValue)

                Connections {
                    target: panel

                    function onMoved() {
                        box.currentIndex = box.indexOfValue(filter.get(control.name));
                    }
                }
            }

            Shotcut.UndoButton {
                onClicked: filter.set(control.name, control.initial)
            }
        }
    }

    Component {
        id: file

        RowLayout {
            Caption {
                about: control
            }

            Shotcut.Button {
                text: qsTr('Open...')
                onClicked: dialog.open()
            }

            Label {
                id: path

                elide: Text.ElideMiddle
                Layout.fillWidth: true

                Connections {
                    target: panel

                    function onMoved() {
                        path.text = filter.get(control.name);
                    }
                }
            }

            Shotcut.UndoButton {
                onClicked: filter.set(control.name, '')
            }

            Shotcut.File {
                id: chosen
            }

            Shotcut.FileDialog {
                id: dialog

                title: control.label
                onAccepted: {
                    chosen.url = dialog.selectedFile;
                    settings.openPath = chosen.path;
                    filter.set(control.name, chosen.url);
                }
            }
        }
    }
}
