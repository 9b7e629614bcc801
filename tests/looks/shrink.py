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


def shrunk(path, side):
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((side, side), Image.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def main():
    jobs = json.loads(Path(sys.argv[1]).read_text())
    for side in SIDES:
        files = [(Path(picture["to"]), shrunk(picture["from"], side)) for picture in jobs["pictures"]]
        if sum(len(data) for _, data in files) <= jobs["limit"]:
            break
    for path, data in files:
        path.write_bytes(data)
    print(side)


if __name__ == "__main__":
    main()
