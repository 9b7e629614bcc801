"""Trains the network of the fast method: any style picture, two controls, one pass."""
import argparse, glob, io, json, math, os, tarfile, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from net import *
ap = argparse.ArgumentParser(description="Trains the fast method's network.")
def arg(name, kind, default, words): ap.add_argument("--" + name, type=kind, default=default, help=f"{words} (default {default})")
ap.add_argument("--data", required=True, help="folder with content-*.tar (photographs) and style-*.tar (paintings)")
ap.add_argument("--out", required=True, help="folder for checkpoints and sheets")
ap.add_argument("--vgg", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "vgg16-features.safetensors"), help="VGG16's weights (default: those of the folder above)")
ap.add_argument("--weights", default="", help='JSON {"style-000.tar/NAME.jpg": weight}: how often each style is drawn (default: all alike)')
ap.add_argument("--resume", default="", help="checkpoint to start from")
arg("minutes", float, 1.0, "how long to train")
arg("maxiter", int, 10**9, "stop after so many steps")
arg("device", str, "cuda", "cuda or cpu")
arg("compile", int, 0, "1: torch.compile")
arg("limit", int, 0, "use only so many pictures of each kind; 0: all")
arg("batch", int, 32, "pictures in a step")
arg("size", int, 288, "side of a crop")
arg("late512", float, 0.8, "from this part of the time on, half as many crops of 400 pixels")
arg("margin", int, 16, "pixels at the border that no loss looks at")
arg("lr", float, 1e-3, "learning rate")
ap.add_argument("--lam", type=float, nargs=2, default=[0.7, 25.0], help="least and greatest style weight (default 0.7 25)")
arg("temporal", float, 3.0, "weight of the warped twin's loss")
arg("blocks", int, 8, "residual blocks")
arg("c3", int, 128, "channels of the blocks")
a = ap.parse_args()
dev = torch.device(a.device); os.makedirs(a.out, exist_ok=True)
torch.backends.cuda.matmul.allow_tf32 = True; torch.backends.cudnn.allow_tf32 = True; torch.backends.cudnn.benchmark = True
torch.manual_seed(0)
def log(*s): print(f"[{time.time()-T0:7.1f}]", *s, flush=True)
T0 = time.time()
def load(kind):
    blobs, names = [], []
    for f in sorted(glob.glob(f"{a.data}/{kind}-*.tar")):
        with tarfile.open(f) as t:
            for m in t:
                if m.isfile() and m.name.lower().endswith((".jpg",".jpeg",".png")): blobs.append(t.extractfile(m).read()); names.append(os.path.basename(f) + "/" + os.path.basename(m.name))
    if a.limit: blobs = blobs[:a.limit]
    def dec(b):
        try:
            im = Image.open(io.BytesIO(b)).convert("RGB"); w, h = im.size
            # canvas 400x400: half the time the whole picture is squashed only a little by cropping the long side to 1.25x
            s = 400 / min(w, h); im = im.resize((max(400, round(w*s)), max(400, round(h*s))), Image.LANCZOS) if s != 1 else im
            w, h = im.size; L = (w-400)//2; Tp = (h-400)//2
            return np.asarray(im.crop((L, Tp, L+400, Tp+400)))
        except Exception as e: return None
    with ThreadPoolExecutor(16) as ex: arr = [(n, x) for n, x in zip(names, ex.map(dec, blobs)) if x is not None]
    names = [n for n, _ in arr]; arr = [x for _, x in arr]
    x = torch.from_numpy(np.stack(arr)).permute(0,3,1,2).contiguous().to(dev)
    log(kind, tuple(x.shape))
    if kind == "style" and a.weights:
        w = json.load(open(a.weights)); return x, torch.tensor([w.get(n, 1e-3) for n in names], device=dev)
    return (x, torch.ones(len(x), device=dev)) if kind == "style" else x
content = load("content"); style, style_w = load("style")
vgg = VGG16(a.vgg).to(dev).eval(); net = Net(blocks=a.blocks, c3=a.c3).to(dev)
if dev.type == "cuda": vgg = vgg.to(memory_format=torch.channels_last); net = net.to(memory_format=torch.channels_last)
log("params transformer", sum(p.numel() for p in net.t.parameters()), "encoder", sum(p.numel() for p in net.e.parameters()), "decoder", sum(p.numel() for p in net.d.parameters()), "P", net.t.P)

