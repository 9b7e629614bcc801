//! The layer at the sizes that it is painted at, read from GIMP once.

use std::cell::RefCell;
use std::sync::Arc;

use crate::ffi::{Image, Rectangle};
use crate::picture::{Mask, Picture, scaled};
use crate::target::Target;

/// The most sizes that are kept.
const MOST: usize = 3;

/// What is painted, read at the sizes that are asked for.
pub struct Sources {
    image: Image,
    target: Target,
    kept: RefCell<Vec<Source>>,
}

/// The layer at one size.
#[derive(Clone)]
pub struct Source {
    scale: f64,
    pub picture: Arc<Picture>,
    /// The selection, if there is one.
    pub selected: Option<Arc<Mask>>,
}

impl Sources {
    /// Nothing is read yet.
    pub fn new(image: &Image, target: Target) -> Self {
        Self { image: image.clone(), target, kept: RefCell::default() }
    }

    /// All of what is painted.
    pub fn whole(&self) -> Rectangle {
        self.target.layer.whole()
    }

    /// The layer, its sides times `scale`.
    ///
    /// # Errors
    /// Words where it cannot be read.
    pub fn at(&self, scale: f64) -> Result<Source, String> {
        let mut kept = self.kept.borrow_mut();
        let known = kept.iter().position(|source| (source.scale - scale).abs() < 1e-9);
        let source = match known {
            Some(place) => kept.remove(place),
            None => {
                // Room for the new one comes first.
                kept.truncate(MOST - 1);
                self.read(scale)?
            }
        };
        kept.insert(0, source.clone());
        Ok(source)
    }

    fn read(&self, scale: f64) -> Result<Source, String> {
        let picture = Picture::of_layer(&self.target.layer, scale)?;
        let (width, height) = (picture.width, picture.height);
        let (x, y) = self.target.layer.offsets();
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        let place = Rectangle {
            width: side(width),
            height: side(height),
            ..scaled(Rectangle { x, y, ..self.whole() }, scale)
        };
        let selected = self.image.selection(place, scale);
        let selected = selected.map(|coverage| Arc::new(Mask::new(width, height, &coverage)));
        Ok(Source { scale, picture: Arc::new(picture), selected })
    }
}
