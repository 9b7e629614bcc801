"""VGG16 up to block4_conv2 in JAX, in double precision.

The first argument of a program that imports it names the file of the weights.
"""

import sys
import jax
import jax.numpy as jnp
from safetensors.numpy import load_file

jax.config.update("jax_enable_x64", True)

BLOCKS = [2, 2, 3, 2]
MEAN_BGR = jnp.array([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)
STYLE = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
WEIGHTS = {name: jnp.asarray(value.astype("f8")) for name, value in load_file(sys.argv[1]).items()}


def features(picture, pooling):
    """[1, 3, H, W], sRGB in 0..1 -> activations after ReLU by layer"""
    values, found = picture[:, ::-1] * 255 - MEAN_BGR, {}
    for block, count in enumerate(BLOCKS, 1):
        if block > 1:
            height, width = values.shape[2] // 2, values.shape[3] // 2
            four = values.reshape(1, -1, height, 2, width, 2)
            values = four.max((3, 5)) if pooling == "max" else four.mean((3, 5))
        for convolution in range(1, count + 1):
            name = f"block{block}_conv{convolution}"
            values = jax.lax.conv_general_dilated(values, WEIGHTS[name + ".weight"], (1, 1), "SAME")
            values = jax.nn.relu(values + WEIGHTS[name + ".bias"].reshape(1, -1, 1, 1))
            found[name] = values
    return found
