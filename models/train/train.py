"""Trains the network of the fast method: any style picture, two controls, one pass."""

import argparse
import glob
import io
import json
import math
import os
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from net import VGG16, Net, StyleEncoder, gram

# Side of the canvas on which pictures are kept.
CANVAS = 400

START = time.time()


def log(*words):
    print(f"[{time.time() - START:7.1f}]", *words, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description="Trains the fast method's network.")

    def add(name, kind, default, words, **more):
        shown = " ".join(map(str, default)) if "nargs" in more else default
        words = f"{words} (default {shown})"
        parser.add_argument("--" + name, type=kind, default=default, help=words, **more)

    parser.add_argument(
        "--data",
        required=True,
        help="folder with content-*.tar (photographs) and style-*.tar (paintings)",
    )
    parser.add_argument(
        "--out", required=True, help="folder for checkpoints and sheets"
    )
    parser.add_argument(
        "--vgg",
        default=str(
            Path(__file__).absolute().parents[1] / "vgg16-features.safetensors"
        ),
        help="VGG16's weights (default: those of the folder above)",
    )
    parser.add_argument(
        "--weights",
        default="",
        help='JSON {"style-000.tar/NAME.jpg": weight}: how often each style is drawn '
        "(default: all alike)",
    )
    parser.add_argument("--resume", default="", help="checkpoint to start from")
    add("minutes", float, 1.0, "how long to train")
    add("maxiter", int, 10**9, "stop after so many steps")
    add("device", str, "cuda", "cuda or cpu")
    add("compile", int, 0, "1: torch.compile")
    add("limit", int, 0, "use only so many pictures of each kind; 0: all")
    add("batch", int, 32, "pictures in a step")
    add("size", int, 288, "side of a crop")
    add(
        "late512",
        float,
        0.8,
        "from this part of the time on, half as many crops of 400 pixels",
    )
    add("margin", int, 16, "pixels at the border that no loss looks at")
    add("lr", float, 1e-3, "learning rate")
    add("lam", float, [0.7, 25.0], "least and greatest style weight", nargs=2)
    add("temporal", float, 3.0, "weight of the warped twin's loss")
    add("blocks", int, 8, "residual blocks")
    add("c3", int, 128, "channels of the blocks")
    return parser.parse_args()


