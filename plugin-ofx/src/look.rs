//! The look that the frames of a shot share.
//!
//! A look depends only on a frame's pixels, the style and the settings, and is kept by them: what
//! is rendered first changes nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::CStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use impasto_client::{Engine, Look, PixelFormat, Run, Style};
use openfx::sys::generic::core::{OfxStatus, kOfxPropTime, kOfxStatOK, kOfxStatReplyDefault};
use openfx::sys::image_effect_v1::image_effect::{
    kOfxImageEffectPropFrameRange, kOfxImageEffectPropTemporalClipAccess,
};
use xxhash_rust::xxh3::Xxh3;

use crate::clips::SOURCE;
use crate::content;
use crate::failure::Failure;
use crate::host::{Clip, Effect, Host, Image, Properties};
use crate::picture;
use crate::recent::Recent;
use crate::settings::{LookChoice, Settings};
use crate::style::FileState;
use crate::terms::Terms;
use crate::watch::watched;

/// Frames further away than this many times the smoothing count for less than a tenth.
const REACH: f64 = 2.5;

/// Each takes ten kilobytes.
const MOST_LOOKS: usize = 1024;

/// What the looks of a render have in common.
pub struct Seeing<'a> {
    pub effect: Effect,
    pub settings: &'a Settings,
    pub engine: &'a Engine,
    pub style: &'a Style,
    pub terms: Terms<'a>,
    /// Of the source.
    pub format: PixelFormat,
    /// What was found for this render, by the bits of the time.
    pub found: RefCell<BTreeMap<u64, Found>>,
}

/// A look, and what tells it from others.
#[derive(Clone)]
pub struct Found {
    pub look: Look,
    pub key: u128,
}

fn known() -> MutexGuard<'static, Recent<Look>> {
    static KNOWN: Mutex<Recent<Look>> = Mutex::new(Recent::new());
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets all looks, to free memory.
pub fn forget() {
    *known() = Recent::new();
}

/// Whether the host lets a node see other frames than the one it renders.
pub fn sees_other_frames(host: Host) -> bool {
    Properties::of_host(host).integer(kOfxImageEffectPropTemporalClipAccess).unwrap_or(0) != 0
}

/// The frame of the source that is nearest to one, as far as the host tells which there are.
pub fn nearest_frame(effect: Effect, frame: f64) -> f64 {
    let range = effect.clip(SOURCE).and_then(frame_range);
    let range = range.filter(|[first, last]| first <= last);
    range.map_or(frame, |[first, last]| frame.clamp(first, last))
}

/// The time that a picture at the input Style is taken from.
pub fn style_time(effect: Effect, settings: &Settings, time: f64) -> f64 {
    match settings.look {
        LookChoice::Frame(frame) if sees_other_frames(effect.host) => frame,
        _ => time,
    }
}

pub fn frames_needed(effect: Effect, in_args: Properties, out: Properties) -> OfxStatus {
    let Some(time) = in_args.number(kOfxPropTime) else { return kOfxStatReplyDefault };
    if !sees_other_frames(effect.host) {
        return kOfxStatReplyDefault;
    }
    let source: &CStr = c"OfxImageClipPropFrameRange_Source";
    let settings = Settings::at(effect, time);
    let around = f64::from(settings.steady);
    match settings.look {
        LookChoice::Frame(frame) => {
            out.set_numbers(source, &[time - around, time + around, frame, frame]);
            out.set_numbers(c"OfxImageClipPropFrameRange_Style", &[frame, frame]);
        }
        LookChoice::Smoothed(frames) => {
            let reach = reach(frames) + around;
            out.set_numbers(source, &[time - reach, time + reach]);
        }
        LookChoice::Picture(_) if settings.steady > 0 => {
            out.set_numbers(source, &[time - around, time + around]);
        }
        LookChoice::Own | LookChoice::Picture(_) => return kOfxStatReplyDefault,
    }
    kOfxStatOK
}

/// Whether a clip has a frame at a time, as far as the host tells.
pub fn exists(clip: Clip, time: f64) -> bool {
    frame_range(clip).is_none_or(|[first, last]| first <= time && time <= last)
}

fn frame_range(clip: Clip) -> Option<[f64; 2]> {
    clip.properties.numbers(kOfxImageEffectPropFrameRange)
}

fn reach(frames: f64) -> f64 {
    (frames * REACH).ceil()
}