def crop(src, idx, size, lo, hi, rot=0.05, jitter=0.0):
    """random scale/rotation/flip crop as one grid_sample; returns float [B,3,size,size] in 0..1"""
    b = len(idx); x = src[idx].float().div_(255)
    z = torch.empty(b, device=dev).uniform_(lo, hi) * (size/400)        # fraction of the canvas that the crop covers
    z = z.clamp(max=1.0)
    th = torch.empty(b, device=dev).uniform_(-rot, rot); fl = (torch.rand(b, device=dev) < .5).float()*2-1
    cx = (torch.rand(b, device=dev)*2-1)*(1-z); cy = (torch.rand(b, device=dev)*2-1)*(1-z)
    m = torch.stack([torch.stack([z*fl*th.cos(), -z*th.sin(), cx], 1), torch.stack([z*fl*th.sin(), z*th.cos(), cy], 1)], 1)
    g = F.affine_grid(m, (b, 3, size, size), align_corners=False)
    x = F.grid_sample(x, g, mode="bilinear", padding_mode="reflection", align_corners=False)
    if jitter:
        sel = (torch.rand(b, 1, 1, 1, device=dev) < 0.4).float()
        mat = torch.eye(3, device=dev)[None] + sel[:, :, :, 0]*torch.randn(b, 3, 3, device=dev)*jitter
        y = torch.einsum("bij,bjhw->bihw", mat, x-.5)+.5 + sel*torch.randn(b, 3, 1, 1, device=dev)*jitter*.5
        x = y.clamp(0, 1)
    return x
def small_warp(b, size):
    th = torch.empty(b, device=dev).uniform_(-.03, .03); z = torch.empty(b, device=dev).uniform_(.97, 1.03)
    t = torch.empty(b, 2, device=dev).uniform_(-16/size, 16/size)
    m = torch.stack([torch.stack([z*th.cos(), -z*th.sin(), t[:,0]], 1), torch.stack([z*th.sin(), z*th.cos(), t[:,1]], 1)], 1)
    return F.affine_grid(m, (b, 3, size, size), align_corners=False)
amp = lambda: torch.autocast(dev.type, dtype=torch.bfloat16)
def taps(x, upto=4):
    with amp(): return vgg_c(x.contiguous(memory_format=torch.channels_last), upto)
vgg_c = torch.compile(vgg) if a.compile else vgg
tr_c = torch.compile(net.t) if a.compile else net.t
if not a.resume:
    with torch.no_grad():
        S = torch.cat([StyleEncoder.stats(vgg(crop(style, torch.randint(len(style), (16,), device=dev), 256, .8, 1.4, jitter=.05))) for _ in range(24 if dev.type=="cuda" else 2)])
        net.e.mu.copy_(S.mean(0)); net.e.sd.copy_(S.std(0)+1e-3)
else: net.load_state_dict(torch.load(a.resume, map_location=dev)["net"])
ema = {k: v.clone() for k, v in net.state_dict().items()}
opt = torch.optim.AdamW(net.parameters(), lr=a.lr, betas=(.9, .99), weight_decay=1e-4)
W = torch.tensor([0.,1.,2.,3.], device=dev) - 1.5
def losses(y, c3, st, lam, tilt):
    ty = taps(y)
    lc = ((ty[2].float()-c3).square().mean((1,2,3)) / c3.square().mean((1,2,3)))
    wl = torch.softmax(tilt*W, 1)*4; ls = 0
    gs = []
    for l in range(4):
        f, s = ty[l].float(), st[l].float()
        G, Gs = gram(f), gram(s)
        g = (G-Gs).square().sum((1,2)) / Gs.square().sum((1,2))
        m1, m2, d1, d2 = f.mean((2,3)), s.mean((2,3)), f.std((2,3)), s.std((2,3))
        ms = ((m1-m2).square().sum(1)+(d1-d2).square().sum(1)) / (m2.square().sum(1)+d2.square().sum(1))
        gs.append((g.mean().detach(), ms.mean().detach())); ls = ls + wl[:, l]*(g+ms)/4
    return lc, ls, gs
def cond(b):
    u = torch.rand(b, 1, device=dev); t = torch.rand(b, 1, device=dev)*2-1
    lam = a.lam[0]*(a.lam[1]/a.lam[0])**u
    return lam[:, 0], t, torch.cat([u*2-1, t], 1)
