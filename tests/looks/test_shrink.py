"""The page's pictures keep within their limit, at the largest side that does."""
import unittest

import numpy as np
from PIL import Image

import shrink


class Shrink(unittest.TestCase):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 600, 3), "u1"))

    def test_the_largest_side_that_fits_is_taken(self):
        small = len(shrink.encoded(self.noise, 512))
        side, files = shrink.shrunk([self.noise, self.noise], 2 * small)
        self.assertEqual(side, 512)
        self.assertEqual(list(map(len, files)), [small, small])

    def test_nothing_is_enlarged(self):
        _, [file] = shrink.shrunk([self.noise.resize((60, 40))], 10 ** 6)
        self.assertLess(len(file), 10_000)


if __name__ == "__main__":
    unittest.main()
