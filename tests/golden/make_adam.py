"""Writes adam.safetensors: ten steps of Adam from the content picture, in double precision, with Gram matrices.

    pip install jax safetensors
    python make_adam.py ../../models/vgg16-features.safetensors golden.safetensors adam.safetensors

The pictures are those of golden.safetensors, and so is the loss of weights 1 (content), 30 (style) and 1 (variation). The rate
is 0.02, the betas are 0.9 and 0.9 and epsilon is 1e-8 (Kingma and Ba 2014); after each step values are clamped to 0..1.
"""

import sys
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file
from vgg import STYLE, features

CONTENT = "block4_conv2"
RATE, BETAS, EPSILON = 0.02, (0.9, 0.9), 1e-8


def gram(features):
    rows = features.reshape(features.shape[1], -1)
    return rows @ rows.T / rows.shape[1]


def main():
    golden = load_file(sys.argv[2])
    content, style = (jnp.asarray(golden[name]) for name in ("content", "style"))
    out = {}
    for pooling in ("max", "avg"):
        wanted = features(content, pooling)[CONTENT]
        grams = {layer: gram(features(style, pooling)[layer]) for layer in STYLE}

        def loss(image):
            found = features(image, pooling)
            of_content = ((found[CONTENT] - wanted) ** 2).mean() / (wanted**2).mean()
            of_style = [((gram(found[layer]) - grams[layer]) ** 2).sum() / (grams[layer] ** 2).sum() for layer in STYLE]
            variation = sum((jnp.diff(image, axis=axis) ** 2).mean() for axis in (2, 3))
            return of_content + 30 * sum(of_style) / len(STYLE) + variation

        step = jax.jit(jax.value_and_grad(loss))
        image, losses = content, []
        first, second = jnp.zeros_like(image), jnp.zeros_like(image)
        for number in range(1, 11):
            value, gradient = step(image)
            losses.append(float(value))
            first = BETAS[0] * first + (1 - BETAS[0]) * gradient
            second = BETAS[1] * second + (1 - BETAS[1]) * gradient**2
            mean, square = first / (1 - BETAS[0] ** number), second / (1 - BETAS[1] ** number)
            image = jnp.clip(image - RATE * mean / (jnp.sqrt(square) + EPSILON), 0, 1)
        out[f"{pooling}/losses"], out[f"{pooling}/image"] = np.array(losses), np.asarray(image)
        print(pooling, losses)
    save_file({name: np.asarray(values, order="C") for name, values in out.items()}, sys.argv[3])


main()
