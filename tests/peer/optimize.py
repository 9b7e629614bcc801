"""Measures Impasto's optimise method beside the same method in PyTorch: VGG16, Gram matrices, autograd, Adam.

    python optimize.py --impasto PATH [--sizes 480,960] [--steps 5] [--rounds 3] [--threads N] [--content PICTURE]
                       [--style PICTURE ...] [--schedule 128:200,256:200,512:100] [--no-quality] [--json]

Steps: at each size the two take turns for --rounds rounds, each time in a new process: one step that is not counted,
then --steps timed ones. The picture is a square cut-out of the content; with its margin of 1/32 it is 512 pixels for
480, 1024 for 960. PyTorch gets the same canvas, channels_last, and as many threads. The ratio is the median over the
rounds of Impasto's median to PyTorch's. Peak memory is each process's own (wait4).

Quality: both run the same schedule from coarse to fine on the content, for each style picture. Sizes, margin,
mirrored borders, resizing and the loss are those of the program, written anew here. The loss is the total that
each reports in its last step (content weight 1, style weight 30, tv weight 1).
"""
import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("IMPASTO_MODELS", ROOT / "models"))
BLOCKS = [["block1_conv1", "block1_conv2"], ["block2_conv1", "block2_conv2"],
          ["block3_conv1", "block3_conv2", "block3_conv3"], ["block4_conv1", "block4_conv2"]]
STYLE_LAYERS = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
CONTENT_LAYER = "block4_conv2"
WEIGHTS = (1.0, 30.0, 1.0)
MULTIPLE, LEAST_SIDE = 8, 32

# A child of a large process would report that process's memory as its own peak: a small one starts and measures it.
MEASURE = """
import json, os, sys
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status) and 1)
"""


# ---------------------------------------------------------------------------------------------------------- pictures

