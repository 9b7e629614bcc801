//! The picture of the preview: the painting beside the layer as it is, moved and enlarged with the
//! pointer, the wheel and keys.

use std::cell::{Cell, Ref, RefCell};
use std::rc::{Rc, Weak};

use super::view::{STEP, View};
use crate::ffi::{Area, Drawing, Event, Pixbuf, Rectangle, Surface, Widget};
use crate::picture::Picture;

/// The least room that it asks for.
const LEAST: [i32; 2] = [200, 100];

/// How near to the dividing line the pointer takes it, in the widget's pixels.
const GRIP: f64 = 8.0;

/// Pixels that an arrow key moves.
const KEY_MOVES: f64 = 60.0;

const BACKGROUND: [f64; 4] = [0.22, 0.22, 0.22, 1.0];
const LINE: [f64; 4] = [1.0, 1.0, 1.0, 0.9];
const LINE_SHADOW: [f64; 4] = [0.0, 0.0, 0.0, 0.5];

/// The picture of the preview.
pub struct Pane {
    widget: Widget,
    view: RefCell<View>,
    before: RefCell<Shots>,
    after: RefCell<Shots>,
    is_before: Cell<bool>,
    /// The dividing line's place, 0 at the left to 1 at the right, where there is one.
    split: Cell<Option<f64>>,
    drag: Cell<Option<Drag>>,
    has_moved: Cell<bool>,
    checks: Option<Surface>,
}

/// Pictures of the layer: all of it, and a sharper part.
#[derive(Default)]
struct Shots {
    whole: Option<Shot>,
    part: Option<Shot>,
}

/// A picture of a part of the layer.
struct Shot {
    place: Rectangle,
    surface: Surface,
}

#[derive(Clone, Copy)]
enum Drag {
    /// The layer, from where the pointer was.
    Layer([f64; 2]),
    Split,
}

/// Which of the two pictures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

impl Pane {
    /// Shows nothing of `layer` yet.
    pub fn new(layer: Rectangle) -> Rc<Self> {
        let widget = Widget::drawing_area();
        widget.set_size(LEAST[0], LEAST[1]);
        let pane = Rc::new(Self {
            widget,
            view: RefCell::new(View::new(layer)),
            before: RefCell::default(),
            after: RefCell::default(),
            is_before: Cell::new(false),
            split: Cell::new(None),
            drag: Cell::new(None),
            has_moved: Cell::new(false),
            checks: checks(),
        });
        pane.listen();
        pane
    }

    /// All of it.
    pub fn widget(&self) -> &Widget {
        &self.widget
    }

    /// Shows another layer, of which there is nothing yet.
    pub fn set_layer(&self, layer: Rectangle) {
        self.change(|view| {
            *view = View::new(layer);
            view.set_pane(self.on_screen(self.widget.room()));
        });
        self.clear(Side::Before);
        self.clear(Side::After);
    }

