//! Work in progress: what is shown of it, and whether what is painted is still there.

use std::time::{Duration, Instant};

use crate::ffi::{Call, Drawable, Image, Progress};
use crate::filter::Stop;
use crate::words::{tr, tr_named, tr_with};

/// Between two looks at the image: people wait longer for what they closed than for this.
const PAUSE: Duration = Duration::from_millis(300);

/// The progress of painting layers, one after the other.
pub struct Watch {
    progress: Progress,
    image: Image,
    layers: Vec<(Drawable, String)>,
    turn: usize,
    looked: Instant,
    /// Whether something is gone, as when last looked.
    is_gone: bool,
}

impl Watch {
    /// Shows an empty bar.
    pub fn begin(call: &Call, layers: &[Drawable]) -> Self {
        Self {
            progress: Progress::begin(&tr("Getting ready")),
            image: call.image.clone(),
            layers: layers.iter().map(|layer| (layer.clone(), layer.name())).collect(),
            turn: 0,
            looked: Instant::now(),
            is_gone: false,
        }
    }

    /// Goes on to the layer at `place`.
    pub fn turn_to(&mut self, place: usize) {
        self.turn = place;
    }

    /// Shows the part of the layer's painting that is done, 0 to 1, and what is being done. Says
    /// whether all that is painted is still there; it asks GIMP a few times a second.
    pub fn tell(&mut self, fraction: f32, phase: &str) -> bool {
        if self.looked.elapsed() >= PAUSE {
            self.looked = Instant::now();
            self.is_gone = self.what_is_gone().is_some();
        }
        if self.is_gone {
            return false;
        }
        let phase = tr(phase);
        match self.layers.as_slice() {
            [] | [_] => self.progress.tell(fraction, &phase),
            layers => {
                let count = layers.len();
                let of_all = (self.turn as f32 + fraction) / count as f32;
                let name = layers.get(self.turn).map_or("", |(_, name)| name);
                let (turn, count) = ((self.turn + 1).to_string(), count.to_string());
                let place = [("layer", name), ("number", &turn), ("count", &count)];
                let text = tr_named("{layer} ({number} of {count})", &place);
                let text = format!("{text}: {phase}");
                self.progress.tell(of_all, &text);
            }
        }
        true
    }

    /// Why there is no use in going on. Of an image that was closed nothing need be said.
    pub fn what_is_gone(&self) -> Option<Stop> {
        if !self.image.is_open() {
            return Some(Stop::Cancelled);
        }
        let (_, name) = self.layers.iter().find(|(layer, _)| !layer.is_there())?;
        Some(Stop::Failed(tr_with(
            "painting '%s' stopped: the layer was deleted meanwhile. Nothing was changed",
            name,
        )))
    }
}
