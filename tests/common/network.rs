//! Feature networks with random weights, in files of several programs.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};

/// Channels and convolutions of VGG19's blocks.
const WIDTHS: [usize; 5] = [64, 128, 256, 512, 512];
pub const VGG19: [usize; 5] = [2, 2, 4, 4, 4];

/// A 3x3 convolution: [out, in, 3, 3] and [out].
pub struct Convolution {
    pub block: usize,
    pub number: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// Named tensors of a file.
pub type Tensors = Vec<(String, Vec<usize>, Vec<f32>)>;

/// Convolutions whose weights keep the features' spread (He et al. 2015), up to the last of
/// `blocks`.
pub fn random(blocks: &[usize]) -> Vec<Convolution> {
    random_of(blocks, WIDTHS)
}

/// The same with so many channels in each block.
pub fn random_of(blocks: &[usize], widths: [usize; 5]) -> Vec<Convolution> {
    // xorshift (Marsaglia 2003).
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    let mut uniform = move || {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        (bits >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    let mut inputs = 3;
    let mut convolutions = Vec::new();
    for (block, &count) in blocks.iter().enumerate() {
        for number in 1..=count {
            let outputs = widths[block];
            // A uniform value of -1 to 1 has a variance of a third.
            let spread = (3.0 * 2.0 / (9 * inputs) as f32).sqrt();
            let weight = (0..outputs * inputs * 9).map(|_| uniform() * spread).collect();
            let bias = (0..outputs).map(|_| uniform() * 0.1).collect();
            let block = block + 1;
            convolutions.push(Convolution { block, number, inputs, outputs, weight, bias });
            inputs = outputs;
        }
    }
    convolutions
}

/// Our own names.
pub fn own(network: &[Convolution]) -> Tensors {
    let name = |c: &Convolution| format!("block{}_conv{}", c.block, c.number);
    network.iter().flat_map(|c| pair(c, [".weight", ".bias"].map(|part| name(c) + part))).collect()
}

/// Our own names, as of a slim network: with what its features are by the first of the whole one's.
pub fn slim(network: &[Convolution]) -> Tensors {
    let projections = network.iter().map(|c| {
        let channels = WIDTHS[c.block - 1];
        let at = |k: usize| f32::from(u8::from(k % channels == k / channels));
        let values = (0..c.outputs * channels).map(at).collect();
        let name = format!("block{}_conv{}.projection", c.block, c.number);
        (name, vec![c.outputs, channels], values)
    });
    own(network).into_iter().chain(projections).collect()
}

/// torchvision's names: all modules are numbered, with a ReLU after each convolution and a pooling
/// after each block.
pub fn torchvision(network: &[Convolution]) -> Tensors {
    let mut module = 0;
    let mut block = 1;
    let mut tensors = Vec::new();
    for c in network {
        module += usize::from(c.block > block);
        block = c.block;
        let names = ["weight", "bias"].map(|part| format!("features.{module}.{part}"));
        tensors.extend(pair(c, names));
        module += 2;
    }
    tensors
}

/// Keras's names and [3, 3, in, out] kernels.
pub fn keras(network: &[Convolution]) -> Tensors {
    let mut tensors = Vec::new();
    for c in network {
        let name = format!("block{}_conv{}", c.block, c.number);
        let mut kernel = Vec::with_capacity(c.weight.len());
        for at in 0..9 {
            for input in 0..c.inputs {
                let weight = |output| c.weight[(output * c.inputs + input) * 9 + at];
                kernel.extend((0..c.outputs).map(weight));
            }
        }
        tensors.push((format!("{name}/kernel:0"), vec![3, 3, c.inputs, c.outputs], kernel));
        tensors.push((format!("{name}/bias:0"), vec![c.outputs], c.bias.clone()));
    }
    tensors
}

fn pair(c: &Convolution, [weight, bias]: [String; 2]) -> Tensors {
    let dims = vec![c.outputs, c.inputs, 3, 3];
    vec![(weight, dims, c.weight.clone()), (bias, vec![c.outputs], c.bias.clone())]
}

/// A `.safetensors` file.
pub fn packed(tensors: &Tensors) -> Vec<u8> {
    packed_with(tensors, None)
}

/// The file of a slim network that stands for the one with this SHA-256.
pub fn packed_slim(tensors: &Tensors, whole: &str) -> Vec<u8> {
    packed_with(tensors, Some(HashMap::from([("slim_of".to_owned(), whole.to_owned())])))
}

fn packed_with(tensors: &Tensors, metadata: Option<HashMap<String, String>>) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, values)| values.iter().flat_map(|v| v.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, dims, _), bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, dims.clone(), bytes).unwrap())
    });
    safetensors::serialize(views, metadata).unwrap()
}
