//! The fast method's networks: one takes a style, one takes statistics, one paints.

use std::path::Path;
use std::sync::Arc;

use rayon::ThreadPool;

use super::cache;
use super::faces::Faces;
use super::folded::Folded;
use super::layers::Layer;
use super::look::{Look, code_hash};
use super::network::{CODE_LENGTH, Network};
use super::options::FastOptions;
use super::per_style::PictureFormat;
use super::recent::{Key, Recent};
use super::sessions::Sessions;
use super::sheet::Sheet;
use super::statistics;
use super::style::Style;
use super::tiles::Painter;
use super::turbulence::Turbulence;
use super::underpainting::{Ground, Underpainting};
use crate::canvas::{Color, KeepColor};
use crate::color::{ColorMatch, Conversion, Thumbnail};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::Form;
use crate::image::{ColorSpace, Picture, PixelView};
use crate::job::Cancel;
use crate::ladder::Ladder;
use crate::method::Work;
use crate::models::Models;
use crate::observer::Job;
use crate::runtime::{self, Device, Input, Session};
use crate::workshop::{self, Workshop};

/// The short side at which a style picture is looked at: strokes were learned at 256 to 400.
const STYLE_SIDE: u32 = 320;

/// The longest side: a scroll or a frieze does not take minutes.
const LONGEST_STYLE_SIDE: u32 = 1280;

/// The networks of the fast method.
pub(crate) struct FastMethod {
    models: Models,
    pub(super) workshop: Arc<Workshop>,
    pub(super) network: Network,
    /// `style.onnx`, once a style picture was seen.
    encoders: Sessions,
    /// The network that measures, once anything was painted.
    analysts: Sessions,
    /// The network that paints, on GPUs.
    pub(super) painters: Sessions,
    /// The network that finds faces, once any were to be kept.
    face_finders: Sessions,
    measured: Recent<Vec<f32>>,
    pub(super) painted: Recent<Vec<Color>>,
    found: Recent<Option<Faces>>,
}

/// What is to be measured of a picture.
#[derive(Clone, Copy)]
pub(super) struct Measured<'m> {
    /// The picture as the network sees it, small.
    pub seen: &'m Sheet,
    pub style: &'m Style,
    pub layer: &'m Layer,
    pub turbulence: Turbulence,
    pub faces: Option<&'m Faces>,
    pub cancel: &'m Cancel,
}

impl FastMethod {
    pub fn new(models: Models, workshop: Arc<Workshop>) -> Result<Self> {
        workshop::ensure_room("a network")?;
        let network = Network::parse("render.onnx", &models.load("render")?)?;
        let [encoders, analysts, painters, face_finders] =
            std::array::from_fn(|_| Sessions::default());
        Ok(Self {
            models,
            workshop,
            network,
            encoders,
            analysts,
            painters,
            face_finders,
            measured: Recent::default(),
            painted: Recent::default(),
            found: Recent::default(),
        })
    }

    /// Prepares the network that measures.
    pub fn prepare(&self) -> Result<()> {
        self.analysts.with(&self.workshop.device, |device| self.analyst(device), |_| Ok(()))
    }

