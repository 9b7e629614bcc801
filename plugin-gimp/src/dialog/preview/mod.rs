//! The live preview: the layer, small, as it would be painted.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use impasto_client::{Engine, Library};

use super::spacing::SPACING;
use super::worker::{News, Request, Worker};
use crate::ffi::{Call, Config, Pixbuf, PixelKind, Rectangle, Widget};
use crate::filter::{Stop, Target};
use crate::order::Order;
use crate::picture::{Picture, scaled};

/// The room for what is painted and shown, in pixels: small screens hold the whole dialog.
const WIDTH: u32 = 440;
const HEIGHT: u32 = 300;

/// The longer side at which a style layer is looked at.
const STYLE_SIDE: u32 = 512;

/// The values must rest for so long before they are painted.
const REST: Duration = Duration::from_millis(180);

/// The setting that is a length in the layer's pixels.
const LENGTH: &str = "brush-size";

/// The preview and what it is painted with.
pub struct Preview {
    frame: Widget,
    picture: Widget,
    before: Widget,
    message: Widget,
    config: Config,
    library: Library,
    original: Arc<Picture>,
    mask: Option<Arc<Picture>>,
    /// The preview's size over the layer's.
    scale: f64,
    painted: RefCell<Option<Picture>>,
    outdated: Cell<Option<Instant>>,
    worker: Worker,
}

impl Preview {
    /// Shows the layer as it is.
    pub fn new(call: &Call, target: &Target, library: Library, before: &str) -> Result<Self, Stop> {
        let whole = target.layer.whole();
        let scale = fit(whole);
        let original = Arc::new(Picture::of_layer(&target.layer, scale)?);
        let (x, y) = target.layer.offsets();
        let place = Rectangle {
            width: original.width as i32,
            height: original.height as i32,
            ..scaled(Rectangle { x, y, ..whole }, scale)
        };
        let mask = call.image.selection(place, scale).map(|pixels| {
            let (width, height) = (original.width, original.height);
            Arc::new(Picture { width, height, kind: PixelKind::Coverage, pixels })
        });

        let frame = Widget::column(SPACING);
        let picture = Widget::picture();
        picture.set_size(WIDTH as i32, HEIGHT as i32);
        frame.pack(&picture, true);
        let row = Widget::row(2 * SPACING);
        let before = Widget::toggle(before);
        before.set_help("Show the layer as it is.");
        let message = Widget::message(2);
        row.pack(&before, false);
        row.pack(&message, true);
        frame.pack(&row, false);
        let preview = Self {
            frame,
            picture,
            before,
            message,
            config: call.config.clone(),
            library,
            original,
            mask,
            scale,
            painted: RefCell::new(None),
            outdated: Cell::new(None),
            worker: Worker::start(library),
        };
        preview.show();
        Ok(preview)
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    /// The button that shows the layer as it is.
    pub fn before(&self) -> &Widget {
        &self.before
    }

    /// Has it painted anew once the values rest.
    pub fn outdate(&self) {
        self.outdated.set(Some(Instant::now()));
    }

    /// Looks at what has changed; to be called often. Returns the devices when they are known.
    pub fn look(&self) -> Vec<String> {
        let mut devices = Vec::new();
        for news in self.worker.news() {
            match news {
                News::Progress(fraction, phase) => {
                    self.message.set_label(&format!("{phase}: {:.0} %", fraction * 100.0));
                }
                News::Painted(picture) => {
                    *self.painted.borrow_mut() = Some(picture);
                    self.message.set_label("");
                    self.show();
                }
                News::Failed(why) => {
                    *self.painted.borrow_mut() = None;
                    self.say(&why);
                    self.show();
                }
                News::Devices(names) => devices = names,
            }
        }
        if self.outdated.get().is_some_and(|when| when.elapsed() >= REST) {
            self.outdated.set(None);
            match self.order() {
                Ok(order) => self.worker.ask(Request {
                    order,
                    picture: Arc::clone(&self.original),
                    mask: self.mask.clone(),
                }),
                Err(why) => self.say(&why),
            }
        }
        devices
    }

    /// Shows the painting, or the layer as it is.
    pub fn show(&self) {
        let painted = self.painted.borrow();
        let picture = match painted.as_ref() {
            Some(painted) if !self.before.is_down() => painted,
            _ => &*self.original,
        };
        let rgba = picture.to_rgba8();
        if let Some(pixbuf) = Pixbuf::over_checks(&rgba, picture.width, picture.height) {
            self.picture.set_picture(&pixbuf);
        }
    }

    /// Ends the work and returns its engine if that is for `device`.
    pub fn into_engine(self, device: &str) -> Option<Engine> {
        self.worker.into_engine(device)
    }

    fn say(&self, why: &str) {
        self.message.set_label(why);
        self.message.set_help(why);
    }

    fn order(&self) -> Result<Order, String> {
        let mut order = Order::read(&self.config, &self.library, STYLE_SIDE)?;
        self.shrink_strokes(&mut order).map_err(|error| error.to_string())?;
        Ok(order)
    }

    /// Makes strokes as much smaller as the picture is.
    fn shrink_strokes(&self, order: &mut Order) -> impasto_client::Result<()> {
        if let Some(setting) = self.library.setting(LENGTH) {
            let length = order.settings.number(LENGTH)? * self.scale;
            order.settings.set_number(LENGTH, setting.nearest(length))?;
        }
        Ok(())
    }
}

/// How much the layer shrinks to fit the room.
fn fit(whole: Rectangle) -> f64 {
    let width = f64::from(WIDTH) / f64::from(whole.width.max(1));
    let height = f64::from(HEIGHT) / f64::from(whole.height.max(1));
    width.min(height).min(1.0)
}