def up(side, multiple=MULTIPLE):
    return -(-side // multiple) * multiple


def frame(size):
    """The canvas of a picture: (margin, width, height)."""
    margin = max(1, math.floor(max(size) // 32 / MULTIPLE + 0.5)) * MULTIPLE
    return margin, *(up(max(side + 2 * margin, LEAST_SIDE)) for side in size)


def scaled(size, side):
    """The canvas at which a picture's longest side is `side`."""
    _, width, height = frame(size)
    if side >= max(size):
        return width, height
    return tuple(max(LEAST_SIDE, round(length * side / max(size) / MULTIPLE) * MULTIPLE) for length in (width, height))


def mirrored(planes, first, width, height):
    import numpy as np

    def shown(length, count):
        at = np.arange(-first, count - first) % (2 * (length - 1))
        return np.where(at > length - 1, 2 * (length - 1) - at, at)
    return planes[:, shown(planes.shape[1], height)][:, :, shown(planes.shape[2], width)]


def resized(planes, width, height, how):
    import numpy as np
    from PIL import Image
    if planes.shape[1:] == (height, width):
        return planes
    each = [np.asarray(Image.fromarray(plane).resize((width, height), how)) for plane in planes]
    return np.clip(np.stack(each), 0, 1)


def read(path):
    import numpy as np
    from PIL import Image
    return (np.asarray(Image.open(path).convert("RGB"), np.float32) / 255).transpose(2, 0, 1).copy()


def content_canvas(planes, size):
    from PIL import Image
    margin, width, height = frame((planes.shape[2], planes.shape[1]))
    return resized(mirrored(planes, margin, width, height), *size, Image.LANCZOS)


def style_canvas(planes, pixels):
    """Reduced to at most as many pixels (each the mean of what it covers), then continued."""
    from PIL import Image
    shrink = min(1.0, math.sqrt(pixels / (planes.shape[1] * planes.shape[2])))
    height, width = (max(1, round(side * shrink)) for side in planes.shape[1:])
    planes = resized(planes, width, height, Image.BOX)
    return mirrored(planes, 0, up(max(width, LEAST_SIDE)), up(max(height, LEAST_SIDE)))


# ----------------------------------------------------------------------------------------------------------- PyTorch

class Torch:
    def __init__(self, threads):
        import torch
        from safetensors.torch import load_file
        self.torch = torch
        torch.set_num_threads(threads)
        self.weights = {}
        for name, value in load_file(MODELS / "vgg16-features.safetensors").items():
            value = value.float()
            if value.dim() == 4:
                value = value.to(memory_format=torch.channels_last)
            self.weights[name] = value
        self.mean = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)

    def features(self, x):
        F = self.torch.nn.functional
        x = (x[:, [2, 1, 0]] * 255 - self.mean).contiguous(memory_format=self.torch.channels_last)
        out = {}
        for k, block in enumerate(BLOCKS):
            if k:
                x = F.max_pool2d(x, 2)
            for name in block:
                x = F.relu(F.conv2d(x, self.weights[name + ".weight"], self.weights[name + ".bias"], padding=1))
                out[name] = x
        return out

    def gram(self, f):
        v = f.flatten(2)[0]
        return v @ v.T / v.shape[1]

    def target(self, content, style):
        torch = self.torch
        with torch.no_grad():
            content = self.features(torch.from_numpy(content)[None])[CONTENT_LAYER]
            style = self.features(torch.from_numpy(style)[None])
            return content, {layer: self.gram(style[layer]) for layer in STYLE_LAYERS}

    def loss(self, x, target):
        content, grams = target
        f = self.features(x)
        a = (f[CONTENT_LAYER] - content).square().mean() / content.square().mean()
        b = sum((self.gram(f[layer]) - grams[layer]).square().sum() / grams[layer].square().sum()
                for layer in STYLE_LAYERS) / len(STYLE_LAYERS)
        t = (x[:, :, 1:] - x[:, :, :-1]).square().mean() + (x[:, :, :, 1:] - x[:, :, :, :-1]).square().mean()
        return WEIGHTS[0] * a + WEIGHTS[1] * b + WEIGHTS[2] * t

    def steps(self, image, target, count):
        """The picture after `count` steps of Adam, the last step's loss, and the seconds of each step."""
        torch = self.torch
        x = torch.from_numpy(image.copy())[None].contiguous(memory_format=torch.channels_last).requires_grad_(True)
        adam = torch.optim.Adam([x], lr=0.02, betas=(0.9, 0.99), eps=1e-8)
        seconds, loss = [], None
        for _ in range(count):
            start = time.perf_counter()
            adam.zero_grad()
            loss = self.loss(x, target)
            loss.backward()
            adam.step()
            with torch.no_grad():
                x.clamp_(0, 1)
            seconds.append(time.perf_counter() - start)
        return x.detach()[0].contiguous().numpy(), loss.item(), seconds


def torch_steps(content, style, steps, threads):
    peer = Torch(threads)
    planes = read(content)
    _, width, height = frame((planes.shape[2], planes.shape[1]))
    canvas = content_canvas(planes, (width, height))
    target = peer.target(canvas, style_canvas(read(style), width * height))
    _, loss, seconds = peer.steps(canvas, target, steps + 1)
    return {"size": [width, height], "seconds": median(seconds[1:]), "loss": loss}


def torch_quality(content, style, schedule, threads):
    from PIL import Image
    peer = Torch(threads)
    content, style = read(content), read(style)
    image, loss = None, None
    for side, count in schedule:
        width, height = scaled((content.shape[2], content.shape[1]), side)
        canvas = content_canvas(content, (width, height))
        image = canvas if image is None else resized(image, width, height, Image.LANCZOS)
        target = peer.target(canvas, style_canvas(style, width * height))
        image, loss, _ = peer.steps(image, target, count)
    return {"loss": loss}


# ---------------------------------------------------------------------------------------------------------- measuring

def measured(command, folder):
    """What a command printed as JSON, and its peak memory."""
    out = Path(folder) / "out.json"
    words = [str(word) for word in (sys.executable, "-S", "-c", MEASURE, out, *command)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words[4:])}\nended with {done.returncode}")
    return json.loads(out.read_text()), int(done.stdout)


def compare_steps(options, folder):
    from PIL import Image
    rows = []
    for size in options.sizes:
        content = Path(folder) / f"content{size}.png"
        Image.open(options.content).convert("RGB").resize((size, size), Image.LANCZOS).save(content)
        ours, theirs = [], []
        for _ in range(options.rounds):
            bench = [options.impasto, "bench", "--method", "optimize", "--content", content, "--style",
                     options.style[0], "--runs", options.steps, "--json", "--threads", options.threads,
                     "--memory", "64G"]
            found, peak = measured(bench, folder)
            ours.append((found["results"][0], peak))
            child = [sys.executable, __file__, "--child", "steps", "--content", content, "--style", options.style[0],
                     "--steps", options.steps, "--threads", options.threads]
            theirs.append(measured(child, folder))
        rows.append({
            "canvas": theirs[0][0]["size"],
            "impasto": {"seconds": median(o["seconds"]["median"] for o, _ in ours),
                        "peak_rss_bytes": median(peak for _, peak in ours), "loss": ours[0][0]["losses"]["total"]},
            "pytorch": {"seconds": median(t["seconds"] for t, _ in theirs),
                        "peak_rss_bytes": median(peak for _, peak in theirs), "loss": theirs[0][0]["loss"]},
            "ratio": median(o["seconds"]["median"] / t["seconds"] for (o, _), (t, _) in zip(ours, theirs)),
            "memory_ratio": median(o / t for (_, o), (_, t) in zip(ours, theirs)),
        })
    return rows


def compare_quality(options, folder):
    rows = []
    schedule = ",".join(f"{side}:{count}" for side, count in options.schedule)
    for style in options.style:
        paint = [options.impasto, "paint", options.content, "--method", "optimize", "--style", style, "--schedule",
                 schedule, "--out", Path(folder) / "painted.png", "--json", "--threads", options.threads]
        ours, _ = measured(paint, folder)
        child = [sys.executable, __file__, "--child", "quality", "--content", options.content, "--style", style,
                 "--schedule", schedule, "--threads", options.threads]
        theirs, _ = measured(child, folder)
        loss = ours["pictures"][0]["scales"][-1]["losses"]["total"]
        rows.append({"style": Path(style).stem, "schedule": schedule, "impasto": loss, "pytorch": theirs["loss"],
                     "ratio": loss / theirs["loss"]})
    return rows


def table(report):
    for row in report["steps"]:
        yield f"one step, canvas {row['canvas'][0]}x{row['canvas'][1]}"
        for name in ("impasto", "pytorch"):
            each = row[name]
            yield (f"  {name:8} {each['seconds']:8.3f} s  {each['peak_rss_bytes'] / 1e6:7.0f} MB peak RSS  "
                   f"loss {each['loss']:.5f}")
        yield f"  ratio    {row['ratio']:8.2f}    {row['memory_ratio']:7.2f}"
    for row in report["quality"]:
        yield (f"{row['style']}, {row['schedule']}: final loss Impasto {row['impasto']:.5f}, PyTorch "
               f"{row['pytorch']:.5f}, ratio {row['ratio']:.4f}")
    yield ", ".join(f"{name} {found}" for name, found in report["versions"].items())
    yield report["machine"]


def machine(threads):
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor()
    return f"{model}, {threads} threads, {platform.platform()}, load {os.getloadavg()[0]:.1f}"


def entries(text):
    return [tuple(int(number) for number in entry.split(":")) for entry in text.split(",")]


def main():
    styles = ROOT / "examples" / "styles"
    parser = argparse.ArgumentParser(description="Measures Impasto's optimise method beside PyTorch.")
    parser.add_argument("--impasto", help="the impasto program")
    parser.add_argument("--sizes", type=lambda text: [int(side) for side in text.split(",")], default=[480])
    parser.add_argument("--steps", type=int, default=5, help="timed steps of each process (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--content", default=ROOT / "examples" / "portrait.png")
    parser.add_argument("--style", nargs="+", default=[sorted(styles.glob("*.png"))[0]])
    parser.add_argument("--schedule", type=entries, default=entries("128:200,256:200,512:100"))
    parser.add_argument("--no-quality", action="store_true", help="only the steps")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--child", choices=["steps", "quality"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child == "steps":
        return print(json.dumps(torch_steps(options.content, options.style[0], options.steps, options.threads)))
    if options.child == "quality":
        found = torch_quality(options.content, options.style[0], options.schedule, options.threads)
        return print(json.dumps(found))
    from importlib.metadata import version
    options.impasto = os.path.abspath(options.impasto)
    with tempfile.TemporaryDirectory() as folder:
        report = {"steps": compare_steps(options, folder),
                  "quality": [] if options.no_quality else compare_quality(options, folder)}
    report["versions"] = {name: version(name) for name in ("torch", "numpy", "pillow")}
    report["machine"] = machine(options.threads)
    print(json.dumps(report, indent=2) if options.json else "\n".join(table(report)))


if __name__ == "__main__":
    main()