    pub fn style_of_picture(
        &self,
        picture: &Picture,
        name: &str,
        cache_folder: Option<&Path>,
        job: Job<'_>,
    ) -> Result<Style> {
        job.step("Looking at the style", 0.0)?;
        let network = self.models.sha256("style").unwrap_or_default().to_owned();
        let key = cache::key(picture, &network);
        if let Some(mut style) = cache::load(cache_folder, &key, &network) {
            style.name = name.to_owned();
            return Ok(style);
        }
        let [width, height] = picture.square_size();
        let shrink = (f64::from(STYLE_SIDE) / f64::from(width.min(height)))
            .min(f64::from(LONGEST_STYLE_SIDE) / f64::from(width.max(height)));
        let size = [width, height].map(|side| (f64::from(side) * shrink.min(1.0)).round() as u32);
        let conversion = Conversion::new(picture.color_space())?;
        let mut seen = self
            .pool()
            .install(|| Thumbnail::of(picture.view(), &conversion, size[0], size[1], job.cancel))?;
        seen.fill_transparent()?;
        // Its deepest features need 8 pixels; mirroring a tiny picture up leaves its statistics.
        let seen_whole = [seen.width as u32, seen.height as u32];
        let input =
            self.pool().install(|| statistics::mirrored(&Sheet::of(&seen, seen_whole)?, 0, 1))?;
        let shape = [1, 3, input.height as i64, input.width as i64];
        let image = Input { name: "style", shape: &shape, values: &input.planes };
        let code = with_session(
            &self.encoders,
            &self.workshop.device,
            |device| self.workshop.session("style", &self.models.load("style")?, device),
            |encoder| {
                let inputs = [image];
                encoder.run(&inputs, job.cancel, |out| Ok(out.floats("code")?.1.to_vec()))
            },
        )?;
        if code.len() != CODE_LENGTH || code.iter().any(|v| !v.is_finite()) {
            let what = format!("cannot use '{name}' as a style: its code is not finite");
            return Err(Error::new(ErrorKind::Style, what));
        }
        let style = Style::unnamed(name, &network, code);
        cache::store(cache_folder, &key, &style);
        job.step("Looking at the style", 1.0)?;
        Ok(style)
    }

    /// What a painting of `picture` would take from the whole of it.
    pub fn look(
        &self,
        picture: PixelView<'_>,
        color_space: &ColorSpace,
        style: &Style,
        options: &FastOptions,
        work: Work<'_>,
        ladder: &mut Ladder<'_>,
    ) -> Result<Look> {
        let Work { finishing, seed, picture_scale, job, .. } = work;
        self.check_style(style)?;
        job.step("Looking at the picture", 0.0)?;
        let conversion = Conversion::new(color_space)?;
        let layers = options.layering([picture.width(), picture.height()], picture_scale, false);
        let under = Underpainting {
            method: self,
            style,
            picture,
            conversion: &conversion,
            look: None,
            composition: None,
            plain_areas: finishing.plain_areas,
            keep_faces: options.keep_faces,
            seed,
            job,
        };
        let Ground { overview, seen, faces, mut affines, .. } = under.ground(&layers, ladder)?;
        let turbulence = Turbulence::new(layers.finest.turbulence, seed);
        let cancel = job.cancel;
        let layer = &layers.finest;
        let faces = faces.as_ref();
        let measured = Measured { seen: &seen, style, layer, turbulence, faces, cancel };
        let device = &self.workshop.device;
        let affine = self.affine(measured, device, &mut device.clone())?;
        let color_match = if finishing.keep_color == KeepColor::Match {
            let mut painter = Folded::new(self, &affine, device)?;
            Some(self.color_match(measured, &overview.thumbnail, &mut painter)?)
        } else {
            None
        };
        affines.insert(0, affine);
        job.step("Looking at the picture", 1.0)?;
        let network = self.network_of_looks().to_owned();
        Ok(Look { affines, color_match, network, style: Some(code_hash(style)) })
    }

    /// The normalisation that the whole picture gets, from a small version of it. `used` becomes the
    /// device that does the work.
    pub(super) fn affine(
        &self,
        measured: Measured<'_>,
        device: &Device,
        used: &mut Device,
    ) -> Result<Vec<f32>> {
        let Measured { seen, style, layer, turbulence, faces, cancel } = measured;
        let part;
        let seen = match layer.measured {
            1.0 => seen,
            share => {
                part = statistics::measured(seen, share, self.pool())?;
                &part
            }
        };
        let input = statistics::input(seen, 0, turbulence, faces, self.pool())?;
        let shape = [1, 3, input.height as i64, input.width as i64];
        let inputs = [
            Input { name: "image", shape: &shape, values: &input.planes },
            Input { name: "code", shape: &[1, CODE_LENGTH as i64], values: &style.code },
            Input { name: "control", shape: &[1, 2], values: &layer.controls },
        ];
        let size = [input.width, input.height];
        let make = |device: &Device| self.analyst(device);
        let others = [&style.code[..], &layer.controls];
        let key = Key::of(&[device, &input.width], &input.planes, &others);
        let affine = self.measured.get_or(key, || {
            self.analysts.with_size(device, size, make, |analyst| {
                *used = analyst.device().clone();
                analyst.run(&inputs, cancel, |outputs| Ok(outputs.floats("affine")?.1.to_vec()))
            })
        })?;
        if affine.iter().any(|v| !v.is_finite()) {
            let what = format!("cannot paint in the style '{}': its code is extreme", style.name);
            return Err(Error::new(ErrorKind::Style, what));
        }
        Ok(affine)
    }

