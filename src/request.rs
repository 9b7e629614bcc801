//! What is to be painted, in what, how, and within which limits.

use crate::canvas::Canvas;
use crate::fast::{Look, PerStyle, Style};
use crate::image::Picture;
use crate::job::Cancel;
use crate::optimize::StylePart;
use crate::settings::Settings;
use crate::studio::Composition;

/// A painting that is asked for.
pub struct Request<'a, 'o> {
    /// The picture, where the painting goes, and the part that it covers.
    pub canvas: Canvas<'a, 'o>,
    /// What to paint in.
    pub styles: Styles<'a>,
    /// Which method, and how.
    pub settings: &'a Settings,
    /// The look to paint in, of this or another picture; `None` for the picture's own. The fast
    /// method has it.
    pub look: Option<&'a Look>,
    /// What [`Engine::compose`](crate::Engine::compose) made for the picture; `None` for what the
    /// picture alone gives. The studio method has it.
    pub composition: Option<&'a Composition>,
    /// What an optimisation starts from, scaled to fit; `None` for what the settings say.
    pub start: Option<&'a Picture>,
    /// How large the picture is in comparison to the one that it stands for, along x and y: 0.5
    /// for a proxy of half the size, which then gets strokes of half the size; 0.01 to 100. The
    /// optimise method takes no notice.
    pub picture_scale: [f32; 2],
    /// Whether a draft will do: without the finest layer of paint where its canvas is large, and on
    /// a canvas no larger than the picture. It takes about a quarter of the time. A look is that of
    /// the whole painting. The optimise method and networks of the user's own take no notice.
    pub is_draft: bool,
    /// What the painting may take, and what stops it.
    pub limits: Limits<'a>,
}

/// A style in the forms that methods take.
#[derive(Clone, Copy, Default)]
pub struct Styles<'a> {
    /// For the fast method.
    pub code: Option<&'a Style>,
    /// For the optimise method.
    pub parts: &'a [StylePart<'a>],
    /// A network of the user's own, which paints instead of the fast method's.
    pub network: Option<&'a PerStyle>,
}

/// What a painting may take, and what stops it.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Bytes besides the pictures that are given; `None` for the engine's.
    pub memory: Option<u64>,
    /// Stops the work, from any thread.
    pub cancel: &'a Cancel,
}

impl<'a, 'o> Request<'a, 'o> {
    /// A painting in the picture's own look, within the engine's limits.
    pub fn new(
        canvas: Canvas<'a, 'o>,
        styles: Styles<'a>,
        settings: &'a Settings,
        cancel: &'a Cancel,
    ) -> Self {
        Self {
            canvas,
            styles,
            settings,
            look: None,
            composition: None,
            start: None,
            picture_scale: [1.0; 2],
            is_draft: false,
            limits: Limits { memory: None, cancel },
        }
    }
}

impl<'a> From<&'a Style> for Styles<'a> {
    fn from(code: &'a Style) -> Self {
        Self { code: Some(code), ..Self::default() }
    }
}

impl<'a> From<&'a [StylePart<'a>]> for Styles<'a> {
    fn from(parts: &'a [StylePart<'a>]) -> Self {
        Self { parts, ..Self::default() }
    }
}

impl<'a> From<&'a PerStyle> for Styles<'a> {
    fn from(network: &'a PerStyle) -> Self {
        Self { network: Some(network), ..Self::default() }
    }
}
