"""Arbitrary-style fast transfer network with tileable normalisation."""

import torch, torch.nn as nn, torch.nn.functional as F

VGG_CFG = [
    ("block1_conv1", 0),
    ("block1_conv2", 1),
    ("pool", -1),
    ("block2_conv1", 0),
    ("block2_conv2", 1),
    ("pool", -1),
    ("block3_conv1", 0),
    ("block3_conv2", 0),
    ("block3_conv3", 1),
    ("pool", -1),
    ("block4_conv1", 0),
    ("block4_conv2", 0),
    ("block4_conv3", 1),
]


def load_vgg(path):
    """vgg16-features.safetensors -> {layer.w, layer.b}"""
    from safetensors.torch import load_file

    return {
        k.replace(".weight", ".w").replace(".bias", ".b"): v.float().numpy()
        for k, v in load_file(path).items()
    }


class VGG16(nn.Module):
    """RGB in [0,1] -> [relu1_2, relu2_2, relu3_3, relu4_3]."""

    def __init__(self, path):
        super().__init__()
        d = load_vgg(path)
        self.convs = nn.ModuleDict()
        for name, _ in VGG_CFG:
            if name == "pool":
                continue
            w = torch.from_numpy(d[name + ".w"].astype("float32"))
            b = torch.from_numpy(d[name + ".b"].astype("float32"))
            if name == "block1_conv1":
                # RGB 0..1 instead of BGR 0..255: in the weights. The mean is subtracted outside, so that zero padding
                # stays the mean colour.
                w = w[:, [2, 1, 0]] * 255.0
            c = nn.Conv2d(w.shape[1], w.shape[0], 3, padding=1)
            c.weight.data = w
            c.bias.data = b
            self.convs[name] = c
        self.register_buffer(
            "mean", torch.tensor([123.68, 116.779, 103.939]).view(1, 3, 1, 1) / 255.0
        )
        for p in self.parameters():
            p.requires_grad_(False)

    def forward(self, x, upto=4):
        x = x - self.mean
        out = []
        for name, tap in VGG_CFG:
            if name == "pool":
                x = F.max_pool2d(x, 2)
                continue
            x = F.relu(self.convs[name](x))
            if tap:
                out.append(x)
                if len(out) == upto:
                    break
        return out


class CondNorm(nn.Module):
    """Instance norm whose scale and shift come from the style; slice [o, o+2c) of the parameter vector."""

    def __init__(self, c, offset):
        super().__init__()
        self.c, self.o = c, offset

    def affine(self, x, p):
        xf = x.float()
        mu = xf.mean((2, 3))
        var = xf.var((2, 3), unbiased=False)
        g = 1 + p[:, self.o : self.o + self.c]
        b = p[:, self.o + self.c : self.o + 2 * self.c]
        s = g * torch.rsqrt(var + 1e-3)
        return s, b - mu * s

    def forward(self, x, p, tape=None):
        s, t = self.affine(x, p)
        if tape is not None:
            tape.append(torch.cat([s, t], 1))
        return x * s[:, :, None, None].to(x.dtype) + t[:, :, None, None].to(x.dtype)

    def apply_affine(self, x, a):
        s = a[:, self.o : self.o + self.c]
        t = a[:, self.o + self.c : self.o + 2 * self.c]
        return x * s[:, :, None, None] + t[:, :, None, None]


