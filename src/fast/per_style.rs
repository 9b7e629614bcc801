//! Networks that paint in the one style they were trained for (Johnson et al. 2016), brought by
//! the user: [1,3,H,W] in, the same out, as in the ONNX model zoo's fast neural style.

use std::path::Path;
use std::sync::Arc;

use prost::Message;

use super::sessions::Sessions;
use crate::error::{Error, ErrorKind, Result};
use crate::job::Cancel;
use crate::memory;
use crate::models::{ChannelOrder, Description, Task, read_checked, read_manifest};
use crate::onnx::{Dimension, ModelProto, ValueInfoProto};
use crate::runtime::{Device, Input, Outputs, Session};
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
        workshop: &Arc<Workshop>,
    ) -> Result<Self> {
        let (bytes, format) = match format {
            Some(format) => (read(path)?, format),
            None => {
                let description = described(path)?;
                (read_checked(path, &description.sha256)?, PictureFormat::of(&description))
            }
        };
        let refuse = |why: &str| {
            let what = format!("cannot use the network '{}': {why}", path.display());
            Error::new(ErrorKind::Model, what)
        };
        let network = with_any_size(&bytes).ok_or_else(|| refuse("it is not an ONNX file"))?;
        let name = path.display().to_string();
        let sessions = Sessions::default();
        let make = |device: &Device| workshop.session(&name, &network, device);
        let [input, output] = sessions.with(&workshop.device, make, |session| {
            let [input] = picture_ports(session.inputs(), "inputs").map_err(|e| refuse(&e))?;
            let [output] = picture_ports(session.outputs(), "outputs").map_err(|e| refuse(&e))?;
            Ok([input, output])
        })?;
        let (format, workshop) = (format.check()?, Arc::clone(workshop));
        Ok(Self { name, network, format, input, output, workshop, sessions })
    }

    pub(super) fn size_multiple(&self) -> u32 {
        self.format.size_multiple
    }

    /// Makes it ready on a device. The device that it runs on, and why that is another than the
    /// best that was there to be tried.
    pub(super) fn prepare(&self, chosen: &Device) -> Result<(Device, Option<String>)> {
        self.with_session(chosen, |session| {
            Ok((session.device().clone(), session.fallback().map(str::to_owned)))
        })
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
        let make = |device: &Device| self.workshop.session(&self.name, &self.network, device);
        self.sessions.with(chosen, make, run)
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

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| {
        Error::caused(ErrorKind::Model, format!("cannot read the network '{}'", path.display()), e)
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
fn with_any_size(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut model = ModelProto::decode(bytes).ok()?;
    let graph = model.graph.as_mut()?;
    let constants: Vec<_> =
        graph.initializer.iter().filter_map(|constant| constant.name.clone()).collect();
    // Old files list constants as inputs, too.
    graph.input.retain(|input| input.name.as_ref().is_none_or(|name| !constants.contains(name)));
    graph.value_info.clear();
    for value in graph.input.iter_mut().chain(&mut graph.output) {
        free_sides(value);
    }
    Some(model.encode_to_vec())
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
