"""Writes transport.safetensors: the style loss by transport between Gaussians and its gradient, in double precision.

    pip install jax safetensors
    python make_transport.py ../../models/vgg16-features.safetensors golden.safetensors transport.safetensors

The pictures are those of golden.safetensors. The loss of a layer is

    (|m - n|^2 + tr(S + T - 2 (T^1/2 S T^1/2)^1/2)) / (tr T + |n|^2)

where m and S are the mean and covariance of a painting's features and n and T those of the style's, with a 1e-4 part
of the style's mean variance on both diagonals (Olkin and Pukelsheim 1982). The trace of the root is the sum of the
square roots of eigenvalues, and JAX differentiates through all of it.
"""

import sys
import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file
from vgg import STYLE, features


def moments(features, mask=None):
    """[1, C, h, w] -> means of the features, and of feature times feature"""
    rows = features.reshape(features.shape[1], -1)
    if mask is None:
        mask = jnp.ones((1, 1) + features.shape[2:])
    while mask.shape[2] > features.shape[2]:
        mask = mask.reshape(1, 1, mask.shape[2] // 2, 2, mask.shape[3] // 2, 2).mean((3, 5))
    mask = mask.reshape(-1)
    return rows @ mask / mask.sum(), (rows * mask) @ rows.T / mask.sum()


def mixed(shares):
    """moments of several styles -> those of a picture that shows each on its share"""
    return tuple(sum(share * each[k] for share, each in shares) for k in (0, 1))


def distance(painting, style):
    (m, products), (n, of_style) = painting, style
    covariance, wanted = products - jnp.outer(m, m), of_style - jnp.outer(n, n)
    ridge = 1e-4 * jnp.trace(wanted) / len(n) * jnp.eye(len(n))
    covariance, wanted = covariance + ridge, wanted + ridge
    values, vectors = jnp.linalg.eigh(wanted)
    root = (vectors * jnp.sqrt(values)) @ vectors.T
    roots = jnp.sqrt(jnp.linalg.eigvalsh(root @ covariance @ root)).sum()
    traces = jnp.trace(covariance) + jnp.trace(wanted)
    return (((m - n) ** 2).sum() + traces - 2 * roots) / (jnp.trace(wanted) + (n**2).sum())


def main():
    golden = load_file(sys.argv[2])
    picture = {name: jnp.asarray(golden[name]) for name in ("style", "style2", "image")}
    left = jnp.asarray(golden["mask_left"])
    out = {}
    for pooling in ("max", "avg"):
        of = [
            {layer: moments(features(picture[name], pooling)[layer]) for layer in STYLE}
            for name in ("style", "style2")
        ]
        both = {layer: mixed([(0.7, of[0][layer]), (0.3, of[1][layer])]) for layer in STYLE}
        for name, places in (
            ("one", [(None, of[0])]),
            ("two", [(None, both)]),
            ("masks", [(left, of[0]), (1 - left, of[1])]),
        ):

            def loss(image):
                found = features(image, pooling)
                terms = [
                    distance(moments(found[layer], mask), style[layer]) for mask, style in places for layer in STYLE
                ]
                return sum(terms) / len(terms)

            value, gradient = jax.value_and_grad(loss)(picture["image"])
            out[f"{pooling}/{name}/loss"] = np.asarray(value)
            out[f"{pooling}/{name}/gradient"] = np.asarray(gradient)
            print(pooling, name, float(value), float(jnp.abs(gradient).max()))
    save_file({name: np.asarray(values, order="C") for name, values in out.items()}, sys.argv[3])


main()