    /// The map to the photograph's colours, of the thumbnail, so that all tiles agree.
    pub(super) fn color_match(
        &self,
        measured: Measured<'_>,
        thumbnail: &Thumbnail,
        painter: &mut dyn Painter,
    ) -> Result<ColorMatch> {
        let Measured { seen, turbulence, faces, cancel, .. } = measured;
        statistics::color_match(thumbnail, seen, turbulence, faces, painter, self.pool(), cancel)
    }

    /// The faces of a picture whose small version this is, of which `share` is kept.
    pub(super) fn faces(
        &self,
        thumbnail: &Thumbnail,
        share: f32,
        cancel: &Cancel,
    ) -> Result<Option<Faces>> {
        if share == 0.0 {
            return Ok(None);
        }
        let make = |device: &Device| {
            workshop::ensure_room("a network")?;
            self.workshop.session("faces", &self.models.load("faces")?, device)
        };
        let format = PictureFormat::of(self.models.known("faces")?);
        // So small a network is no work for another device, nor does it need room at each run as a
        // large one does: a device with too little memory fails where the CPU can take over.
        let find = || {
            self.face_finders.with(&Device::Cpu, make, |finder| {
                self.pool().install(|| Faces::find(thumbnail, share, finder, &format, cancel))
            })
        };
        let key = Key::of(
            &[&Device::Cpu, &thumbnail.width],
            thumbnail.colors.as_flattened(),
            &[&[share]],
        );
        self.found.get_or(key, find)
    }

    pub fn pool(&self) -> &ThreadPool {
        &self.workshop.pool
    }

    pub(super) fn check_look(&self, look: &Look) -> Result<()> {
        look.check(self.network_of_looks())
    }

    pub fn check_style(&self, style: &Style) -> Result<()> {
        let known = self.models.sha256("style").unwrap_or_default();
        if style.code.len() == CODE_LENGTH && style.network.eq_ignore_ascii_case(known) {
            return Ok(());
        }
        let what = format!(
            "cannot paint in the style '{}': its code was made by another network; make it again \
             from its picture",
            style.name
        );
        Err(Error::new(ErrorKind::Style, what))
    }

    fn network_of_looks(&self) -> &str {
        self.models.sha256("stylize").unwrap_or_default()
    }

    /// The network that measures.
    fn analyst(&self, device: &Device) -> Result<Session> {
        workshop::ensure_room("a network")?;
        let network = Network::parse("stylize.onnx", &self.models.load("stylize")?)?;
        let onnx = network.statistics_graph(Form::Onnx)?;
        let for_cpu = network.statistics_graph(Form::Cpu)?;
        let network = runtime::Network { for_cpu: Some(&for_cpu), ..runtime::Network::from(&onnx) };
        self.workshop.session("statistics", network, device)
    }
}

/// Runs the session on a device, which is made the first time.
fn with_session<T>(
    sessions: &Sessions,
    device: &Device,
    make: impl FnOnce(&Device) -> Result<Session>,
    run: impl FnOnce(&mut Session) -> Result<T>,
) -> Result<T> {
    workshop::ensure_room("a network")?;
    sessions.with(device, make, run)
}
