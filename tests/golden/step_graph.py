"""Runs the file of `impasto graph` as a user would: checked by ONNX, run in ONNX Runtime's Python package, compared
with the golden steps, which JAX computed in double precision (make_adam.py).

    python step_graph.py STEP.onnx max|avg
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

path, pool = sys.argv[1:]
golden = load_file(Path(__file__).with_name("golden.safetensors"))
steps = load_file(Path(__file__).with_name("adam.safetensors"))
STYLE = [f"block{block}_conv1" for block in (1, 2, 3, 4)]

model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
assert not any(node.domain for node in model.graph.node), "only ONNX's own operators"

options = onnxruntime.SessionOptions()
options.log_severity_level = 3
session = onnxruntime.InferenceSession(
    path, options, providers=["CPUExecutionProvider"]
)
inputs = {entry.name: entry for entry in session.get_inputs()}
content = golden["content"].astype(np.float32)


# The targets come from the graph itself, by an extraction of its forward part.
extractor = onnx.utils.Extractor(onnx.shape_inference.infer_shapes(model))
taps = ["block4_conv2", *STYLE]
forward = onnxruntime.InferenceSession(
    extractor.extract_model(["image"], taps).SerializeToString(),
    options,
    providers=["CPUExecutionProvider"],
)
features = dict(zip(taps, forward.run(taps, {"image": content})))
style = dict(
    zip(taps, forward.run(taps, {"image": golden["style"].astype(np.float32)}))
)


def gram(f):
    v = f.reshape(f.shape[1], -1).astype(np.float64)
    return v @ v.T / v.shape[1]


fixed = {
    "weights": np.array([1, 30, 1], np.float32),
    "content_block4_conv2": features["block4_conv2"],
}
square = np.square(features["block4_conv2"].astype(np.float64)).sum()
fixed["content_coefficients"] = np.array([1 / square], np.float32)
grams = {layer: gram(style[layer]) for layer in STYLE}
for layer, matrix in grams.items():
    fixed[f"gram_0_{layer}"] = matrix.astype(np.float32)
fixed["style_coefficients"] = np.array(
    [1 / len(STYLE) / np.square(grams[layer]).sum() for layer in STYLE], np.float32
)

# What rounding may do to ten steps: see src/optimize/golden.rs.
tolerance = 2e-3 if pool == "max" else 3e-4
state = {
    "image": content,
    "moment1": np.zeros_like(content),
    "moment2": np.zeros_like(content),
}
for step, wanted in enumerate(steps[f"{pool}/losses"], 1):
    adam = np.array([0.02 / (1 - 0.9**step), 1 / (1 - 0.9**step)], np.float32)
    names = ["losses", "image_next", "moment1_next", "moment2_next"]
    losses, *after = session.run(names, {**fixed, **state, "adam": adam})
    state = dict(zip(state, after))
    assert abs(losses[3] - wanted) < tolerance * wanted, (step, losses[3], wanted)
assert set(inputs) == {*fixed, *state, "adam"}
print(
    f"{path}: {len(model.graph.node)} operations, {pool}: ten steps are the golden ones, last loss {losses[3]:.6f}"
)
