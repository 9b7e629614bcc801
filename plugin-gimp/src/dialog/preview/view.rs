//! What of the layer is seen, and how large.

use crate::ffi::Rectangle;

/// The largest enlargement, in screen pixels of a layer's pixel.
const MOST: f64 = 16.0;

/// How much a turn of the wheel, or a press of a key, enlarges.
pub const STEP: f64 = std::f64::consts::SQRT_2;

/// The part of a layer that a pane shows. Lengths of the pane are screen pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    layer: [f64; 2],
    pane: [f64; 2],
    zoom: Zoom,
    /// The layer's place in the middle of the pane.
    center: [f64; 2],
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Zoom {
    /// The whole layer fits, and is not enlarged.
    Fit,
    /// Screen pixels of a layer's pixel.
    Times(f64),
}

impl View {
    /// All of a layer.
    pub fn new(layer: Rectangle) -> Self {
        let layer = [layer.width, layer.height].map(|side| f64::from(side.max(1)));
        Self { layer, pane: [1.0; 2], zoom: Zoom::Fit, center: layer.map(|side| side / 2.0) }
    }

    /// Gives the pane another size.
    pub fn set_pane(&mut self, pane: [f64; 2]) {
        self.pane = pane.map(|side| side.max(1.0));
        self.keep_in();
    }

    /// Screen pixels of a layer's pixel.
    pub fn scale(&self) -> f64 {
        match self.zoom {
            Zoom::Fit => self.fit(),
            Zoom::Times(times) => times,
        }
    }

    /// Whether the whole layer is seen.
    pub fn is_whole(&self) -> bool {
        self.scale() <= self.fit()
    }

    /// Shows the whole layer.
    pub fn show_all(&mut self) {
        *self = Self { zoom: Zoom::Fit, center: self.layer.map(|side| side / 2.0), ..*self };
    }

    /// Shows one pixel of the layer as `times` of the screen's.
    pub fn show_times(&mut self, times: f64) {
        self.zoom_at(self.pane.map(|side| side / 2.0), times / self.scale());
    }

    /// Enlarges by `factor`; what lies under `place` of the pane stays there. A step that passes
    /// 100 % stops there, and one below the whole layer shows it.
    pub fn zoom_at(&mut self, place: [f64; 2], factor: f64) {
        let (old, under) = (self.scale(), self.layer_place(place));
        let wanted = old * factor;
        let passes = (old - 1.0) * (wanted - 1.0) < -1e-9;
        let new = if passes { 1.0 } else { wanted.min(MOST) };
        if new <= self.fit() * 1.001 {
            return self.show_all();
        }
        self.zoom = Zoom::Times(new);
        for axis in [0, 1] {
            self.center[axis] = under[axis] + (self.pane[axis] / 2.0 - place[axis]) / new;
        }
        self.keep_in();
    }

    /// Moves the layer with the pointer.
    pub fn pan(&mut self, by: [f64; 2]) {
        let scale = self.scale();
        for (center, by) in self.center.iter_mut().zip(by) {
            *center -= by / scale;
        }
        self.keep_in();
    }

    /// The pane's place of the layer's top left corner, on a whole pixel.
    pub fn origin(&self) -> [f64; 2] {
        self.exact_origin().map(f64::round)
    }

    /// What the pane shows of the layer, in its whole pixels.
    pub fn visible(&self) -> Rectangle {
        let (scale, origin) = (self.scale(), self.origin());
        let range = |axis: usize| {
            let first = (-origin[axis] / scale).floor().clamp(0.0, self.layer[axis] - 1.0);
            let end = ((self.pane[axis] - origin[axis]) / scale).ceil();
            (first as i32, end.clamp(first + 1.0, self.layer[axis]) as i32)
        };
        let ((x, right), (y, bottom)) = (range(0), range(1));
        Rectangle { x, y, width: right - x, height: bottom - y }
    }

    fn exact_origin(&self) -> [f64; 2] {
        let scale = self.scale();
        [0, 1].map(|axis| self.pane[axis] / 2.0 - self.center[axis] * scale)
    }

    fn layer_place(&self, place: [f64; 2]) -> [f64; 2] {
        let (scale, origin) = (self.scale(), self.exact_origin());
        [0, 1].map(|axis| (place[axis] - origin[axis]) / scale)
    }

    fn fit(&self) -> f64 {
        let along = |axis: usize| self.pane[axis] / self.layer[axis];
        along(0).min(along(1)).min(1.0)
    }

    /// Leaves no gap at a border where the layer could fill the pane.
    fn keep_in(&mut self) {
        let scale = self.scale();
        for axis in [0, 1] {
            let half = self.pane[axis] / scale / 2.0;
            let side = self.layer[axis];
            self.center[axis] = if 2.0 * half >= side {
                side / 2.0
            } else {
                self.center[axis].clamp(half, side - half)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(width: i32, height: i32) -> View {
        let mut view = View::new(Rectangle { x: 0, y: 0, width, height });
        view.set_pane([600.0, 400.0]);
        view
    }

    #[test]
    fn a_layer_fits_and_is_not_enlarged() {
        let large = view(3000, 1000);
        assert!((large.scale() - 0.2).abs() < 1e-9);
        assert_eq!(large.origin(), [0.0, 100.0]);
        assert_eq!(large.visible(), Rectangle { x: 0, y: 0, width: 3000, height: 1000 });
        let small = view(100, 50);
        assert!((small.scale() - 1.0).abs() < 1e-9);
        assert_eq!(small.origin(), [250.0, 175.0]);
    }

    #[test]
    fn what_lies_under_the_pointer_stays_there() {
        let mut view = view(3000, 2000);
        let pointer = [450.0, 100.0];
        let before = view.layer_place(pointer);
        for _ in 0..9 {
            view.zoom_at(pointer, STEP);
            let after = view.layer_place(pointer);
            let moved = (after[0] - before[0]).hypot(after[1] - before[1]);
            assert!(moved * view.scale() < 1.5, "{moved}");
        }
        assert!(view.scale() > 1.0 && !view.is_whole());
    }

    #[test]
    fn steps_stop_at_100_percent_and_at_all() {
        let mut view = view(3000, 2000);
        while view.scale() < 0.9 {
            view.zoom_at([0.0, 0.0], STEP);
        }
        assert!((view.scale() - 1.0).abs() < 1e-9);
        view.zoom_at([300.0, 200.0], 0.001);
        assert!(view.is_whole());
        view.show_times(1.0);
        assert_eq!(view.visible().width, 600);
        view.zoom_at([0.0; 2], 1e9);
        assert!((view.scale() - MOST).abs() < 1e-9);
    }

    #[test]
    fn panning_ends_at_the_borders() {
        let mut view = view(3000, 2000);
        view.show_times(1.0);
        view.pan([1e6, 1e6]);
        assert_eq!((view.visible().x, view.visible().y), (0, 0));
        view.pan([-1e6, -1e6]);
        let seen = view.visible();
        assert_eq!((seen.x + seen.width, seen.y + seen.height), (3000, 2000));
        view.set_pane([10_000.0, 100.0]);
        assert_eq!(view.visible().width, 3000);
    }

    #[test]
    fn a_pixel_has_a_view_too() {
        let mut view = view(1, 1);
        view.show_times(8.0);
        assert_eq!(view.visible(), Rectangle { x: 0, y: 0, width: 1, height: 1 });
    }
}