class Block(nn.Module):
    def __init__(self, c, e, k, add):
        super().__init__()
        self.dw = nn.Conv2d(c, c, k, padding=k // 2, groups=c, bias=False)
        self.norm = add(c)
        self.up = nn.Conv2d(c, c * e, 1)
        self.down = nn.Conv2d(c * e, c, 1)

    def forward(self, x, n):
        return x + self.down(F.relu(self.up(n(self.norm, self.dw(x)))))


class Transformer(nn.Module):
    def __init__(self, c1=16, c2=48, c3=128, blocks=8, expand=2, k=5, c4=48, c5=24):
        super().__init__()
        self.P = 0

        def add(c):
            m = CondNorm(c, self.P)
            self.P += 2 * c
            return m

        self.stem = nn.Conv2d(3, c1, 5, padding=2, bias=False)
        self.n0 = add(c1)
        self.d1 = nn.Conv2d(c1, c2, 4, 2, 1, bias=False)
        self.n1 = add(c2)
        self.d2 = nn.Conv2d(c2, c3, 4, 2, 1, bias=False)
        self.n2 = add(c3)
        self.body = nn.ModuleList([Block(c3, expand, k, add) for _ in range(blocks)])
        self.u1 = nn.Conv2d(c3, c4, 3, padding=1, bias=False)
        self.n3 = add(c4)
        self.u2 = nn.Conv2d(c4, c5, 3, padding=1, bias=False)
        self.n4 = add(c5)
        self.out = nn.Conv2d(c5, 3, 5, padding=2)

    def run(self, x, n):
        x = F.relu(n(self.n0, self.stem(x - 0.5)))
        x = F.relu(n(self.n1, self.d1(x)))
        x = F.relu(n(self.n2, self.d2(x)))
        for b in self.body:
            x = b(x, n)
        x = F.relu(
            n(self.n3, self.u1(F.interpolate(x, scale_factor=2, mode="nearest")))
        )
        x = F.relu(
            n(self.n4, self.u2(F.interpolate(x, scale_factor=2, mode="nearest")))
        )
        return torch.sigmoid(self.out(x))

    def forward(self, x, p):
        return self.run(x, lambda m, v: m(v, p))

    def analyze(self, x, p):
        """-> (image, affine[B,P]) with the affine of each norm in parameter order."""
        parts = {}

        def n(m, v):
            s, t = m.affine(v, p)
            parts[m.o] = torch.cat([s, t], 1)
            return v * s[:, :, None, None] + t[:, :, None, None]

        y = self.run(x, n)
        return y, torch.cat([parts[o] for o in sorted(parts)], 1)

    def render(self, x, a):
        return self.run(x, lambda m, v: m.apply_affine(v, a))


class StyleEncoder(nn.Module):
    """VGG taps of the style image -> code z[256]."""

    def __init__(self, zdim=256):
        super().__init__()
        self.h3 = nn.Conv2d(256, 256, 1)
        self.h4 = nn.Conv2d(512, 256, 1)
        self.register_buffer("mu", torch.zeros(1920))
        self.register_buffer("sd", torch.ones(1920))
        self.fc1 = nn.Linear(1920 + 512, 512)
        self.fc2 = nn.Linear(512, zdim)

    @staticmethod
    def stats(taps):
        s = []
        for f in taps:
            f = f.float()
            s += [torch.log(f.mean((2, 3)) + 1e-1), torch.log(f.std((2, 3)) + 1e-1)]
        return torch.cat(s, 1)

    def forward(self, taps):
        s = ((self.stats(taps) - self.mu) / self.sd).clamp(-5, 5)
        # feature magnitudes of this VGG are large (0..1e3): tame them before the learned heads
        a = F.relu(self.h3(torch.log1p(taps[2].float()))).mean((2, 3))
        b = F.relu(self.h4(torch.log1p(taps[3].float()))).mean((2, 3))
        return self.fc2(F.relu(self.fc1(torch.cat([s, a, b], 1))))


class StyleDecoder(nn.Module):
    """(z, cond[2]) -> norm parameters p[P]."""

    def __init__(self, P, zdim=256):
        super().__init__()
        self.fc1 = nn.Linear(zdim + 2, 512)
        self.fc2 = nn.Linear(512, P)
        nn.init.normal_(self.fc2.weight, std=0.005)
        nn.init.zeros_(self.fc2.bias)

    def forward(self, z, c):
        return self.fc2(F.relu(self.fc1(torch.cat([z, c], 1))))


class Net(nn.Module):
    def __init__(self, **kw):
        super().__init__()
        self.t = Transformer(**kw)
        self.e = StyleEncoder()
        self.d = StyleDecoder(self.t.P)


def gram(f):
    b, c, h, w = f.shape
    v = f.reshape(b, c, h * w)
    return torch.bmm(v, v.transpose(1, 2)) / (h * w)