def decoded(file):
    """A picture on its canvas; None where it cannot be read."""
    try:
        image = Image.open(io.BytesIO(file)).convert("RGB")
        scale = CANVAS / min(image.size)
        if scale != 1:
            size = tuple(max(CANVAS, round(side * scale)) for side in image.size)
            image = image.resize(size, Image.LANCZOS)
        left, top = ((side - CANVAS) // 2 for side in image.size)
        return np.asarray(image.crop((left, top, left + CANVAS, top + CANVAS)))
    except Exception:
        return None


def load(folder, kind, limit, device):
    """Pictures as bytes [N,3,400,400], and their names."""
    files, names = [], []
    for path in sorted(glob.glob(f"{folder}/{kind}-*.tar")):
        with tarfile.open(path) as tar:
            for member in tar:
                is_picture = member.name.lower().endswith((".jpg", ".jpeg", ".png"))
                if member.isfile() and is_picture:
                    files.append(tar.extractfile(member).read())
                    names.append(
                        os.path.basename(path) + "/" + os.path.basename(member.name)
                    )
    if limit:
        files = files[:limit]
    with ThreadPoolExecutor(16) as threads:
        pictures = zip(names, threads.map(decoded, files))
        pictures = [(name, x) for name, x in pictures if x is not None]
    x = torch.from_numpy(np.stack([x for _, x in pictures]))
    x = x.permute(0, 3, 1, 2).contiguous().to(device)
    log(kind, tuple(x.shape))
    return x, [name for name, _ in pictures]


def crop(src, idx, size, lo, hi, rot=0.05, jitter=0.0):
    """random scale/rotation/flip crop as one grid_sample; returns float [B,3,size,size] in 0..1"""
    dev = src.device
    b = len(idx)
    x = src[idx].float().div_(255)
    z = torch.empty(b, device=dev).uniform_(lo, hi) * (
        size / CANVAS
    )  # fraction of the canvas that the crop covers
    z = z.clamp(max=1.0)
    th = torch.empty(b, device=dev).uniform_(-rot, rot)
    fl = (torch.rand(b, device=dev) < 0.5).float() * 2 - 1
    cx = (torch.rand(b, device=dev) * 2 - 1) * (1 - z)
    cy = (torch.rand(b, device=dev) * 2 - 1) * (1 - z)
    m = torch.stack(
        [
            torch.stack([z * fl * th.cos(), -z * th.sin(), cx], 1),
            torch.stack([z * fl * th.sin(), z * th.cos(), cy], 1),
        ],
        1,
    )
    g = F.affine_grid(m, (b, 3, size, size), align_corners=False)
    x = F.grid_sample(
        x, g, mode="bilinear", padding_mode="reflection", align_corners=False
    )
    if jitter:
        sel = (torch.rand(b, 1, 1, 1, device=dev) < 0.4).float()
        mat = (
            torch.eye(3, device=dev)[None]
            + sel[:, :, :, 0] * torch.randn(b, 3, 3, device=dev) * jitter
        )
        y = (
            torch.einsum("bij,bjhw->bihw", mat, x - 0.5)
            + 0.5
            + sel * torch.randn(b, 3, 1, 1, device=dev) * jitter * 0.5
        )
        x = y.clamp(0, 1)
    return x


def small_warp(b, size, dev):
    """small rotations, zooms and shifts as a grid for grid_sample"""
    th = torch.empty(b, device=dev).uniform_(-0.03, 0.03)
    z = torch.empty(b, device=dev).uniform_(0.97, 1.03)
    t = torch.empty(b, 2, device=dev).uniform_(-16 / size, 16 / size)
    m = torch.stack(
        [
            torch.stack([z * th.cos(), -z * th.sin(), t[:, 0]], 1),
            torch.stack([z * th.sin(), z * th.cos(), t[:, 1]], 1),
        ],
        1,
    )
    return F.affine_grid(m, (b, 3, size, size), align_corners=False)


class Training:
    def __init__(self, arguments):
        a = self.a = arguments
        dev = self.dev = torch.device(a.device)
        self.content, _ = load(a.data, "content", a.limit, dev)
        self.style, names = load(a.data, "style", a.limit, dev)
        self.style_w = torch.ones(len(self.style), device=dev)
        if a.weights:
            w = json.loads(Path(a.weights).read_text())
            self.style_w = torch.tensor([w.get(n, 1e-3) for n in names], device=dev)
        self.vgg = VGG16(a.vgg).to(dev).eval()
        self.net = Net(blocks=a.blocks, c3=a.c3).to(dev)
        if dev.type == "cuda":
            self.vgg = self.vgg.to(memory_format=torch.channels_last)
            self.net = self.net.to(memory_format=torch.channels_last)
        sizes = [("transformer", self.net.t), ("encoder", self.net.e)]
        for name, part in [*sizes, ("decoder", self.net.d)]:
            log("params", name, sum(p.numel() for p in part.parameters()))
        log("P", self.net.t.P)
        self.vgg_c = torch.compile(self.vgg) if a.compile else self.vgg
        self.tr_c = torch.compile(self.net.t) if a.compile else self.net.t
        if a.resume:
            self.net.load_state_dict(torch.load(a.resume, map_location=dev)["net"])
        else:
            self.measure_styles()
        self.ema = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.opt = torch.optim.AdamW(
            self.net.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4
        )
        self.depths = torch.tensor([0.0, 1.0, 2.0, 3.0], device=dev) - 1.5

    @torch.no_grad()
    def measure_styles(self):
        """mean and deviation of what the encoder sees of styles"""
        S = []
        for _ in range(24 if self.dev.type == "cuda" else 2):
            some = torch.randint(len(self.style), (16,), device=self.dev)
            seen = crop(self.style, some, 256, 0.8, 1.4, jitter=0.05)
            S.append(StyleEncoder.stats(self.vgg(seen)))
        S = torch.cat(S)
        self.net.e.mu.copy_(S.mean(0))
        self.net.e.sd.copy_(S.std(0) + 1e-3)

    def amp(self):
        return torch.autocast(self.dev.type, dtype=torch.bfloat16)

    def taps(self, x, upto=4):
        with self.amp():
            return self.vgg_c(x.contiguous(memory_format=torch.channels_last), upto)

    def losses(self, y, c3, st, lam, tilt):
        ty = self.taps(y)
        lc = (ty[2].float() - c3).square().mean((1, 2, 3)) / c3.square().mean((1, 2, 3))
        wl = torch.softmax(tilt * self.depths, 1) * 4
        ls = 0
        gs = []
        for k in range(4):
            f, s = ty[k].float(), st[k].float()
            G, Gs = gram(f), gram(s)
            g = (G - Gs).square().sum((1, 2)) / Gs.square().sum((1, 2))
            m1, m2, d1, d2 = (
                f.mean((2, 3)),
                s.mean((2, 3)),
                f.std((2, 3)),
                s.std((2, 3)),
            )
            ms = ((m1 - m2).square().sum(1) + (d1 - d2).square().sum(1)) / (
                m2.square().sum(1) + d2.square().sum(1)
            )
            gs.append((g.mean().detach(), ms.mean().detach()))
            ls = ls + wl[:, k] * (g + ms) / 4
        return lc, ls, gs

    def cond(self, b):
        u = torch.rand(b, 1, device=self.dev)
        t = torch.rand(b, 1, device=self.dev) * 2 - 1
        lam = self.a.lam[0] * (self.a.lam[1] / self.a.lam[0]) ** u
        return lam[:, 0], t, torch.cat([u * 2 - 1, t], 1)

    def sheet(self, path, n=6):
        """rows: contents; columns: styles; uses the EMA weights"""
        keep = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.net.load_state_dict(self.ema)
        self.net.eval()
        g = torch.Generator(device="cpu").manual_seed(5)
        ci = torch.randint(len(self.content), (4,), generator=g).to(self.dev)
        si = torch.randint(len(self.style), (n,), generator=g).to(self.dev)
        C = self.content[ci].float() / 255
        S = self.style[si].float() / 255
        with torch.no_grad():
            z = self.net.e(self.vgg(S))
            rows = [torch.cat([torch.ones_like(S[:1])] + [s[None] for s in S], 3)]
            for c in C:
                p = self.net.d(
                    z, torch.tensor([[0.2, 0.0]], device=self.dev).expand(n, 2)
                )
                x = F.pad(c[None], (16,) * 4, mode="reflect").expand(n, -1, -1, -1)
                y = self.net.t(x, p)[:, :, 16:-16, 16:-16]
                rows.append(torch.cat([c[None]] + [v[None] for v in y], 3))
            # lambda sweep and tilt sweep on the first pair
            x = F.pad(C[:1], (16,) * 4, mode="reflect").expand(n, -1, -1, -1)
            for k in range(2):
                cc = torch.zeros(n, 2, device=self.dev)
                cc[:, k] = torch.linspace(-1, 1, n)
                y = self.net.t(x, self.net.d(z[k : k + 1].expand(n, -1), cc))[
                    :, :, 16:-16, 16:-16
                ]
                rows.append(torch.cat([S[k : k + 1]] + [v[None] for v in y], 3))
        im = (
            (torch.cat(rows, 2)[0].clamp(0, 1).permute(1, 2, 0) * 255)
            .byte()
            .cpu()
            .numpy()
        )
        im = Image.fromarray(im)
        im.resize((im.width // 2, im.height // 2), Image.LANCZOS).save(path, quality=88)
        self.net.load_state_dict(keep)
        self.net.train()

    def step(self, it, frac):
        """one step, `frac` of the time through; a function that tells how it went"""
        a = self.a
        lr = (
            a.lr
            * min(1, (it + 1) / 300)
            * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, frac))))
        )
        for gp in self.opt.param_groups:
            gp["lr"] = lr
        B, size = a.batch, a.size
        if a.late512 < 1 and frac > a.late512:
            # The last part: larger crops, fewer of them.
            B, size = max(2, a.batch // 2), CANVAS
        some = torch.randint(len(self.content), (B,), device=self.dev)
        x = crop(self.content, some, size, 0.75, 1.35)
        s = crop(
            self.style,
            torch.multinomial(self.style_w, B, replacement=True),
            256 if size < CANVAS else 368,
            0.8,
            1.4,
            jitter=0.05,
        )
        ident = torch.rand(B, device=self.dev) < 0.06
        M = self.a.margin
        lam, tilt, c = self.cond(B)
        with torch.no_grad():
            inner = x[:, :, M:-M, M:-M]
            if size < CANVAS:
                if ident.any():
                    s[ident] = F.interpolate(
                        inner[ident], size=s.shape[2:], mode="bilinear", antialias=True
                    )
            tc = self.taps(inner, 3)[2].float()
            st = [t.detach() for t in self.taps(s)]
        z = self.net.e(st)
        # half the batch is followed by a warped, noisy twin: the output must move with the input
        h = B // 2
        g = small_warp(h, size, self.dev)
        xw = (
            F.grid_sample(x[:h], g, padding_mode="reflection", align_corners=False)
            + torch.randn(h, 1, 1, 1, device=self.dev) * 0.02
            + torch.randn_like(x[:h]) * (torch.rand(h, 1, 1, 1, device=self.dev) * 0.03)
        )
        p = self.net.d(z, c)
        with self.amp():
            yy = self.tr_c(
                torch.cat([x, xw]).contiguous(memory_format=torch.channels_last),
                torch.cat([p, p[:h]]),
            ).float()
        y = yy[:B]
        yw = yy[B:]
        lc, ls, gs = self.losses(y[:, :, M:-M, M:-M], tc, st, lam, tilt)
        K = 2 * M
        lt = (
            (
                F.grid_sample(y[:h], g, padding_mode="reflection", align_corners=False)
                - yw
            )[:, :, K:-K, K:-K]
            .abs()
            .mean()
        )
        tv = (y[:, :, 1:] - y[:, :, :-1]).abs().mean() + (
            y[:, :, :, 1:] - y[:, :, :, :-1]
        ).abs().mean()
        # identity: content as its own style must come back as it was
        li = ((y - x).square().mean((1, 2, 3)) * ident.float()).sum() / B
        loss = (
            ((lc + lam * ls) / (1 + lam / 4)).mean()
            + self.a.temporal * lt
            + 0.05 * tv
            + 20 * li
        )
        self.opt.zero_grad(set_to_none=True)
        loss.backward()
        gn = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        if torch.isfinite(gn):
            self.opt.step()
        self.follow(it)

        def words():
            parts = [
                f"lr {lr:.1e} loss {loss.item():.3f} content {lc.mean().item():.3f}",
                f"style {ls.mean().item():.3f} temporal {lt.item():.4f}",
                f"ident {li.item():.4f} gn {gn.item():.2f} per-layer",
            ]
            layers = [f"{x.item():.2f}/{m.item():.2f}" for x, m in gs]
            return " ".join(parts + layers)

        return B, words

    @torch.no_grad()
    def follow(self, it):
        """moves the mean weights towards the present ones"""
        d = min(0.999, (it + 1) / (it + 10))
        sd = self.net.state_dict()
        ks = [k for k in self.ema if self.ema[k].is_floating_point()]
        torch._foreach_lerp_([self.ema[k] for k in ks], [sd[k] for k in ks], 1 - d)

    def save(self, name):
        state = {"net": self.ema, "args": vars(self.a)}
        torch.save(state, f"{self.a.out}/{name}")

    def run(self):
        a = self.a
        it = seen = 0
        start = last = lastsave = time.time()
        while True:
            frac = (time.time() - start) / (a.minutes * 60)
            if frac >= 1 or it >= a.maxiter:
                break
            count, words = self.step(it, frac)
            it += 1
            seen += count
            now = time.time()
            if it in (1, 5, 20, 50) or now - last > 15:
                rate = seen / (now - start)
                log(f"it {it} {100 * frac:.0f}% img/s {rate:.0f} {words()}")
                last = now
            if now - lastsave > 150:
                self.save("last.pt")
                self.sheet(f"{a.out}/sheet.jpg")
                lastsave = time.time()
        self.save("final.pt")
        self.sheet(f"{a.out}/sheet_final.jpg")
        log("done", it, seen)


def main():
    a = arguments()
    os.makedirs(a.out, exist_ok=True)
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    Training(a).run()


if __name__ == "__main__":
    main()
