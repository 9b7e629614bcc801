//! The live preview: the layer as it would be painted.

mod pane;
mod plan;
mod sources;
mod view;
mod worker;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use impasto_client::{Engine, Library, Settings};

use super::spacing::SPACING;
use super::style_list::Choice;
use crate::arguments::SOURCE;
use crate::ffi::{Call, Drawable, Rectangle, Widget};
use crate::filter;
use crate::labels::{BEFORE, Labels, SPLIT};
use crate::order::{Order, StyleChoice};
use crate::picture::{Mask, Picture, shrink};
use crate::target::Target;
use crate::times;
use crate::words::{tr, tr_with};
use pane::{Pane, Side};
use plan::Step;
use sources::Sources;
use view::View;
pub use worker::{News, listening};
use worker::{Painted, Request, Sample, Stage, Told, Worker};

/// The longer side at which a style layer is looked at.
const STYLE_SIDE: u32 = 512;

/// What is seen must rest for so long before it is painted.
const REST: Duration = Duration::from_millis(150);

/// The time that a draft may take, in seconds.
const DRAFT_SECONDS: f64 = 0.12;

/// Seconds that a pixel of the canvas takes, as long as none was painted.
const FIRST_PACE: f64 = 0.8e-6;

/// The least and most pixels of a draft's canvas.
const DRAFT_PIXELS: [f64; 2] = [30_000.0, 600_000.0];

/// The setting that is a length in the layer's pixels.
const LENGTH: &str = "brush-size";

/// The characters that the zoom takes, so that nothing moves as it changes.
const ZOOM: i32 = 6;

/// The longer side of the layer on which styles are shown.
const SAMPLE_SIDE: u32 = 288;

/// What others are to know of.
#[derive(Default)]
pub struct Noticed {
    /// The devices that can be used, when they are known.
    pub devices: Vec<String>,
    /// Styles on the layer, by the ids of their choices.
    pub samples: Vec<(String, Picture)>,
}

/// The preview and what it is painted with.
pub struct Preview {
    frame: Widget,
    pane: Rc<Pane>,
    zoom: Widget,
    message: Widget,
    call: Call,
    chosen: Drawable,
    library: Library,
    /// Knows the styles, and loads nothing.
    catalogue: Engine,
    sources: RefCell<Sources>,
    /// What is painted, as it was when the sources were made.
    source: RefCell<String>,
    /// Whether the values can be painted.
    is_ready: Cell<bool>,
    worker: Worker,
    /// Since when the values are others than those that are painted.
    outdated: Cell<Option<Instant>>,
    /// Since when other parts are seen.
    moved: Cell<Option<Instant>>,
    /// The last exact painting of the values as they are.
    painted: RefCell<Option<Step>>,
    /// At what scale and which part the layer as it is was shown last.
    shown: Cell<Option<(f64, Option<Rectangle>)>>,
    /// Seconds that a pixel of the canvas takes.
    pace: Cell<f64>,
}

impl Preview {
    /// Shows the layer as it is, once there is room.
    pub fn new(
        call: &Call,
        chosen: &Drawable,
        (library, catalogue): (Library, Engine),
        labels: &Labels,
    ) -> Result<Rc<Self>, String> {
        let sources = Sources::new(&call.image, Target::new(call, chosen)?);
        let pane = Pane::new(sources.whole());
        let fit = Widget::icon_button("zoom-fit-best");
        let full = Widget::icon_button("zoom-original");
        fit.set_help(&tr("Show the whole layer."));
        full.set_help(&tr("100 %: show the layer's pixels as they are. The wheel enlarges, too."));
        let (split, before) =
            (Widget::toggle(&labels.of(SPLIT)), Widget::toggle(&labels.of(BEFORE)));
        split.set_help(&tr("Show the layer as it is at the left of a line, which can be dragged."));
        before.set_help(&tr("Show the layer as it is."));
        // A line of its own: beside the buttons its words would widen the dialog.
        let (zoom, message) = (Widget::label(""), Widget::message());
        zoom.set_width(ZOOM);
        let bar = Widget::row(SPACING);
        for widget in [&fit, &full, &zoom, &split, &before] {
            bar.pack(widget, false);
        }
        let frame = Widget::column(SPACING);
        frame.pack(pane.widget(), true);
        frame.pack(&bar, false);
        frame.pack(&message, false);

        let on = |button: &Widget, signal: &str, act: fn(&Pane, &Widget)| {
            let (pane, widget) = (Rc::downgrade(&pane), button.clone());
            button.on(signal, move || {
                if let Some(pane) = pane.upgrade() {
                    act(&pane, &widget);
                }
            });
        };
        on(&fit, "clicked", |pane, _| pane.change(View::show_all));
        on(&full, "clicked", |pane, _| pane.change(|view| view.show_times(1.0)));
        on(&split, "toggled", |pane, button| pane.show_split(button.is_down()));
        on(&before, "toggled", |pane, button| pane.show_before(button.is_down()));
        Ok(Rc::new(Self {
            frame,
            pane,
            zoom,
            message,
            call: call.clone(),
            chosen: chosen.clone(),
            library,
            catalogue,
            sources: RefCell::new(sources),
            source: RefCell::new(call.config.text(SOURCE)),
            is_ready: Cell::new(true),
            worker: Worker::start(library),
            outdated: Cell::new(Some(Instant::now())),
            moved: Cell::new(None),
            painted: RefCell::new(None),
            shown: Cell::new(None),
            pace: Cell::new(FIRST_PACE),
        }))
    }

