// `cargo xtask options` writes this file.
import QtQuick
import org.shotcut.qml

Metadata {
    type: Metadata.Filter
    name: 'Impasto'
    mlt_service: 'openfx.org.impasto.Impasto'
    keywords: 'neural style transfer painting paint art stylize #openfx'
    qml: 'ui.qml'

    keyframes {
        allowAnimateIn: true
        allowAnimateOut: true
        simpleProperties: ['style_mix', 'strength', 'grain', 'brush_size', 'turbulence', 'layers', 'opacity', 'detail', 'abstraction', 'keep_faces', 'seed', 'memory', 'content_weight', 'style_weight', 'style_scale', 'iterations', 'resolution', 'tv_weight']
        parameters: [
            Parameter {
                name: 'Mix'
                property: 'style_mix'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Strength'
                property: 'strength'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Grain'
                property: 'grain'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Brush size'
                property: 'brush_size'
                isCurve: true
                minimum: 0
                maximum: 32
            },
            Parameter {
                name: 'Turbulence'
                property: 'turbulence'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Layers'
                property: 'layers'
                isCurve: true
                minimum: 0
                maximum: 4
            },
            Parameter {
                name: 'Opacity'
                property: 'opacity'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Detail'
                property: 'detail'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Abstraction'
                property: 'abstraction'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Keep faces'
                property: 'keep_faces'
                isCurve: true
                minimum: 0
                maximum: 1
            },
            Parameter {
                name: 'Seed'
                property: 'seed'
                isCurve: true
                minimum: 0
                maximum: 2147483647
            },
            Parameter {
                name: 'Memory'
                property: 'memory'
                isCurve: true
                minimum: 0
                maximum: 1048576
            },
            Parameter {
                name: 'Content weight'
                property: 'content_weight'
                isCurve: true
                minimum: 0
                maximum: 1000000
            },
            Parameter {
                name: 'Style weight'
                property: 'style_weight'
                isCurve: true
                minimum: 0
                maximum: 1000000
            },
            Parameter {
                name: 'Style scale'
                property: 'style_scale'
                isCurve: true
                minimum: 0.1
                maximum: 4
            },
            Parameter {
                name: 'Iterations'
                property: 'iterations'
                isCurve: true
                minimum: 0
                maximum: 100000
            },
            Parameter {
                name: 'Resolution'
                property: 'resolution'
                isCurve: true
                minimum: 0
                maximum: 30000
            },
            Parameter {
                name: 'Smoothness'
                property: 'tv_weight'
                isCurve: true
                minimum: 0
                maximum: 1000000
            }
        ]
    }
}
