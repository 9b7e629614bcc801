//! The network that paints, with a look's normalisation folded into its weights.

use std::fmt::Display;

use super::method::FastMethod;
use super::network::pixels;
use super::recent::Key;
use super::tiles::Painter;
use crate::canvas::{Color, Region};
use crate::error::Result;
use crate::graph::{Constant, Form, in_half};
use crate::job::Cancel;
use crate::runtime::{Device, Input, Network, Session};
use crate::workshop;

/// Ready to paint in one look.
pub(super) struct Folded<'m> {
    method: &'m FastMethod,
    affine: Vec<f32>,
    network: Ready,
    device: Device,
    fallback: Option<String>,
}

enum Ready {
    /// For this look alone: the weights are constants, which ONNX Runtime lays out for a processor.
    Own(Session),
    /// For every look: the weights are inputs, so that a GPU keeps what it planned for a size.
    Shared { chosen: Device, open: Vec<u8>, weights: Vec<Constant> },
}

impl<'m> Folded<'m> {
    pub fn new(method: &'m FastMethod, affine: &[f32], chosen: &Device) -> Result<Self> {
        workshop::ensure_room("a network")?;
        if !method.workshop.runtime.may_use_gpu(chosen) {
            let session = own(method, affine, None, chosen)?;
            return Ok(Self::alone(method, affine, session));
        }
        let (open, weights) = method.network.open_render_graph(affine)?;
        let known = method.painters.device(chosen);
        let (device, fallback) = match known {
            Some(known) => known,
            None => {
                let session = own(method, affine, Some(&open), chosen)?;
                if !session.device().is_gpu() {
                    return Ok(Self::alone(method, affine, session));
                }
                let known = session.device_and_fallback();
                method.painters.keep(chosen, session);
                known
            }
        };
        let network = Ready::Shared { chosen: chosen.clone(), open, weights };
        Ok(Self { method, affine: affine.to_vec(), network, device, fallback })
    }

    fn alone(method: &'m FastMethod, affine: &[f32], session: Session) -> Self {
        let (device, fallback) = session.device_and_fallback();
        Self { method, affine: affine.to_vec(), network: Ready::Own(session), device, fallback }
    }

    /// The device that it paints on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Why that is the CPU though another device was there to be tried.
    pub fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }
}

/// A session for a look; for any look if it comes to run on a GPU and has an open graph.
fn own(
    method: &FastMethod,
    affine: &[f32],
    open: Option<&[u8]>,
    chosen: &Device,
) -> Result<Session> {
    let onnx = method.network.render_graph(affine, Form::Onnx)?;
    let for_cpu = method.network.render_graph(affine, Form::Cpu)?;
    let network = Network {
        for_cpu: Some(&for_cpu),
        for_gpu: open,
        in_half: Some(in_half),
        ..Network::from(&onnx)
    };
    method.workshop.session("render", network, chosen)
}

impl Painter for Folded<'_> {
    fn run(
        &mut self,
        planes: &[f32],
        seen: &Region,
        inner: &Region,
        cancel: &Cancel,
    ) -> Result<Vec<Color>> {
        let Region { x, y } = inner;
        let (left, top) = (x.start - seen.x.start, y.start - seen.y.start);
        let [width, height] = [inner.width(), inner.height()];
        let named: [&dyn Display; 6] = [&self.device, &seen.width(), &left, &top, &width, &height];
        let key = Key::of(&named, planes, &[&self.affine]);
        self.method.painted.get_or(key, || self.paint(planes, seen, inner, cancel))
    }
}

impl Folded<'_> {
    fn paint(
        &mut self,
        planes: &[f32],
        seen: &Region,
        inner: &Region,
        cancel: &Cancel,
    ) -> Result<Vec<Color>> {
        let shape = [1, 3, seen.height() as i64, seen.width() as i64];
        let image = Input { name: "image", shape: &shape, values: planes };
        let pool = self.method.pool();
        let paint = |session: &mut Session, inputs: &[Input<'_>]| {
            session.run(inputs, cancel, |outputs| {
                let painted = outputs.floats("painted")?;
                pool.install(|| pixels(painted, seen, inner))
            })
        };
        match &mut self.network {
            Ready::Own(session) => paint(session, &[image]),
            Ready::Shared { chosen, open, weights } => {
                let weights = weights.iter().map(|Constant { name, dims, values }| Input {
                    name,
                    shape: dims,
                    values,
                });
                let inputs: Vec<_> = [image].into_iter().chain(weights).collect();
                let size = [seen.width(), seen.height()];
                let network = Network { in_half: Some(in_half), ..Network::from(&*open) };
                let make =
                    |chosen: &Device| self.method.workshop.session("render", network, chosen);
                self.method.painters.with_size(chosen, size, make, |each| paint(each, &inputs))
            }
        }
    }
}
