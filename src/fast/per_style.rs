//! Networks that paint in the one style they were trained for (Johnson et al. 2016), brought by
//! the user: [1,3,H,W] in, the same out, as in the ONNX model zoo's fast neural style.

use std::path::Path;
use std::sync::Arc;

use prost::Message;

use super::sessions::Sessions;
use crate::error::{Error, ErrorKind, Result};
use crate::job::Cancel;
use crate::memory;
use crate::models::{ChannelOrder, Description, Task, read_checked, read_manifest, read_network};
use crate::onnx::{Dimension, GraphProto, ModelProto, TensorProto, ValueInfoProto};
use crate::runtime::{self, Device, Input, Outputs, Session};
use crate::workshop::Workshop;

/// How a network's pictures are to be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureFormat {
    /// The values of black and white.
    pub value_range: [f32; 2],
    /// The order of colour channels.
    pub channel_order: ChannelOrder,
    /// Sides are multiples of this.
    pub size_multiple: u32,
}

/// A network that a user brought, ready to paint.
pub struct PerStyle {
    name: String,
    network: Vec<u8>,
    format: PictureFormat,
    input: String,
    output: String,
    /// What it may take at work.
    most_bytes: u64,
    workshop: Arc<Workshop>,
    sessions: Sessions,
}

impl PictureFormat {
    pub(super) fn of(description: &Description) -> Self {
        Self {
            value_range: description.value_range,
            channel_order: description.channel_order,
            size_multiple: description.size_multiple,
        }
    }

    /// Three planes of encoded sRGB 0..1 as the network takes them.
    pub(super) fn encoded(&self, planes: &[f32]) -> Result<Vec<f32>> {
        let [black, white] = self.value_range;
        let mut encoded = memory::reserved(planes.len(), "the network's picture")?;
        let values = ordered(planes, self.channel_order);
        encoded.extend(values.map(|v| black + v * (white - black)));
        Ok(encoded)
    }

    fn check(self) -> Result<Self> {
        let [black, white] = self.value_range;
        if !(black.is_finite() && white.is_finite() && black < white) {
            let what = format!("cannot use a network with the value range {black}..{white}");
            return Err(Error::new(ErrorKind::Argument, what));
        }
        if !(1..=256).contains(&self.size_multiple) {
            let what = format!(
                "cannot use a network with the size multiple {}: it goes from 1 to 256",
                self.size_multiple
            );
            return Err(Error::new(ErrorKind::Argument, what));
        }
        Ok(self)
    }
}

impl PerStyle {
    /// Opens the network at `path`. Without a `format` it is described by the manifest beside it:
    /// the same name with the ending `.toml`, else `manifest.toml`.
    ///
    /// # Errors
    /// `Model`: no description, a file that does not match it, or a network of another kind.
    pub(crate) fn open(
        path: &Path,
        format: Option<PictureFormat>,
        memory: Option<u64>,
        workshop: &Arc<Workshop>,
    ) -> Result<Self> {
        let (bytes, format) = match format {
            Some(format) => (read_network(path)?, format),
            None => {
                let description = described(path)?;
                (read_checked(path, &description.sha256)?, PictureFormat::of(&description))
            }
        };
        let refuse = |why: &str| {
            let what = format!("cannot use the network '{}': {why}", path.display());
            Error::new(ErrorKind::Model, what)
        };
        let mut model =
            ModelProto::decode(&bytes[..]).map_err(|_| refuse("it is not an ONNX file"))?;
        let graph = model.graph.as_mut().ok_or_else(|| refuse("it is not an ONNX file"))?;
        if let Some(file) = file_outside(graph) {
            return Err(refuse(&format!(
                "its weights lie in another file, '{file}': save it as one file"
            )));
        }
        take_any_size(graph);
        let most_bytes = memory.unwrap_or_else(|| memory::available() / 8 * 7);
        let mut own = Self {
            name: path.display().to_string(),
            network: model.encode_to_vec(),
            format: format.check()?,
            input: String::new(),
            output: String::new(),
            most_bytes,
            workshop: Arc::clone(workshop),
            sessions: Sessions::default(),
        };
        [own.input, own.output] = own.with_session(&workshop.device, |session| {
            let [input] = picture_ports(session.inputs(), "inputs").map_err(|e| refuse(&e))?;
            let [output] = picture_ports(session.outputs(), "outputs").map_err(|e| refuse(&e))?;
            Ok([input, output])
        })?;
        Ok(own)
    }

    pub(super) fn size_multiple(&self) -> u32 {
        self.format.size_multiple
    }

    /// Makes it ready on a device. The device that it runs on, and why that is another than the
    /// best that was there to be tried.
    pub(super) fn prepare(&self, chosen: &Device) -> Result<(Device, Option<String>)> {
        self.with_session(chosen, |session| Ok(session.device_and_fallback()))
    }

