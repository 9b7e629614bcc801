"""Each measure against a case worked out by hand; the features and the losses of the optimise method against the golden
data, which PyTorch computed in double precision (tests/golden/make_golden.py).

    python -m unittest discover tests/looks
"""
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import load_file

import measure

GOLDEN = load_file(Path(__file__).resolve().parents[1] / "golden/golden.safetensors")


class Losses(unittest.TestCase):
    def test_content_and_gram_of_the_golden_pictures(self):
        image, content, style = (measure.features(GOLDEN[name]) for name in ("image", "content", "style"))
        found = measure.content_loss(image[measure.CONTENT], content[measure.CONTENT])
        self.assertAlmostEqual(found, float(GOLDEN["max/one/content_loss"]), 4)
        found = np.mean([measure.gram_loss(image[layer], style[layer]) for layer in measure.STYLE])
        self.assertAlmostEqual(found, float(GOLDEN["max/one/style_loss"]), 4)

    def test_content_twice_as_strong_is_one_away(self):
        layer = np.array([[1.0, 2, 3], [0, 4, 0]])
        self.assertAlmostEqual(measure.content_loss(2 * layer, layer), 1)

    def test_gram_of_a_layer_twice_as_strong(self):
        layer = np.array([[1.0, 2, 3], [0, 4, 0]])
        # Its Gram matrix is four times the style's: (4 - 1)^2.
        self.assertAlmostEqual(measure.gram_loss(2 * layer, layer), 9)


class Wasserstein(unittest.TestCase):
    # Two channels that do not go together, of variance 1 and 4, around (1, 2).
    layer = np.array([[2.0, 0, 2, 0], [4, 4, 0, 0]])

    def test_a_style_is_at_its_own_place(self):
        self.assertAlmostEqual(measure.wasserstein_loss(self.layer, measure.Style(self.layer)), 0)

    def test_a_moved_layer_is_as_far_as_it_moved(self):
        moved = self.layer + np.array([[3.0], [4.0]])
        found = measure.wasserstein_loss(moved, measure.Style(self.layer))
        # |(3, 4)|^2 over the variances and the squared mean.
        self.assertAlmostEqual(found, 25 / (1 + 4 + 5), 2)

    def test_a_wider_layer_is_as_far_as_its_deviations_grew(self):
        mean = self.layer.mean(1, keepdims=True)
        wider = mean + 3 * (self.layer - mean)
        found = measure.wasserstein_loss(wider, measure.Style(self.layer))
        # Standard deviations 1 and 2 became 3 and 6: 2^2 + 4^2.
        self.assertAlmostEqual(found, 20 / 10, 2)

    def test_channels_that_go_together_count(self):
        together = np.array([[1.0, -1, 1, -1], [1, -1, 1, -1]])
        apart = np.array([[1.0, -1, 1, -1], [1, 1, -1, -1]])
        found = measure.wasserstein_loss(together, measure.Style(apart))
        # S has eigenvalues 2 and 0, T is one: 2 + 2 - 2 sqrt(2), over 2.
        self.assertAlmostEqual(found, 2 - 2 ** 0.5, 1)


class Colours(unittest.TestCase):
    def test_colours_all_moved_alike(self):
        picture = np.random.default_rng(1).random((1, 3, 20, 30))
        moved = picture + np.array([0.3, 0.0, 0.4]).reshape(1, 3, 1, 1)
        # Over all directions, the mean of the squared step along them is a third of the squared step.
        self.assertAlmostEqual(measure.colour_distance(measure.colours(picture), measure.colours(moved)), 0.5 / 3 ** 0.5, 2)

    def test_where_a_colour_is_does_not_matter(self):
        picture = np.random.default_rng(1).random((1, 3, 20, 30))
        turned = picture[:, :, ::-1, ::-1]
        self.assertAlmostEqual(measure.colour_distance(measure.colours(picture), measure.colours(turned)), 0)


class Lattice(unittest.TestCase):
    noise = np.random.default_rng(1).normal(0.5, 0.1, (1, 3, 64, 96))

    def test_noise_has_no_peak(self):
        self.assertLess(measure.lattice_peak(self.noise), 15)

    def test_a_pattern_every_four_pixels_is_one(self):
        stripes = 0.1 * np.cos(np.arange(96) * np.pi / 2)
        self.assertGreater(measure.lattice_peak(self.noise + stripes), 1000)

    def test_an_even_picture_has_none(self):
        self.assertEqual(measure.lattice_peak(np.full((1, 3, 64, 64), 0.5)), 0)


class Whole(unittest.TestCase):
    def test_a_photograph_is_near_itself_and_all_is_told_as_json(self):
        noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), "u1")
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/noise.png"
            Image.fromarray(noise).save(path)
            found = json.loads(json.dumps(measure.measure(path, path, path, [64])))
            bare = json.loads(json.dumps(measure.measure(path, path, None, [64])))
        for losses in found["sizes"].values():
            for loss in losses.values():
                self.assertAlmostEqual(loss, 0, 5)
        self.assertEqual(found["colour"], 0)
        self.assertIsNone(bare["colour"])
        self.assertEqual(bare["sizes"]["64"], {"content": 0, "gram": None, "w2": None})


if __name__ == "__main__":
    unittest.main()