    /// What is seen.
    pub fn view(&self) -> Ref<'_, View> {
        self.view.borrow()
    }

    /// Whether what is seen has changed since the last call.
    pub fn take_moved(&self) -> bool {
        self.has_moved.replace(false)
    }

    /// Shows `picture` for `place` of the layer: all of it, or else a part that is sharper.
    pub fn put(&self, side: Side, picture: &Picture, place: Rectangle, is_whole: bool) {
        let pixbuf = Pixbuf::new(&picture.to_rgba8(), picture.width, picture.height);
        let surface = pixbuf.as_ref().and_then(Surface::new);
        let shot = surface.map(|surface| Shot { place, surface });
        let mut shots = self.shots(side).borrow_mut();
        if is_whole {
            *shots = Shots { whole: shot, part: None };
        } else {
            shots.part = shot;
        }
        self.widget.redraw();
    }

    /// Shows nothing there.
    pub fn clear(&self, side: Side) {
        *self.shots(side).borrow_mut() = Shots::default();
        self.widget.redraw();
    }

    /// Shows the layer as it is instead of the painting.
    pub fn show_before(&self, is_before: bool) {
        self.is_before.set(is_before);
        self.widget.redraw();
    }

    /// Shows both, side by side, or one.
    pub fn show_split(&self, is_split: bool) {
        self.split.set(is_split.then_some(0.5));
        self.widget.redraw();
    }

    /// Changes what is seen.
    pub fn change(&self, change: impl FnOnce(&mut View)) {
        let mut view = self.view.borrow_mut();
        let old = *view;
        change(&mut view);
        if *view != old {
            self.has_moved.set(true);
            self.widget.redraw();
        }
    }

    fn shots(&self, side: Side) -> &RefCell<Shots> {
        match side {
            Side::Before => &self.before,
            Side::After => &self.after,
        }
    }

    fn listen(self: &Rc<Self>) {
        let on = |signal: &str, hear: fn(&Self, &Event) -> bool| {
            let pane = Rc::downgrade(self);
            self.widget.on_event(signal, move |event| heard(&pane, |pane| hear(pane, event)));
        };
        on("button-press-event", Self::press);
        on("button-release-event", |pane, _| {
            pane.drag.set(None);
            true
        });
        on("motion-notify-event", Self::motion);
        on("scroll-event", |pane, event| {
            let place = pane.on_screen(event.place());
            pane.change(|view| view.zoom_at(place, STEP.powf(event.wheel().clamp(-2.0, 2.0))));
            true
        });
        on("key-press-event", Self::key);
        let pane = Rc::downgrade(self);
        self.widget.on_draw(move |drawing| {
            heard(&pane, |pane| {
                pane.draw(drawing);
                true
            });
        });
        let pane = Rc::downgrade(self);
        self.widget.on("size-allocate", move || {
            heard(&pane, |pane| {
                let room = pane.on_screen(pane.widget.room());
                pane.change(|view| view.set_pane(room));
                true
            });
        });
    }

    fn press(&self, event: &Event) -> bool {
        const FIRST: u32 = 1;
        const MIDDLE: u32 = 2;
        if ![FIRST, MIDDLE].contains(&event.button()) {
            return false;
        }
        self.widget.take_focus();
        let place = event.place();
        if event.is_double() {
            let place = self.on_screen(place);
            self.change(|view| match view.is_whole() {
                true => view.zoom_at(place, 1.0 / view.scale()),
                false => view.show_all(),
            });
            return true;
        }
        let line = self.split.get().map(|split| split * self.widget.room()[0]);
        let is_at_line = line.is_some_and(|line| (line - place[0]).abs() <= GRIP);
        self.drag.set(Some(if is_at_line { Drag::Split } else { Drag::Layer(place) }));
        true
    }

    fn motion(&self, event: &Event) -> bool {
        let place = event.place();
        match self.drag.get() {
            None => return false,
            Some(Drag::Split) => {
                let share = place[0] / self.widget.room()[0].max(1.0);
                self.split.set(Some(share.clamp(0.0, 1.0)));
                self.widget.redraw();
            }
            Some(Drag::Layer(from)) => {
                self.drag.set(Some(Drag::Layer(place)));
                let by = self.on_screen([place[0] - from[0], place[1] - from[1]]);
                self.change(|view| view.pan(by));
            }
        }
        true
    }

    /// Keys as GIMP's canvas has them.
    fn key(&self, event: &Event) -> bool {
        const PLUS: [u32; 3] = [0x2b, 0x3d, 0xffab];
        const MINUS: [u32; 2] = [0x2d, 0xffad];
        const ONE: [u32; 2] = [0x31, 0xffb1];
        const ZERO: [u32; 2] = [0x30, 0xffb0];
        const LEFT_UP_RIGHT_DOWN: [u32; 4] = [0xff51, 0xff52, 0xff53, 0xff54];
        let key = event.key();
        let middle = self.on_screen(self.widget.room()).map(|side| side / 2.0);
        if PLUS.contains(&key) {
            self.change(|view| view.zoom_at(middle, STEP));
        } else if MINUS.contains(&key) {
            self.change(|view| view.zoom_at(middle, 1.0 / STEP));
        } else if ONE.contains(&key) {
            self.change(|view| view.show_times(1.0));
        } else if ZERO.contains(&key) {
            self.change(View::show_all);
        } else if let Some(place) = LEFT_UP_RIGHT_DOWN.iter().position(|arrow| *arrow == key) {
            let by = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]][place];
            if self.view.borrow().is_whole() {
                return false;
            }
            self.change(|view| view.pan(by.map(|side| side * KEY_MOVES)));
        } else {
            return false;
        }
        true
    }

    fn draw(&self, drawing: &Drawing) {
        let [width, height] = self.widget.room();
        let all = [0.0, 0.0, width, height];
        drawing.fill(all, BACKGROUND);
        match (self.is_before.get(), self.split.get()) {
            (true, _) => self.draw_side(drawing, Side::Before),
            (false, None) => self.draw_side(drawing, Side::After),
            (false, Some(split)) => {
                let line = (split * width).round();
                let left = [0.0, 0.0, line, height];
                drawing.within(left, |drawing| self.draw_side(drawing, Side::Before));
                let right = [line, 0.0, width - line, height];
                drawing.within(right, |drawing| self.draw_side(drawing, Side::After));
                drawing.fill([line - 2.0, 0.0, 4.0, height], LINE_SHADOW);
                drawing.fill([line - 1.0, 0.0, 2.0, height], LINE);
            }
        }
    }

    /// What is not painted yet is shown as it is.
    fn draw_side(&self, drawing: &Drawing, side: Side) {
        let (before, after) = (self.before.borrow(), self.after.borrow());
        let shots = match side {
            Side::After if after.whole.is_some() || after.part.is_some() => &after,
            _ => &before,
        };
        for shot in [&shots.whole, &shots.part].into_iter().flatten() {
            let area = self.area(shot.place);
            if let Some(checks) = &self.checks {
                drawing.tiled(checks, area);
            }
            let is_whole_pixels = shot.surface.size[0] >= f64::from(shot.place.width);
            let is_sharp = is_whole_pixels && self.view.borrow().scale() >= 2.0;
            drawing.picture(&shot.surface, area, is_sharp);
        }
    }

    /// Where a part of the layer is, in the widget's pixels.
    fn area(&self, place: Rectangle) -> Area {
        let view = self.view.borrow();
        let (scale, [left, top]) = (view.scale(), view.origin());
        let Rectangle { x, y, width, height } = place;
        let [x, y, width, height] = [x, y, width, height].map(|side| f64::from(side) * scale);
        [left + x, top + y, width, height].map(|side| side / self.widget.screen_scale())
    }

    fn on_screen(&self, place: [f64; 2]) -> [f64; 2] {
        place.map(|side| side * self.widget.screen_scale())
    }
}

fn heard(pane: &Weak<Pane>, hear: impl FnOnce(&Pane) -> bool) -> bool {
    pane.upgrade().is_some_and(|pane| hear(&pane))
}

/// The pattern under what is transparent, as GIMP's canvas has it.
fn checks() -> Option<Surface> {
    const CHECK: u32 = 8;
    const LIGHT: u8 = 0x99;
    const DARK: u8 = 0x66;
    let side = 2 * CHECK;
    let pixels = (0..side * side).flat_map(|k| {
        let is_light = ((k % side) / CHECK + (k / side) / CHECK).is_multiple_of(2);
        let gray = if is_light { LIGHT } else { DARK };
        [gray, gray, gray, u8::MAX]
    });
    let pixels: Vec<_> = pixels.collect();
    Surface::new(&Pixbuf::new(&pixels, side, side)?)
}