    /// Three planes of encoded sRGB 0..1 to the same painted.
    pub(super) fn run(
        &self,
        planes: &[f32],
        [width, height]: [usize; 2],
        chosen: &Device,
        cancel: &Cancel,
    ) -> Result<Vec<f32>> {
        let [black, white] = self.format.value_range;
        let input = self.format.encoded(planes)?;
        let shape = [1, 3, height as i64, width as i64];
        let picture = Input { name: &self.input, shape: &shape, values: &input };
        let (name, output, order) = (&self.name, &self.output, self.format.channel_order);
        let take = |outputs: &Outputs<'_>| {
            let (painted, values) = outputs.floats(output)?;
            if painted != shape {
                let what = format!(
                    "cannot paint with the network '{name}': given {width}x{height} it returned \
                     the dimensions {painted:?}; describe its size multiple"
                );
                return Err(Error::new(ErrorKind::Model, what));
            }
            if values.iter().any(|v| !v.is_finite()) {
                let what =
                    format!("cannot paint with the network '{name}': it returned no numbers");
                return Err(Error::new(ErrorKind::Model, what));
            }
            let mut colors = memory::reserved(values.len(), "the network's painting")?;
            colors.extend(ordered(values, order).map(|v| (v - black) / (white - black)));
            Ok(colors)
        };
        self.with_session(chosen, |session| session.run(&[picture], cancel, take))
    }

    fn with_session<T>(
        &self,
        chosen: &Device,
        run: impl FnOnce(&mut Session) -> Result<T>,
    ) -> Result<T> {
        let network = runtime::Network {
            most_bytes: Some(self.most_bytes),
            ..runtime::Network::from(&self.network)
        };
        let make = |device: &Device| self.workshop.session(&self.name, network, device);
        self.sessions.with(chosen, make, run).map_err(|e| match e.kind() {
            ErrorKind::Memory => {
                let what = format!(
                    "the network wants more memory than the {} MiB that it may take: paint a \
                     smaller picture, or end other programs",
                    self.most_bytes >> 20
                );
                Error::caused(ErrorKind::Memory, what, e)
            }
            _ => e,
        })
    }
}

/// Planes in the network's order, or back: reversing is its own inverse.
fn ordered(planes: &[f32], order: ChannelOrder) -> impl Iterator<Item = f32> {
    let plane = planes.len() / 3;
    (0..3).flat_map(move |k| {
        let from = if order == ChannelOrder::Bgr { 2 - k } else { k };
        planes[from * plane..(from + 1) * plane].iter().copied()
    })
}

fn described(path: &Path) -> Result<Description> {
    let own = path.with_extension("toml");
    let shared = path.with_file_name("manifest.toml");
    let manifest = [own, shared].into_iter().find(|manifest| manifest.is_file());
    let described = match &manifest {
        Some(manifest) => read_manifest(manifest)?.into_iter().find(|description| {
            description.task == Task::PerStyle
                && Some(description.file.as_os_str()) == path.file_name()
        }),
        None => None,
    };
    described.ok_or_else(|| {
        let what = format!(
            "cannot use the network '{}': nothing describes it; give the values of black and \
             white in its pictures, or a manifest '{}' with a [[network]] of the task \"per-style\"",
            path.display(),
            path.with_extension("toml").display()
        );
        Error::new(ErrorKind::Model, what)
    })
}

/// Networks are often exported for one size (the model zoo's: 224x224) though they take any:
/// their first input's and outputs' sides become free, and recorded sizes in between are dropped.
fn take_any_size(graph: &mut GraphProto) {
    let constants: Vec<_> =
        graph.initializer.iter().filter_map(|constant| constant.name.clone()).collect();
    // Old files list constants as inputs, too.
    graph.input.retain(|input| input.name.as_ref().is_none_or(|name| !constants.contains(name)));
    graph.value_info.clear();
    for value in graph.input.iter_mut().chain(&mut graph.output) {
        free_sides(value);
    }
}

/// The file of the first constant whose values are not in the network's own.
fn file_outside(graph: &GraphProto) -> Option<String> {
    let attributes = || graph.node.iter().flat_map(|node| &node.attribute);
    let constants = attributes().filter_map(|attribute| attribute.t.as_ref());
    let outside = |constant: &TensorProto| {
        let named = constant.external_data.iter().find(|entry| entry.key() == "location");
        let is_outside = constant.data_location == Some(1) || named.is_some();
        is_outside.then(|| named.map_or_else(String::new, |entry| entry.value().to_owned()))
    };
    let nested = || attributes().filter_map(|attribute| attribute.g.as_ref());
    graph
        .initializer
        .iter()
        .chain(constants)
        .find_map(outside)
        .or_else(|| nested().find_map(file_outside))
}

fn free_sides(value: &mut ValueInfoProto) {
    let shape = value.r#type.as_mut().and_then(|t| t.tensor_type.as_mut()?.shape.as_mut());
    if let Some(shape) = shape
        && shape.dim.len() == 4
    {
        let name = value.name.clone().unwrap_or_default();
        for axis in [2, 3] {
            shape.dim[axis] =
                Dimension { dim_value: None, dim_param: Some(format!("{name}_{axis}")) };
        }
    }
}

/// The names of all inputs or outputs, which must be one picture.
fn picture_ports(
    ports: Vec<(String, Option<Vec<i64>>)>,
    kind: &str,
) -> Result<[String; 1], String> {
    match &ports[..] {
        [(name, Some(shape))]
            if shape.len() == 4 && [1, -1].contains(&shape[0]) && [3, -1].contains(&shape[1]) =>
        {
            Ok([name.clone()])
        }
        _ => Err(format!("its {kind} are not one picture of floats [1,3,H,W], but {ports:?}")),
    }
}