    /// Whether the values can be painted as they are.
    pub fn is_ready(&self) -> bool {
        self.is_ready.get()
    }

    /// All of what is painted.
    fn layer(&self) -> Rectangle {
        self.sources.borrow().whole()
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.frame
    }

    /// Has it painted anew.
    pub fn outdate(&self) {
        if self.outdated.get().is_none() {
            self.outdated.set(Some(Instant::now()));
        }
    }

    /// Has each of `choices` shown on the layer, as [`Noticed::samples`] tells; none stops that.
    pub fn show_samples(&self, choices: &[Choice]) {
        let samples: Result<Vec<_>, _> = choices.iter().map(|choice| self.sample(choice)).collect();
        match samples {
            Ok(samples) => self.worker.show(samples),
            Err(why) => self.say(&why, &why),
        }
    }

    fn sample(&self, choice: &Choice) -> Result<Sample, String> {
        let mut order = Order::read(&self.call.config, &self.library, STYLE_SIDE)?;
        order.style = StyleChoice::only(choice.source.read(STYLE_SIDE)?);
        let mut settings = order.settings.clone();
        let set = settings.set_choice("method", "fast");
        set.and_then(|()| settings.set_number(LENGTH, 0.0)).map_err(|error| error.to_string())?;
        let source = self.sources.borrow().at(shrink(self.layer(), SAMPLE_SIDE))?;
        Ok(Sample { id: choice.id(), order, settings, picture: source.picture })
    }

    /// Looks at what has changed; to be called often.
    pub fn look(&self) -> Noticed {
        let mut noticed = Noticed::default();
        for news in self.worker.news() {
            match news {
                News::Progress(told) => self.say(&progress(&told), ""),
                News::OnItsWay(picture) => {
                    self.pane.put(Side::After, &picture, self.layer(), true);
                }
                News::Painted(painted) => self.show(&painted),
                News::Done => self.say("", ""),
                News::Failed(why) => {
                    self.pane.clear(Side::After);
                    self.say(&why, &why);
                }
                News::Sample(id, picture) => noticed.samples.push((id, picture)),
                News::Devices(names) => noticed.devices = names,
            }
        }
        if self.pane.take_moved() {
            let percent = (self.pane.view().scale() * 100.0).round();
            self.zoom.set_label(&format!("{percent} %"));
            self.moved.set(Some(Instant::now()));
        }
        // Before the window has its size, there is nothing to paint for.
        let has_room = self.pane.widget().room()[0] > 1.0;
        if let Some(asked) = self.outdated.get().filter(|_| has_room) {
            self.outdated.set(None);
            self.moved.set(None);
            self.painted.replace(None);
            self.ask(asked, true);
        } else if self.moved.get().is_some_and(|when| when.elapsed() >= REST) {
            let when = self.moved.take();
            if !self.is_painted() {
                self.ask(when.unwrap_or_else(Instant::now), false);
            }
        }
        noticed
    }

    /// Ends the work and returns its engine if that is for `device`.
    pub fn into_engine(self, device: &str) -> Option<Engine> {
        self.worker.into_engine(device)
    }

    fn ask(&self, asked: Instant, has_changed: bool) {
        let request = self.request(asked, has_changed);
        let request = request.and_then(|request| match self.obstacle(&request.order) {
            None => Ok(request),
            Some(why) => Err(why),
        });
        self.is_ready.set(request.is_ok());
        match request {
            Ok(request) => self.worker.ask(request),
            // The layer is shown as it is.
            Err(why) => {
                self.worker.stop();
                self.pane.clear(Side::After);
                self.say(&why, &why);
            }
        }
    }

    fn obstacle(&self, order: &Order) -> Option<String> {
        filter::obstacle(&self.call, order, &self.catalogue)
    }

    /// Takes up what is to be painted, where that is something else.
    fn retarget(&self) -> Result<(), String> {
        let source = self.call.config.text(SOURCE);
        if *self.source.borrow() != source {
            let target = Target::new(&self.call, &self.chosen)?;
            self.sources.replace(Sources::new(&self.call.image, target));
            self.source.replace(source);
            self.shown.set(None);
            self.pane.set_layer(self.layer());
        }
        Ok(())
    }

