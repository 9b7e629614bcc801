//! Calls that paint, with callbacks that call back.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

use super::arguments::{Described, Sized};
use super::calls::{Caller, text};
use crate::abi::{self, checked};
use crate::fixtures;
use crate::painting::by_c;

/// What a callback does.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Ask,
    Fail,
    Paint,
    Request,
    Stop,
}

/// What a callback is given.
struct Listener {
    does: Does,
    cancel: *const abi::Cancel,
    calls: Cell<u32>,
}

impl Caller {
    pub fn paints(&mut self) {
        let plan = self.plan(7, 8);
        let engine = self.engine(plan.is_wrong(0));
        let style = self.style(plan.is_wrong(1));
        let input = Described::any(&mut self.random);
        let output = Described::like(&mut self.random, &input);
        let mask = Described::like(&mut self.random, &input);
        let before = output.bytes.clone();

        let cancel = fixtures::Cancel::new();
        let does = [Does::Ask, Does::Fail, Does::Paint, Does::Request, Does::Stop];
        let does = self.random.pick(&does);
        let listener = Listener { does, cancel: cancel.get(), calls: Cell::new(0) };
        let mut run = fixtures::run();
        run.cancel = cancel.get();
        run.progress = Some(hear);
        run.progress_user_data = ptr::from_ref(&listener).cast_mut().cast();
        let in_fields = plan.is_wrong(2) && self.random.one_in(2);
        if in_fields {
            self.spoil(&mut run);
        }
        let has_run = plan.is_wrong(2) || !self.random.one_in(4);
        let run = Sized::new(&mut self.random, run, plan.is_wrong(2) && !in_fields);
        let pixels = |caller: &mut Self, described: &Described, other: i32, is_wrong: bool| {
            let mut pixels = described.pixels;
            let in_fields = is_wrong && caller.random.one_in(2);
            if in_fields {
                pixels = described.wronged(&mut caller.random);
                // A curve that is known but another is wrong, too; so is another size.
                match caller.random.below(4) {
                    0 => pixels = abi::Pixels { curve: other, ..described.pixels },
                    1 => pixels = abi::Pixels { height: 0, ..described.pixels },
                    _ => {}
                }
            }
            Sized::new(&mut caller.random, pixels, is_wrong && !in_fields)
        };
        let other = 1 - input.pixels.curve;
        let from = pixels(self, &input, 2, plan.is_wrong(3));
        let to = pixels(self, &output, other, plan.is_wrong(4));
        let over = pixels(self, &mask, -1, plan.is_wrong(5));
        let report = Sized::output(&mut self.random, fixtures::report(), plan.is_wrong(6));
        let before_report = report.contents();

        // NULL is no mistake where something may be left out.
        let nullable = [(2, run.pointer().is_null()), (5, over.pointer().is_null())];
        let nullable = nullable.into_iter().chain([(6, report.pointer().is_null())]);
        let forgiven = nullable.filter(|&(_, is_null)| is_null).map(|(argument, _)| argument);
        let plan = plan.without(forgiven);

        let run = if has_run { run.pointer() } else { ptr::null_mut() };
        let hears = !run.is_null();
        let settings = match self.random.one_in(2) {
            true => Some(fixtures::Settings::new(&[(c"strength", c"0.9"), (c"seed", c"7")])),
            false => None,
        };
        // SAFETY: as the plan says.
        let status = unsafe {
            abi::impasto_engine_paint(
                engine,
                style,
                settings.as_ref().map_or(ptr::null(), fixtures::Settings::get),
                run,
                from.pointer(),
                over.pointer(),
                to.pointer(),
                report.pointer(),
            )
        };
        let stopped = hears && plan.is_right() && matches!(does, Does::Request | Does::Stop);
        let success = match stopped {
            true => {
                assert_eq!(checked(status), abi::CANCELLED, "{}", abi::last_error());
                false
            }
            false => plan.met(status),
        };
        assert_eq!(listener.calls.get() > 0, hears && plan.is_right());
        if !success {
            assert!(output.bytes == before, "the output was written on failure");
            assert_eq!(report.contents(), before_report);
        } else if !report.pointer().is_null() {
            assert_ne!(report.contents(), before_report);
        }
    }

    /// Puts a number where it does not belong.
    fn spoil(&mut self, run: &mut abi::Run) {
        let random = &mut self.random;
        let scale = random.pick(&[f32::NAN, f32::INFINITY, -0.5, 0.0, 101.0, f32::MIN]);
        match random.below(4) {
            0 => run.scale_x = scale,
            1 => run.scale_y = scale,
            2 => run.draft = random.pick(&[2, u32::MAX]),
            _ => run.cancel = ptr::dangling::<u64>().wrapping_byte_add(1).cast(),
        }
    }
}

unsafe extern "C" fn hear(user_data: *mut c_void, progress: *const abi::Progress) -> i32 {
    // SAFETY: what `paints` handed over, on its own thread; the progress is valid during the call.
    let (listener, progress) = unsafe { (&*user_data.cast::<Listener>(), &*progress) };
    let calls = listener.calls.replace(listener.calls.get() + 1);
    assert!((0.0..=1.0).contains(&progress.fraction));
    assert!(!text(progress.phase).unwrap().is_empty());
    match listener.does {
        Does::Ask => {
            // SAFETY: no conditions.
            assert!(text(unsafe { abi::impasto_version() }).is_some());
            abi::last_error();
        }
        Does::Fail => {
            // SAFETY: NULL is allowed.
            let status = unsafe { abi::impasto_cancel_request(ptr::null()) };
            assert_eq!(checked(status), abi::ARGUMENT);
        }
        Does::Paint if calls == 0 => paint_within(),
        Does::Paint => {}
        Does::Request => {
            // SAFETY: `paints` frees it after the painting.
            let status = unsafe { abi::impasto_cancel_request(listener.cancel) };
            assert_eq!(checked(status), abi::OK);
        }
        Does::Stop => return -1,
    }
    0
}

/// A painting within a painting.
fn paint_within() {
    // Of one colour it would stay plain.
    let before: [u8; 8 * 8 * 4] =
        std::array::from_fn(|k| if k % 4 == 3 { 255 } else { (k * 37 % 256) as u8 });
    let mut bytes = before;
    let mut pixels = fixtures::pixels();
    pixels.data = bytes.as_mut_ptr().cast();
    (pixels.width, pixels.height) = (8, 8);
    // SAFETY: the description is that of the buffer.
    unsafe { by_c(&pixels, None, &pixels) };
    assert!(bytes != before);
}
