"""Our network for painting, `render.onnx`, alone in a runtime's Python package: neither margin nor turbulence.

    python direct.py --runtime onnxruntime|openvino|openvino:bf16 [options of painter.py]

What it takes from style and content, `affine`, is computed before and made a constant, which lets runtimes merge it into
the convolutions. OpenVINO is told the picture's size, too.
"""
import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

import painter


def session(network, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def affine(options):
    def run(name, output, inputs):
        return session(painter.MODELS / f"{name}.onnx", options.threads).run([output], inputs)[0]
    code = run("style", "code", {"style": painter.style_planes(options.style)})
    control = np.array(painter.CONTROL, np.float32)
    thumbnail = painter.thumbnail_planes(options.content)
    return run("stylize", "affine", {"image": thumbnail, "code": code, "control": control})


def network(affine):
    model = onnx.load(painter.MODELS / "render.onnx")
    model.graph.input.remove(next(each for each in model.graph.input if each.name == "affine"))
    model.graph.initializer.append(numpy_helper.from_array(affine, "affine"))
    return model.SerializeToString()


def in_openvino(network, precision, shape, threads):
    import openvino
    core = openvino.Core()
    model = core.read_model(network)
    model.reshape(shape)
    compiled = core.compile_model(model, "CPU", {
        "INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"})
    return lambda image: compiled([image])[0]


def in_onnxruntime(network, threads):
    render = session(network, threads)
    return lambda image: render.run(None, {"image": image})[0]


def main():
    parser = painter.arguments("Runs render.onnx alone.")
    parser.add_argument("--runtime", choices=["onnxruntime", "openvino", "openvino:bf16"], required=True)
    options = parser.parse_args()
    render = network(affine(options))
    if options.runtime == "onnxruntime":
        run = in_onnxruntime(render, options.threads)
    else:
        precision = "bf16" if options.runtime.endswith("bf16") else "f32"
        shape = painter.planes(painter.whole(painter.read(options.content))).shape
        run = in_openvino(render, precision, shape, options.threads)

    def paint(content):
        painted = painter.pixels(run(painter.planes(painter.whole(content))))
        return painted[:content.shape[0], :content.shape[1]]
    painter.report(options, paint)


if __name__ == "__main__":
    main()
