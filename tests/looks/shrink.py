"""The page's pictures: JPEG files of paintings, all together within a limit of bytes.

    python shrink.py JOBS       JOBS is a JSON file: {"limit": BYTES, "pictures": [{"from": FILE, "to": FILE}, ...]}

Takes the largest side at which they fit.
"""
import io
import json
import sys
from pathlib import Path

from PIL import Image

SIDES = [640, 576, 512, 448, 384, 320, 256, 192]
QUALITY = 85


def encoded(picture, side):
    picture = picture.copy()
    picture.thumbnail((side, side), Image.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def shrunk(pictures, limit):
    """The side, and a file for each picture; at the smallest side whatever the limit."""
    for side in SIDES:
        files = [encoded(picture, side) for picture in pictures]
        if sum(map(len, files)) <= limit:
            break
    return side, files


def main():
    jobs = json.loads(Path(sys.argv[1]).read_text())
    pictures = [Image.open(picture["from"]).convert("RGB") for picture in jobs["pictures"]]
    side, files = shrunk(pictures, jobs["limit"])
    for picture, file in zip(jobs["pictures"], files):
        Path(picture["to"]).write_bytes(file)
    print(side)


if __name__ == "__main__":
    main()