    fn request(&self, asked: Instant, has_changed: bool) -> Result<Request, String> {
        self.retarget()?;
        let order = Order::read(&self.call.config, &self.library, STYLE_SIDE)?;
        let settings = order.preview_settings().map_err(|error| error.to_string())?;
        let view = *self.pane.view();
        let mut steps = Vec::new();
        if order.is_fast() {
            let brush = self.brush_size(&order);
            let exact = plan::exact(self.layer(), &view, brush);
            let [least, most] = DRAFT_PIXELS;
            let pixels = in_steps(DRAFT_SECONDS / self.pace.get()).clamp(least, most);
            steps.extend(plan::draft(self.layer(), &exact, brush, pixels).filter(|_| has_changed));
            steps.push(exact);
        } else {
            steps.push(plan::optimised(self.layer(), &view));
        }
        let stages: Result<_, _> = steps.iter().map(|step| self.stage(step, &settings)).collect();
        Ok(Request { order, stages: stages?, asked })
    }

    /// Reads the layer as a step needs it, and shows what it shows.
    fn stage(&self, step: &Step, settings: &Settings) -> Result<Stage, String> {
        let mut settings = settings.clone();
        if let Some(size) = step.brush_size
            && let Some(setting) = self.library.setting(LENGTH)
        {
            let set = settings.set_number(LENGTH, setting.nearest(size));
            set.map_err(|error| error.to_string())?;
        }
        let source = self.sources.borrow().at(step.scale)?;
        let (width, height) = (source.picture.width, source.picture.height);
        let mask = match (source.selected, step.part) {
            (selected, None) => selected,
            (selected, Some(part)) => {
                let part = plan::in_step(part, step, [width, height]);
                let mut mask = match selected {
                    Some(selected) => (*selected).clone(),
                    None => Mask::of_part(width, height, part),
                };
                mask.within(part);
                Some(Arc::new(mask))
            }
        };
        let is_shown = self.shown.get() == Some((step.scale, step.part));
        if step.brush_size.is_none() && !is_shown {
            self.shown.set(Some((step.scale, step.part)));
            let (picture, place) = match step.part {
                None => ((*source.picture).clone(), self.layer()),
                Some(part) => {
                    let inside = plan::in_step(part, step, [width, height]);
                    (source.picture.cut(inside), part)
                }
            };
            self.pane.put(Side::Before, &picture, place, step.part.is_none());
        }
        Ok(Stage { step: *step, settings, picture: source.picture, mask })
    }

    fn show(&self, painted: &Painted) {
        let Painted { step, picture, since: [asked, alone] } = painted;
        let is_draft = step.brush_size.is_some();
        if is_draft {
            let pixels = plan::canvas_pixels(self.layer(), step, 0.0);
            self.pace.set((self.pace.get() + alone.as_secs_f64() / pixels) / 2.0);
        } else {
            self.painted.replace(Some(*step));
        }
        let what = if is_draft { "preview's draft" } else { "preview" };
        times::print(&[(what, asked.as_secs_f64())]);
        let place = step.part.unwrap_or(self.layer());
        self.pane.put(Side::After, picture, place, step.part.is_none());
    }

    /// Whether what is seen is painted as sharply as it is seen.
    fn is_painted(&self) -> bool {
        let view = self.pane.view();
        let seen = view.visible();
        let holds = |part: Rectangle| {
            part.x <= seen.x
                && part.y <= seen.y
                && part.x + part.width >= seen.x + seen.width
                && part.y + part.height >= seen.y + seen.height
        };
        self.painted.borrow().is_some_and(|step| {
            step.scale * 1.05 >= view.scale().min(1.0) && step.part.is_none_or(holds)
        })
    }

    fn brush_size(&self, order: &Order) -> f64 {
        order.settings.number(LENGTH).unwrap_or(0.0)
    }

    fn say(&self, text: &str, help: &str) {
        self.message.set_label(text);
        self.message.set_help(help);
    }
}

/// The next lower of few sizes: for each the layer is read anew.
fn in_steps(pixels: f64) -> f64 {
    const STEPS: f64 = 1.5;
    STEPS.powf(pixels.log(STEPS).floor())
}

/// How far the work is, in words.
pub fn progress(told: &Told) -> String {
    let percent = format!("{}: {:.0} %", tr(&told.phase), told.fraction * 100.0);
    match told.remaining {
        Some(left) if left.as_secs() > 0 => {
            format!("{percent}, {}", tr_with("%s s left", &left.as_secs().to_string()))
        }
        _ => percent,
    }
}