def sheet(path, n=6, size=384):
    """rows: contents; columns: styles; uses the EMA weights"""
    keep = {k: v.clone() for k, v in net.state_dict().items()}; net.load_state_dict(ema); net.eval()
    g = torch.Generator(device="cpu").manual_seed(5)
    ci = torch.randint(len(content), (4,), generator=g).to(dev); si = torch.randint(len(style), (n,), generator=g).to(dev)
    C = content[ci].float()/255; S = style[si].float()/255
    with torch.no_grad():
        z = net.e(vgg(S))
        rows = [torch.cat([torch.ones_like(S[:1])]+[s[None] for s in S], 3)]
        for c in C:
            p = net.d(z, torch.tensor([[0.2, 0.]], device=dev).expand(n, 2))
            x = F.pad(c[None], (16,)*4, mode="reflect").expand(n, -1, -1, -1)
            y = net.t(x, p)[:, :, 16:-16, 16:-16]
            rows.append(torch.cat([c[None]]+[v[None] for v in y], 3))
        # lambda sweep and tilt sweep on the first pair
        x = F.pad(C[:1], (16,)*4, mode="reflect").expand(n, -1, -1, -1)
        for k in range(2):
            cc = torch.zeros(n, 2, device=dev); cc[:, k] = torch.linspace(-1, 1, n)
            y = net.t(x, net.d(z[k:k+1].expand(n, -1), cc))[:, :, 16:-16, 16:-16]
            rows.append(torch.cat([S[k:k+1]]+[v[None] for v in y], 3))
    im = (torch.cat(rows, 2)[0].clamp(0,1).permute(1,2,0)*255).byte().cpu().numpy()
    im = Image.fromarray(im); im.resize((im.width//2, im.height//2), Image.LANCZOS).save(path, quality=88)
    net.load_state_dict(keep); net.train()
def save(name): torch.save({"net": ema, "args": vars(a)}, f"{a.out}/{name}")
it = 0; seen = 0; start = time.time(); last = start; lastsave = start
while True:
    frac = (time.time()-start)/(a.minutes*60)
    if frac >= 1 or it >= a.maxiter: break
    lr = a.lr*min(1, (it+1)/300)*(0.02+0.98*0.5*(1+math.cos(math.pi*min(1, frac))))
    for gp in opt.param_groups: gp["lr"] = lr
    B, size = a.batch, a.size
    if a.late512 < 1 and frac > a.late512: B, size = max(2, a.batch//2), 400   # last part: larger crops, fewer of them
    x = crop(content, torch.randint(len(content), (B,), device=dev), size, .75, 1.35)
    s = crop(style, torch.multinomial(style_w, B, replacement=True), 256 if size < 400 else 368, .8, 1.4, jitter=.05)
    ident = torch.rand(B, device=dev) < .06
    M = a.margin
    lam, tilt, c = cond(B)
    with torch.no_grad():
        inner = x[:, :, M:-M, M:-M]
        if size < 400:
            if ident.any(): s[ident] = F.interpolate(inner[ident], size=s.shape[2:], mode="bilinear", antialias=True)
        tc = taps(inner, 3)[2].float(); st = [t.detach() for t in taps(s)]
    z = net.e(st)
    # half the batch is followed by a warped, noisy twin: the output must move with the input
    h = B//2; g = small_warp(h, size)
    xw = F.grid_sample(x[:h], g, padding_mode="reflection", align_corners=False) + torch.randn(h,1,1,1,device=dev)*.02 + torch.randn_like(x[:h])*(torch.rand(h,1,1,1,device=dev)*.03)
    p = net.d(z, c)
    with amp(): yy = tr_c(torch.cat([x, xw]).contiguous(memory_format=torch.channels_last), torch.cat([p, p[:h]])).float()
    y = yy[:B]; yw = yy[B:]
    lc, ls, gs = losses(y[:, :, M:-M, M:-M], tc, st, lam, tilt)
    K = 2*M
    lt = (F.grid_sample(y[:h], g, padding_mode="reflection", align_corners=False)-yw)[:, :, K:-K, K:-K].abs().mean()
    tv = (y[:,:,1:]-y[:,:,:-1]).abs().mean()+(y[:,:,:,1:]-y[:,:,:,:-1]).abs().mean()
    # identity: content as its own style must come back as it was
    li = ((y-x).square().mean((1,2,3))*ident.float()).sum()/B
    loss = ((lc+lam*ls)/(1+lam/4)).mean() + a.temporal*lt + 0.05*tv + 20*li
    opt.zero_grad(set_to_none=True); loss.backward()
    gn = torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    if torch.isfinite(gn): opt.step()
    with torch.no_grad():
        d = min(.999, (it+1)/(it+10))
        sd = net.state_dict()
        ks = [k for k in ema if ema[k].is_floating_point()]
        torch._foreach_lerp_([ema[k] for k in ks], [sd[k] for k in ks], 1-d)
    it += 1; seen += B
    now = time.time()
    if it in (1, 5, 20, 50) or now-last > 15:
        log(f"it {it} {100*frac:.0f}% lr {lr:.1e} loss {loss.item():.3f} content {lc.mean().item():.3f} style {ls.mean().item():.3f} temporal {lt.item():.4f} ident {li.item():.4f} gn {gn.item():.2f} img/s {seen/(now-start):.0f} per-layer " + " ".join(f"{x.item():.2f}/{m.item():.2f}" for x, m in gs)); last = now
    if now-lastsave > 150: save("last.pt"); sheet(f"{a.out}/sheet.jpg"); lastsave = time.time()
save("final.pt"); sheet(f"{a.out}/sheet_final.jpg"); log("done", it, seen)
