"""Our fast method's networks in PyTorch, as they were trained: `models/train/net.py` with the weights of `models/`.

    python pytorch.py [options of painter.py]

The style's code is computed before. The statistics are those of the whole picture, as in training.
"""
import sys

import numpy as np
import onnx
import torch
from onnx import numpy_helper

import painter

sys.path.insert(0, str(painter.ROOT / "models" / "train"))
import net as definition  # noqa: E402


def weights():
    """Of the files' constants under the modules' names; what is stored as half floats ends in _h."""
    found = {}
    for file in ("style", "stylize"):
        for constant in onnx.load(painter.MODELS / f"{file}.onnx").graph.initializer:
            name = constant.name.removesuffix("_h")
            if name[:2] in ("t.", "e.", "d."):
                found[name] = torch.from_numpy(numpy_helper.to_array(constant).astype(np.float32))
    return found


def main():
    parser = painter.arguments("Paints with the fast method's networks in PyTorch.")
    parser.add_argument("--device", choices=["cpu", "cuda", "cuda:fp16"], default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.backends.cudnn.benchmark = torch.backends.cuda.matmul.allow_tf32 = True
    device, _, half = options.device.partition(":")
    number = torch.float16 if half else torch.float32
    network = definition.Net().eval()
    network.load_state_dict(weights())
    features = definition.VGG16(painter.MODELS / "vgg16-features.safetensors").eval()
    with torch.inference_mode():
        code = network.e(features(torch.from_numpy(painter.style_planes(options.style))))
        parameters = network.d(code, torch.tensor(painter.CONTROL))
    transformer = network.t.to(device, number, memory_format=torch.channels_last)
    parameters = parameters.to(device, number)

    @torch.inference_mode()
    def paint(content):
        image = torch.from_numpy(painter.planes(painter.whole(content))).to(device, number)
        painted = transformer(image.contiguous(memory_format=torch.channels_last), parameters)
        painted = painted.float().cpu().numpy()
        return painter.pixels(painted)[:content.shape[0], :content.shape[1]]
    painter.report(options, paint)


if __name__ == "__main__":
    main()
