"""Exports a trained network as style.onnx, stylize.onnx and render.onnx (fp32 compute, large weights stored as fp16).

    python export.py CHECKPOINT VGG16_SAFETENSORS FOLDER
"""
import sys, numpy as np, torch, torch.nn as nn, onnx
from onnx import numpy_helper as nh, helper as oh, TensorProto as TP
from net import *
if len(sys.argv) != 4: raise SystemExit(__doc__)
ck, vggf, out = sys.argv[1:]
st = torch.load(ck, map_location="cpu"); a = st["args"]
net = Net(blocks=a["blocks"], c3=a["c3"]); net.load_state_dict(st["net"]); net.eval(); vgg = VGG16(vggf).eval()
class Style(nn.Module):
    def __init__(s): super().__init__(); s.v = vgg; s.e = net.e
    def forward(s, style): return s.e(s.v(style))
class Stylize(nn.Module):
    def __init__(s): super().__init__(); s.t = net.t; s.d = net.d
    def forward(s, image, code, control): return s.t.analyze(image, s.d(code, control))
class Render(nn.Module):
    def __init__(s): super().__init__(); s.t = net.t
    def forward(s, image, affine): return s.t.render(image, affine)
def fp16_weights(path):
    m = onnx.load(path); g = m.graph; keep = []
    for i in list(g.initializer):
        w = nh.to_array(i)
        if w.dtype == np.float32 and w.size >= 1024:
            g.initializer.remove(i); n = i.name
            h = nh.from_array(w.astype(np.float16), n + "_h"); keep.append((h, oh.make_node("Cast", [n + "_h"], [n], to=TP.FLOAT, name="cast_" + n)))
    for h, _ in keep: g.initializer.append(h)
    for k, (_, c) in enumerate(keep): g.node.insert(k, c)
    onnx.save(m, path); onnx.checker.check_model(path)
B = dict(opset_version=17, dynamo=False, do_constant_folding=True)
P = net.t.P
torch.onnx.export(Style(), (torch.rand(1,3,256,256),), f"{out}/style.onnx", input_names=["style"], output_names=["code"], dynamic_axes={"style":{2:"h",3:"w"}}, **B)
torch.onnx.export(Stylize(), (torch.rand(1,3,128,128), torch.rand(1,256), torch.zeros(1,2)), f"{out}/stylize.onnx", input_names=["image","code","control"], output_names=["stylized","affine"], dynamic_axes={"image":{2:"h",3:"w"},"stylized":{2:"h",3:"w"}}, **B)
torch.onnx.export(Render(), (torch.rand(1,3,128,128), torch.rand(1,P)), f"{out}/render.onnx", input_names=["image","affine"], output_names=["stylized"], dynamic_axes={"image":{2:"h",3:"w"},"stylized":{2:"h",3:"w"}}, **B)
for n in ("style","stylize","render"): fp16_weights(f"{out}/{n}.onnx")