impl Seeing<'_> {
    /// The look to paint the frame at a time in, which is `source`; `None` for its own.
    pub fn find(&self, time: f64, source: &Image) -> Result<Option<Found>, Failure> {
        match &self.settings.look {
            LookChoice::Own => Ok(None),
            LookChoice::Frame(frame) if *frame == time => Ok(None),
            LookChoice::Frame(frame) => self.of_frame(*frame).map(Some),
            LookChoice::Smoothed(frames) => self.smoothed(time, source, *frames).map(Some),
            LookChoice::Picture(path) => {
                if path.as_os_str().is_empty() {
                    let what = "cannot find the look of a picture: choose one in Look picture";
                    return Err(Failure::new(what));
                }
                let mut key = self.key();
                key.update(format!("{:?}", FileState::of(path)).as_bytes());
                self.kept(key.digest128(), |run| {
                    Ok(Look::from_file(self.engine, self.style, self.terms.settings, run, path)?)
                })
                .map(Some)
            }
        }
    }

    fn of_frame(&self, frame: f64) -> Result<Found, Failure> {
        let clip = self.other_frames()?;
        self.at(frame, || clip.image(frame))?.ok_or_else(|| {
            Failure::new(format!(
                "cannot lock the look to frame {frame}: the source has no picture there; choose \
                 another frame"
            ))
        })
    }

    fn smoothed(&self, time: f64, source: &Image, frames: f64) -> Result<Found, Failure> {
        let clip = self.other_frames()?;
        let reach = reach(frames) as i32;
        let mut looks = Vec::new();
        for offset in -reach..=reach {
            let weight = (-f64::from(offset).abs() / frames).exp() as f32;
            if offset == 0 {
                looks.push((self.of_image(source)?, weight));
            } else {
                let other = time + f64::from(offset);
                let found = self.at(other, || exists(clip, other).then(|| clip.image(other))?)?;
                looks.extend(found.map(|found| (found, weight)));
            }
        }
        let parts: Vec<_> = looks.iter().map(|(found, weight)| (&found.look, *weight)).collect();
        let mut key = Xxh3::new();
        for (found, weight) in &looks {
            key.update(&found.key.to_ne_bytes());
            key.update(&weight.to_ne_bytes());
        }
        Ok(Found { look: Look::mix(&parts)?, key: key.digest128() })
    }

    /// The look of the frame at a time, if there is one.
    fn at(
        &self,
        time: f64,
        image: impl FnOnce() -> Option<Image>,
    ) -> Result<Option<Found>, Failure> {
        let known = self.found.borrow().get(&time.to_bits()).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(image) = image() else { return Ok(None) };
        let found = self.of_image(&image)?;
        self.found.borrow_mut().insert(time.to_bits(), found.clone());
        Ok(Some(found))
    }

    pub fn other_frames(&self) -> Result<Clip, Failure> {
        let clip = self.effect.clip(SOURCE).filter(|_| sees_other_frames(self.effect.host));
        clip.ok_or_else(|| {
            Failure::new(
                "cannot look at other frames: this host shows one frame at a time. Save a frame \
                 as a picture, set Look to 'Of a picture', and choose it in Look picture",
            )
        })
    }

    fn of_image(&self, image: &Image) -> Result<Found, Failure> {
        image.check().map_err(|why| Failure::new(format!("cannot look at a frame: {why}")))?;
        let format = picture::format(image, self.format.curve, self.format.alpha);
        let format =
            format.ok_or_else(|| Failure::new("cannot look at a frame without colours"))?;
        let pixels = picture::pixels(image, format)?;
        let mut key = self.key();
        key.update(format!("{format:?}").as_bytes());
        key.update(&content::hash(self.effect, image).to_ne_bytes());
        self.kept(key.digest128(), |run| {
            Ok(Look::from_pixels(self.engine, self.style, self.terms.settings, run, &pixels)?)
        })
    }

    fn kept(
        &self,
        key: u128,
        find: impl FnOnce(Run<'_>) -> Result<Look, Failure> + Send,
    ) -> Result<Found, Failure> {
        let found = known().find(key);
        if let Some(look) = found {
            return Ok(Found { look, key });
        }
        let terms = self.terms;
        let look = watched(self.effect, |cancel| find(terms.run(cancel)))?;
        known().keep(key, look.clone(), MOST_LOOKS);
        Ok(Found { look, key })
    }

    /// What looks depend on besides the frame.
    pub fn key(&self) -> Xxh3 {
        let mut key = Xxh3::new();
        key.update(self.style.bytes());
        let settings: Vec<_> = self.settings.without_opacity().collect();
        key.update(format!("{settings:?} {:?}", self.terms.scale).as_bytes());
        key
    }
}
