//! Painting a frame.

use std::cell::RefCell;
use std::ffi::CStr;

use impasto_client::{Alpha, PixelFormat, PixelsMut, Report};
use openfx::sys::generic::core::{
    OfxStatus, kOfxPropName, kOfxPropTime, kOfxStatFailed, kOfxStatOK, kOfxStatReplyDefault,
};
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageEffectPropRenderQualityDraft, kOfxImageEffectPropRenderScale,
    kOfxImageEffectPropRenderWindow,
};
use xxhash_rust::xxh3::Xxh3;

use crate::clips::{MASK, OUTPUT, SOURCE, STYLE};
use crate::color::curve;
use crate::failure::Failure;
use crate::host::{Components, Effect, Image, Properties, Rectangle};
use crate::look::{self, Seeing};
use crate::picture::{self, Buffer};
use crate::settings::Settings;
use crate::steady::Steadying;
use crate::style::StylePicture;
use crate::style_choice::StyleChoice;
use crate::terms::Terms;
use crate::watch::watched;
use crate::{content, engine, instances, scale, style};

/// Of a render for a host's own small picture of the node.
const THUMBNAIL: &CStr = c"OfxImageEffectPropThumbnailRender";

/// What a host asks for.
struct Request {
    effect: Effect,
    time: f64,
    /// As the host says, if that is a scale.
    scale: Option<[f64; 2]>,
    is_draft: bool,
    is_thumbnail: bool,
    settings: Settings,
}

/// Nothing is painted where the painting is invisible, and where there is no style.
pub fn is_identity(effect: Effect, in_args: Properties, out: Properties) -> OfxStatus {
    let time = in_args.number(kOfxPropTime).unwrap_or(0.0);
    let settings = Settings::at(effect, time);
    let has_picture = || effect.clip(STYLE).is_some_and(|clip| clip.is_connected());
    let is_set = |choice: &StyleChoice| *choice != StyleChoice::None;
    let has_style = || is_set(&settings.style) || is_set(&settings.second_style) || has_picture();
    // What cannot be painted is no identity: rendering says why.
    if !settings.is_invisible() && (settings.unknown.is_some() || has_style()) {
        return kOfxStatReplyDefault;
    }
    out.set_text(kOfxPropName, SOURCE);
    out.set_number(kOfxPropTime, time);
    kOfxStatOK
}

/// Whatever goes wrong, the source is passed through.
pub fn render(effect: Effect, in_args: Properties, _: Properties) -> OfxStatus {
    let time = in_args.number(kOfxPropTime).unwrap_or(0.0);
    let Some(mut output) = effect.clip(OUTPUT).and_then(|clip| clip.image(time)) else {
        return kOfxStatFailed;
    };
    if let Err(why) = output.check() {
        instances::failed(effect, &format!("cannot paint: {why}"));
        return kOfxStatFailed;
    }
    let window = in_args.integers(kOfxImageEffectPropRenderWindow).map(Rectangle::new);
    let window = window.unwrap_or(output.bounds()).within(output.bounds());
    if window.is_empty() {
        return kOfxStatOK;
    }
    let source = effect.clip(SOURCE).and_then(|clip| clip.image(time));
    let Some(source) = source else {
        picture::pass(None, &mut output, window);
        return kOfxStatOK;
    };
    let request = Request {
        effect,
        time,
        scale: in_args
            .numbers(kOfxImageEffectPropRenderScale)
            .filter(|scale: &[f64; 2]| scale.iter().all(|scale| *scale > 0.0)),
        is_draft: in_args.integer(kOfxImageEffectPropRenderQualityDraft).unwrap_or(0) != 0,
        is_thumbnail: in_args.integer(THUMBNAIL).unwrap_or(0) != 0,
        settings: Settings::at(effect, time),
    };
    match request.paint(&source, &mut output, window) {
        Ok(Some(report)) => {
            instances::painted(effect, &report, request.settings.note.as_deref());
            kOfxStatOK
        }
        Ok(None) => {
            picture::pass(Some(&source), &mut output, window);
            kOfxStatOK
        }
        // The host throws the frame away.
        Err(Failure::Aborted) if effect.is_aborted() => {
            picture::pass(Some(&source), &mut output, window);
            kOfxStatOK
        }
        Err(failure) => {
            let (words, status) = failure.told();
            let source = source.check().is_ok().then_some(&source);
            picture::pass(source, &mut output, window);
            instances::failed(effect, &words);
            status
        }
    }
}

