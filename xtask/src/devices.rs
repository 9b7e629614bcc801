//! What other devices need from PyPI, pinned by SHA-256.

use std::path::PathBuf;

use crate::bundle::{Bundle, Wheel};
use crate::repo::Repo;
use crate::runtime;

/// OpenVINO's provider for ONNX Runtime with OpenVINO for processors. Its GPU and NPU parts, twice
/// the size, are left out.
pub const OPENVINO: Bundle = Bundle {
    name: "OpenVINO",
    folder: "openvino",
    wheels: &[Wheel {
        package: "onnxruntime-ep-openvino",
        version: "1.8.1",
        platform: "manylinux_2_28_x86_64",
        sha256: "3832643158c8c187fcab6db661cde2a8c06a2b3559d95d0f2411ac0e51c5e924",
        folders: ["onnxruntime_ep_openvino", ""],
        members: &[
            OPENVINO_LIBRARY,
            "libopenvino.so.2641",
            "libopenvino_intel_cpu_plugin.so",
            "libopenvino_onnx_frontend.so.2641",
            "libtbb.so.12",
            "libtbbmalloc.so.2",
            "libtbbbind_2_5.so.3",
            "libhwloc.so.15",
            "third-party-programs.txt",
        ],
        renamed: &[],
    }],
};

/// The library that `IMPASTO_OPENVINO` names.
pub const OPENVINO_LIBRARY: &str = "libonnxruntime_providers_openvino_plugin.so";

/// ONNX Runtime for NVIDIA's GPUs with the libraries that it asks for: 1.5 GB to download.
pub const CUDA: Bundle = Bundle {
    name: "ONNX Runtime for CUDA 13",
    folder: "onnxruntime-cuda",
    wheels: &[
        Wheel {
            package: "onnxruntime-gpu",
            version: "1.31.1",
            platform: "manylinux_2_28_x86_64",
            sha256: "05d548956197b9d01f59b625de740e0d6be3593f874e241a12dc0362650ecdf7",
            folders: ["onnxruntime/capi", ""],
            members: &["libonnxruntime_providers_cuda.so", "libonnxruntime_providers_shared.so"],
            renamed: &[
                ["onnxruntime/capi/libonnxruntime.so.1.31.1", runtime::LIBRARY],
                ["onnxruntime/LICENSE", "LICENSE"],
                ["onnxruntime/ThirdPartyNotices.txt", "ThirdPartyNotices.txt"],
                ["onnxruntime/Privacy.md", "Privacy.md"],
            ],
        },
        Wheel {
            package: "nvidia-cuda-runtime",
            version: "13.5.37",
            platform: "manylinux2014_x86_64",
            sha256: "df2b79a8852f10d1fef8c848489c49eebb5754051bf870202a862831412b179d",
            folders: ["nvidia/cu13/lib", "cuda/"],
            members: &["libcudart.so.13"],
            renamed: &[[
                "nvidia_cuda_runtime-13.5.37.dist-info/licenses/License.txt",
                "LICENSE-CUDA.txt",
            ]],
        },
        Wheel {
            package: "nvidia-cublas",
            version: "13.8.2.12",
            platform: "manylinux_2_27_x86_64",
            sha256: "21721774d8e7044debec3034ecc1a8cd22e173eb6dae5d7f5f8a014852382894",
            folders: ["nvidia/cu13/lib", "cuda/"],
            members: &["libcublas.so.13", "libcublasLt.so.13"],
            renamed: &[],
        },
        Wheel {
            package: "nvidia-curand",
            version: "10.4.5.25",
            platform: "manylinux_2_27_x86_64",
            sha256: "22bb226a857e5888fe6b54ae465fc4371296bcff13a35f79e19691bcf454f529",
            folders: ["nvidia/cu13/lib", "cuda/"],
            members: &["libcurand.so.10"],
            renamed: &[],
        },
        Wheel {
            package: "nvidia-cufft",
            version: "12.5.0.14",
            platform: "manylinux2014_x86_64",
            sha256: "b8be26837a5abad2b5b74f3e92dd29f622a42934b355be0961a48712cbba23ad",
            folders: ["nvidia/cu13/lib", "cuda/"],
            members: &["libcufft.so.12"],
            renamed: &[],
        },
        Wheel {
            package: "nvidia-cuda-nvrtc",
            version: "13.5.37",
            platform: "manylinux2010_x86_64",
            sha256: "86b4d68058807988b7d9af5b44917a0601e9c337f35ccd657bfb3c759ff8d8bc",
            folders: ["nvidia/cu13/lib", "cuda/"],
            members: &["libnvrtc.so.13", "libnvrtc-builtins.so.13.5"],
            renamed: &[],
        },
        Wheel {
            package: "nvidia-cudnn-cu13",
            version: "9.28.1.4",
            platform: "manylinux_2_27_x86_64",
            sha256: "a54f205b1db1f2895d99f398754db1369816f0569dd459731f925635cf7b65ec",
            folders: ["nvidia/cudnn/lib", "cuda/"],
            members: &[
                "libcudnn.so.9",
                "libcudnn_adv.so.9",
                "libcudnn_cnn.so.9",
                "libcudnn_engines_precompiled.so.9",
                "libcudnn_engines_runtime_compiled.so.9",
                "libcudnn_engines_tensor_ir.so.9",
                "libcudnn_ext.so.9",
                "libcudnn_graph.so.9",
                "libcudnn_heuristic.so.9",
                "libcudnn_ops.so.9",
            ],
            renamed: &[[
                "nvidia_cudnn_cu13-9.28.1.4.dist-info/licenses/License.txt",
                "LICENSE-cuDNN.txt",
            ]],
        },
    ],
};

/// ONNX Runtime for Windows, with DirectML for any GPU of DirectX 12.
pub const DIRECTML: Bundle = Bundle {
    name: "ONNX Runtime for Windows",
    folder: "onnxruntime-directml",
    wheels: &[Wheel {
        package: "onnxruntime-directml",
        version: "1.24.4",
        platform: "win_amd64",
        sha256: "f2ecb68b7b7b259d2ef3112ae760149f9b5a1e7c0fbb73d539da6250a648a614",
        folders: ["onnxruntime/capi", ""],
        members: &["onnxruntime.dll", "DirectML.dll"],
        renamed: &[
            ["onnxruntime/LICENSE", "LICENSE"],
            ["onnxruntime/ThirdPartyNotices.txt", "ThirdPartyNotices.txt"],
            ["onnxruntime/Privacy.md", "Privacy.md"],
        ],
    }],
};

/// The folder of the ONNX Runtime to run and to install: the one for CUDA once it is set up. It
/// serves the CPU as well.
pub fn runtime_in_use(repo: &Repo) -> PathBuf {
    if CUDA.is_set_up(repo) { CUDA.folder_in(repo) } else { runtime::CPU.folder_in(repo) }
}