impl Request {
    /// Paints the window; `None` where the source is to be passed through.
    fn paint(
        &self,
        source: &Image,
        output: &mut Image,
        window: Rectangle,
    ) -> Result<Option<Report>, Failure> {
        source.check().map_err(|why| Failure::new(format!("cannot paint: {why}")))?;
        let Self { effect, settings, .. } = self;
        let of_source = effect.clip(SOURCE).map(|clip| clip.properties);
        let curve = of_source.map_or(impasto_client::Curve::Srgb, |clip| {
            curve(effect.host, settings.input, clip, source.sample())
        });
        let Some(format) = picture::format(source, curve, Alpha::Premultiplied) else {
            return Ok(None);
        };
        let Some(painted) = picture::format(output, curve, format.alpha) else { return Ok(None) };
        if settings.is_invisible() {
            return Ok(None);
        }
        if let Some(why) = &settings.unknown {
            return Err(Failure::new(why));
        }

        let style_picture = self.style_picture()?;
        let style_picture = match &style_picture {
            Some((image, format, hash)) => Some(StylePicture {
                pixels: picture::pixels(image, *format)?,
                pixel_aspect: image.pixel_aspect_ratio(),
                hash: *hash,
            }),
            None => None,
        };
        let sources = style::sources(settings, style_picture)?;
        if sources.is_empty() {
            return Ok(None);
        }
        let engine = engine::engine(settings.device)?;
        let style = match style::loaded(&sources)? {
            Some(style) => style,
            None => watched(*effect, |cancel| style::load(&engine, &sources, cancel))?,
        };

        let is_for_show = self.is_draft || self.is_thumbnail;
        let is_steadied =
            settings.steady > 0 && !is_for_show && look::sees_other_frames(effect.host);
        let painting = settings.for_painting(is_steadied)?;
        let terms = Terms {
            settings: &painting,
            memory: settings.memory,
            scale: self.picture_scale(source),
            is_draft: is_for_show,
        };
        let seeing = Seeing {
            effect: *effect,
            settings,
            engine: &engine,
            style: &style,
            terms,
            format,
            found: RefCell::default(),
        };
        let mask = self.mask(source)?;
        let mask = match &mask {
            Some((buffer, format)) => {
                let (width, height) = (source.bounds().width(), source.bounds().height());
                let (width, height) = (width as u32, height as u32);
                Some(impasto_client::Pixels::new(&buffer.bytes, width, height, *format)?)
            }
            None => None,
        };
        if is_steadied {
            let steadying = Steadying {
                seeing: &seeing,
                time: self.time,
                painted,
                pixel_bytes: output.pixel_bytes(),
            };
            let (buffer, report) = steadying.paint(source, mask.as_ref())?;
            buffer.write(window, output);
            return Ok(Some(report));
        }
        let look = seeing.find(self.time, source)?;
        let look = look.as_ref().map(|look| &look.look);
        let input = picture::pixels(source, format)?;
        let run = |to: &mut PixelsMut<'_>| {
            watched(*effect, |cancel| {
                let run = terms.run(cancel).look(look);
                Ok(engine.paint(&style, terms.settings, run, &input, mask.as_ref(), to)?)
            })
        };
        let is_whole = source.bounds() == output.bounds() && window == output.bounds();
        if is_whole && !source.overlaps(output) {
            return run(&mut picture::pixels_mut(output, painted)?).map(Some);
        }
        let mut buffer = Buffer::new(source.bounds(), output.pixel_bytes())?;
        let (width, height) = (source.bounds().width() as u32, source.bounds().height() as u32);
        let report = run(&mut PixelsMut::new(&mut buffer.bytes, width, height, painted)?)?;
        buffer.write(window, output);
        Ok(Some(report))
    }

    /// How large the source is in comparison to the frame as it is shown at full size.
    fn picture_scale(&self, source: &Image) -> [f32; 2] {
        let aspect = source.pixel_aspect_ratio();
        let bounds = source.bounds();
        let size = [bounds.width() as f64, bounds.height() as f64];
        let region = self.effect.clip(SOURCE).and_then(|c| c.region_of_definition(self.time));
        let frame = region.map(|[x1, y1, x2, y2]| [(x2 - x1) / aspect, y2 - y1]);
        let [x, y] = scale::of(self.scale, size, frame);
        [x / aspect, y].map(|scale| scale.clamp(0.01, 100.0) as f32)
    }

    /// The picture at the input Style, and a hash of all that it shows.
    fn style_picture(&self) -> Result<Option<(Image, PixelFormat, u128)>, Failure> {
        let Some(clip) = self.effect.clip(STYLE).filter(|clip| clip.is_connected()) else {
            return Ok(None);
        };
        let time = look::style_time(self.effect, &self.settings, self.time);
        let Some(image) = clip.image(time) else { return Ok(None) };
        let wrong = |why: &str| Failure::new(format!("cannot use the picture at Style: {why}"));
        image.check().map_err(|why| wrong(&why))?;
        let host = self.effect.host;
        let curve = curve(host, self.settings.input, clip.properties, image.sample());
        let format = picture::format(&image, curve, Alpha::Premultiplied);
        let format = format.ok_or_else(|| wrong("it has no colours"))?;
        let mut hash = Xxh3::new();
        hash.update(format!("{format:?} {}", image.pixel_aspect_ratio()).as_bytes());
        hash.update(&content::hash(self.effect, &image).to_ne_bytes());
        Ok(Some((image, format, hash.digest128())))
    }

    /// Where to paint; `None` for everywhere.
    fn mask(&self, source: &Image) -> Result<Option<(Buffer, PixelFormat)>, Failure> {
        let clip = self.effect.clip(MASK).filter(|clip| clip.is_connected());
        let Some(image) = clip.and_then(|clip| clip.image(self.time)) else { return Ok(None) };
        image.check().map_err(|why| Failure::new(format!("cannot use the mask: {why}")))?;
        if image.components() == Components::Rgb {
            return Err(Failure::new("cannot use the mask: it has no alpha"));
        }
        let buffer = Buffer::of_mask(&image, source.bounds())?;
        let gray = PixelFormat::new(impasto_client::Channels::Gray, image.sample());
        Ok(Some((buffer, gray)))
    }
}
