//! One call of each function.

use std::collections::HashSet;
use std::ffi::{CStr, c_char, c_void};
use std::{ptr, slice};

use super::arguments::{Described, Sized, Slot, not_text};
use super::random::Random;
use crate::abi::{self, checked};
use crate::common::example;
use crate::fixtures;

/// A thread of a host.
pub struct Caller {
    pub random: Random,
    /// How many calls were right and wrong.
    pub counts: [u64; 2],
    styles: Vec<*mut abi::Style>,
}

/// Reads a string that the library lends, to its end.
pub fn text(string: *const c_char) -> Option<String> {
    // SAFETY: what the library returns is NULL or ends with NUL.
    (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) }.to_str().unwrap().to_owned())
}

impl Caller {
    pub fn new(seed: u64) -> Self {
        Self { random: Random(seed), counts: [0; 2], styles: Vec::new() }
    }

    pub fn call(&mut self) {
        const CALLS: [fn(&mut Caller); 17] = [
            Caller::statics,
            Caller::cancels,
            Caller::inits,
            Caller::engines,
            Caller::prepares,
            Caller::devices,
            Caller::style_by_name,
            Caller::style_by_file,
            Caller::style_by_pixels,
            Caller::mixes,
            Caller::style_by_bytes,
            Caller::saves,
            Caller::frees_a_style,
            Caller::lists_styles,
            Caller::sets,
            Caller::paints,
            Caller::frees_nothing,
        ];
        self.random.pick(&CALLS)(self);
    }

    /// Which of `count` arguments are wrong; nothing is in one of `rarity` calls.
    pub fn plan(&mut self, count: usize, rarity: usize) -> Plan {
        let wrong = match self.random.one_in(rarity) {
            true => 0,
            false => 1 + self.random.below((1 << count) - 1),
        };
        self.counts[usize::from(wrong != 0)] += 1;
        Plan { wrong }
    }

    pub fn engine(&mut self, is_wrong: bool) -> *const abi::Engine {
        if is_wrong { self.never(fixtures::engine()) } else { fixtures::engine() }
    }

    pub fn style(&mut self, is_wrong: bool) -> *const abi::Style {
        let own = self.styles.last().map_or(fixtures::style(), |style| style.cast_const());
        if is_wrong { self.never(own) } else { own }
    }

    /// NULL, or an address that cannot be an object's.
    fn never<T>(&mut self, object: *const T) -> *const T {
        let odd = object.wrapping_byte_add(1 + self.random.below(3));
        self.random.pick(&[ptr::null(), odd])
    }

    fn keep(&mut self, slot: &Slot<abi::Style>, plan: &Plan, status: i32) {
        if let Some(made) = slot.made(plan.met(status)) {
            self.styles.push(made);
        }
        if self.styles.len() > 8 {
            self.frees_a_style();
        }
    }

    fn statics(&mut self) {
        let index = self.random.pick(&[0, 1, 5, 100, usize::MAX]);
        // SAFETY: no conditions; what is returned is static.
        unsafe {
            assert!(text(abi::impasto_version()).unwrap().contains('.'));
            assert!(abi::impasto_version_number() < 1_000_000_000);
            for status in [self.random.next() as i32, index as i32, -1] {
                assert!(!text(abi::impasto_status_name(status)).unwrap().is_empty());
            }
            abi::last_error();
            let setting = abi::impasto_setting_at(index);
            assert_eq!(setting.is_null(), index >= abi::impasto_setting_count());
            if let Some(setting) = setting.as_ref() {
                for k in 0..setting.choice_count as usize {
                    assert!(text(*setting.choice_names.add(k)).is_some());
                    assert!(text(*setting.choice_labels.add(k)).is_some());
                }
                assert!(!text(setting.help).unwrap().is_empty());
            }
            let name = not_text(&mut self.random);
            assert!(abi::impasto_setting_find(name).is_null());
        }
        self.counts[0] += 1;
    }

    fn cancels(&mut self) {
        let plan = self.plan(1, 2);
        let slot = Slot::new(&mut self.random, plan.is_wrong(0));
        // SAFETY: NULL, odd, or room for a handle.
        let status = unsafe { abi::impasto_cancel_new(slot.pointer()) };
        if let Some(mut cancel) = slot.made(plan.met(status)) {
            let odd = self.never(cancel.cast_const());
            // SAFETY: the object is alive until it is freed here, and the handle then NULL.
            unsafe {
                assert_eq!(checked(abi::impasto_cancel_request(odd)), abi::ARGUMENT);
                assert_eq!(checked(abi::impasto_cancel_request(cancel)), abi::OK);
                abi::impasto_cancel_free(&mut cancel);
                assert!(cancel.is_null());
                assert_eq!(checked(abi::impasto_cancel_request(cancel)), abi::ARGUMENT);
                abi::impasto_cancel_free(&mut cancel);
            }
        }
    }

    fn inits(&mut self) {
        let which = self.random.below(4);
        match which {
            0 => self.init::<abi::EngineOptions>(abi::impasto_engine_options_init),
            1 => self.init::<abi::Pixels>(abi::impasto_pixels_init),
            2 => self.init::<abi::Run>(abi::impasto_run_init),
            _ => self.init::<abi::Report>(abi::impasto_report_init),
        }
    }

    fn init<T: abi::Grown>(&mut self, init: unsafe extern "C" fn(*mut T, usize) -> i32) {
        let plan = self.plan(2, 2);
        let mut room = [0x5a5a_5a5a_5a5a_5a5a_u64; 128];
        let own = size_of::<T>();
        let size = match plan.is_wrong(1) {
            true => self.random.pick(&[0, 1, 8, own / 2, own - 8, own - 1, usize::MAX]),
            false => self.random.pick(&[own, own, own + 8, size_of_val(&room)]),
        };
        let start = room.as_mut_ptr().cast::<T>();
        let odd = start.wrapping_byte_add(1 + self.random.below(7));
        let pointer = match plan.is_wrong(0) {
            true => self.random.pick(&[ptr::null_mut(), odd]),
            false => start,
        };
        // SAFETY: there is room for every size that is given.
        let success = plan.met(unsafe { init(pointer, size) });
        let known = room[0] as usize;
        assert_eq!(known == own, success);
        let written = if success { own / 8 } else { 0 };
        assert!(room[written..].iter().all(|&word| word == 0x5a5a_5a5a_5a5a_5a5a));
    }

    fn engines(&mut self) {
        let plan = self.plan(3, 3);
        let mut options = fixtures::engine_options();
        let nowhere = c"no such folder".as_ptr();
        options.models_path = nowhere;
        options.user_styles_path = nowhere;
        options.cache_path = self.random.pick(&[nowhere, c"".as_ptr(), ptr::null()]);
        options.device =
            self.random.pick(&[ptr::null(), c"".as_ptr(), c"cpu".as_ptr(), c"cuda:7".as_ptr()]);
        options.memory_budget = self.random.pick(&[0, 1, u64::MAX]);
        options.user_networks_path = self.random.pick(&[nowhere, c"".as_ptr(), ptr::null()]);
        options.threads = self.random.pick(&[0, 1, 1024, u32::MAX]);
        if plan.is_wrong(1) {
            let wrong = c"\xff".as_ptr();
            let device = self.random.pick(&[c"toaster".as_ptr(), c"cuda:-1".as_ptr(), wrong]);
            match self.random.below(7) {
                0 => options.runtime_path = wrong,
                1 => options.models_path = wrong,
                2 => options.cache_path = wrong,
                3 => options.user_styles_path = wrong,
                4 => options.user_networks_path = wrong,
                5 => options.reserved = 1,
                _ => options.device = device,
            }
        }
        let options = Sized::new(&mut self.random, options, plan.is_wrong(0));
        // NULL options are all defaults.
        let is_null = options.pointer().is_null();
        let is_fine = is_null && !plan.is_wrong(2);
        let slot = Slot::new(&mut self.random, plan.is_wrong(2));
        // SAFETY: as the plan says; strings are static.
        let status = unsafe { abi::impasto_engine_new(options.pointer(), slot.pointer()) };
        let success = if is_fine { checked(status) == abi::OK } else { plan.met(status) };
        let Some(mut engine) = slot.made(success) else { return };
        // SAFETY: the engine is alive until it is freed here.
        unsafe {
            if !is_null {
                assert_eq!(checked(abi::impasto_engine_prepare(engine)), abi::MODEL);
                let mut list = ptr::null_mut();
                assert_eq!(checked(abi::impasto_engine_styles(engine, &mut list)), abi::MODEL);
                assert!(list.is_null());
            }
            abi::impasto_engine_free(&mut engine);
            assert!(engine.is_null());
            assert_eq!(checked(abi::impasto_engine_prepare(engine)), abi::ARGUMENT);
            abi::impasto_engine_free(&mut engine);
        }
    }

    fn prepares(&mut self) {
        let plan = self.plan(1, 2);
        let engine = self.engine(plan.is_wrong(0));
        // SAFETY: NULL, odd, or alive.
        plan.met(unsafe { abi::impasto_engine_prepare(engine) });
    }

    fn devices(&mut self) {
        let plan = self.plan(2, 4);
        let engine = self.engine(plan.is_wrong(0));
        let slot = Slot::new(&mut self.random, plan.is_wrong(1));
        // SAFETY: as the plan says.
        let status = unsafe { abi::impasto_engine_devices(engine, slot.pointer()) };
        let Some(mut list) = slot.made(plan.met(status)) else { return };
        // SAFETY: the list is alive until it is freed here; NULL and odd are no list.
        unsafe {
            let count = abi::impasto_device_list_count(list);
            assert!(count > 0);
            for index in [0, count - 1, count, usize::MAX] {
                let name = text(abi::impasto_device_list_name(list, index));
                assert_eq!(name.is_some(), index < count);
                text(abi::impasto_device_list_reason(list, index));
            }
            let odd = self.never(list.cast_const());
            assert_eq!(abi::impasto_device_list_count(odd), 0);
            assert!(abi::impasto_device_list_name(odd, 0).is_null());
            assert!(abi::impasto_device_list_reason(odd, 0).is_null());
            abi::impasto_device_list_free(&mut list);
            assert!(list.is_null());
            abi::impasto_device_list_free(&mut list);
        }
    }

    fn style_by_name(&mut self) {
        let plan = self.plan(3, 4);
        let engine = self.engine(plan.is_wrong(0));
        let strange = [c"no such style", c"", c"../ink", c"a\nb", c"/", c"ink\r\n", c"\x1b[31m"];
        let name = match (plan.is_wrong(1), self.random.one_in(2)) {
            (false, _) => c"great-wave".as_ptr(),
            (true, true) => not_text(&mut self.random),
            (true, false) => self.random.pick(&strange).as_ptr(),
        };
        let slot = Slot::new(&mut self.random, plan.is_wrong(2));
        // SAFETY: as the plan says; names are static.
        let status = unsafe { abi::impasto_style_from_name(engine, name, slot.pointer()) };
        self.keep(&slot, &plan, status);
    }

    fn style_by_file(&mut self) {
        let plan = self.plan(4, 8);
        let engine = self.engine(plan.is_wrong(0));
        let root = crate::common::root();
        let good = [example("photo.png"), saved_style()];
        let bad = [root.join("Cargo.toml"), root.join("README.md"), root.into(), "a\nb".into()];
        let file = match plan.is_wrong(1) {
            false => self.random.pick(&good),
            true => self.random.pick(&bad),
        };
        let file = fixtures::path(&file);
        let path = match plan.is_wrong(1) && self.random.one_in(2) {
            true => not_text(&mut self.random),
            false => file.as_ptr(),
        };
        let run = self.run(plan.is_wrong(2));
        let slot = Slot::new(&mut self.random, plan.is_wrong(3));
        let run = run.as_ref().map_or(ptr::null_mut(), Sized::pointer);
        // SAFETY: as the plan says; `file` outlives the call.
        let status = unsafe { abi::impasto_style_from_file(engine, path, run, slot.pointer()) };
        self.keep(&slot, &plan, status);
    }

    fn style_by_pixels(&mut self) {
        let plan = self.plan(5, 30);
        let engine = self.engine(plan.is_wrong(0));
        let described = Described::any(&mut self.random);
        // Half of the wrong ones are wrong in what they say, half in their size or address.
        let in_fields = plan.is_wrong(1) && self.random.one_in(2);
        let pixels = match in_fields {
            true => described.wronged(&mut self.random),
            false => described.pixels,
        };
        let pixels = Sized::new(&mut self.random, pixels, plan.is_wrong(1) && !in_fields);
        let name = match plan.is_wrong(2) {
            true => c"\xff".as_ptr(),
            false => self.random.pick(&[ptr::null(), c"".as_ptr(), c"a b\n".as_ptr()]),
        };
        let cancel = fixtures::Cancel::new();
        let mut run = fixtures::run();
        if plan.is_wrong(3) {
            run.cancel = cancel.get();
            cancel.request();
        }
        let slot = Slot::new(&mut self.random, plan.is_wrong(4));
        // SAFETY: as the plan says; `described` and `cancel` outlive the call.
        let status = unsafe {
            let pixels = pixels.pointer();
            abi::impasto_style_from_pixels(engine, pixels, name, &run, slot.pointer())
        };
        self.keep(&slot, &plan, status);
    }

    fn mixes(&mut self) {
        let plan = self.plan(5, 4);
        let count = 1 + self.random.below(5);
        let mut styles: Vec<_> = (0..count).map(|_| self.style(false)).collect();
        let mut weights: Vec<f32> = (0..count).map(|k| k as f32 + 0.5).collect();
        if plan.is_wrong(0) {
            styles[count - 1] = self.never(fixtures::style());
        }
        if plan.is_wrong(1) {
            weights[0] = self.random.pick(&[-1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
            if self.random.one_in(4) {
                weights.fill(0.0);
            }
        }
        let odd = ptr::dangling::<u64>().wrapping_byte_add(1);
        let list = match (plan.is_wrong(2), self.random.one_in(2)) {
            (true, true) => ptr::null(),
            (true, false) => odd.cast(),
            (false, _) => styles.as_ptr(),
        };
        let claimed = match plan.is_wrong(3) {
            true => self.random.pick(&[0, 1025, usize::MAX, usize::MAX / 8 + 1]),
            false => count,
        };
        let slot = Slot::new(&mut self.random, plan.is_wrong(4));
        // SAFETY: as the plan says; counts that are not true are refused.
        let status =
            unsafe { abi::impasto_style_mix(list, weights.as_ptr(), claimed, slot.pointer()) };
        self.keep(&slot, &plan, status);
    }

    fn style_by_bytes(&mut self) {
        let plan = self.plan(3, 4);
        let mut bytes = std::fs::read(saved_style()).unwrap();
        if plan.is_wrong(0) {
            match self.random.below(4) {
                0 => bytes.truncate(bytes.len() / 2),
                1 => bytes.push(b'='),
                2 => bytes[0] = 0xff,
                _ => bytes.clear(),
            }
        }
        let (start, length) = match plan.is_wrong(1) {
            true => self.random.pick(&[
                (ptr::null(), bytes.len()),
                (bytes.as_ptr(), usize::MAX),
                (bytes.as_ptr(), isize::MAX as usize + 1),
            ]),
            false => (bytes.as_ptr(), bytes.len()),
        };
        let slot = Slot::new(&mut self.random, plan.is_wrong(2));
        // SAFETY: as the plan says; lengths that are not true are refused.
        let status = unsafe { abi::impasto_style_from_bytes(start, length, slot.pointer()) };
        self.keep(&slot, &plan, status);
    }

    fn saves(&mut self) {
        let plan = self.plan(3, 3);
        let style = self.style(plan.is_wrong(0));
        let bytes = Slot::<u8>::new(&mut self.random, plan.is_wrong(1));
        let length = Slot::<c_void>::new(&mut self.random, plan.is_wrong(2));
        // SAFETY: as the plan says; a length has the size and alignment of a handle.
        let status = unsafe {
            abi::impasto_style_bytes(style, bytes.pointer().cast(), length.pointer().cast())
        };
        let success = plan.met(status);
        if let (Some(bytes), Some(length)) = (bytes.made(success), length.made(success)) {
            // SAFETY: the style lends them.
            let bytes = unsafe { slice::from_raw_parts(bytes, length.addr()) };
            assert!(str::from_utf8(bytes).unwrap().contains("code"));
        }
        // SAFETY: NULL, odd, or alive.
        let name = text(unsafe { abi::impasto_style_name(style) });
        assert_eq!(name.is_some(), !plan.is_wrong(0));
    }

    fn frees_a_style(&mut self) {
        self.counts[0] += 1;
        let count = self.styles.len().max(1);
        let index = self.random.below(count);
        if index < self.styles.len() {
            let mut style = self.styles.swap_remove(index);
            // SAFETY: the style is this thread's own, and the handle NULL after the first call.
            unsafe {
                abi::impasto_style_free(&mut style);
                assert!(style.is_null());
                abi::impasto_style_free(&mut style);
                assert!(abi::impasto_style_name(style).is_null());
            }
        }
    }

    fn lists_styles(&mut self) {
        let plan = self.plan(2, 4);
        let engine = self.engine(plan.is_wrong(0));
        let slot = Slot::new(&mut self.random, plan.is_wrong(1));
        // SAFETY: as the plan says.
        let status = unsafe { abi::impasto_engine_styles(engine, slot.pointer()) };
        let Some(mut list) = slot.made(plan.met(status)) else { return };
        let fields = [
            abi::impasto_style_list_name,
            abi::impasto_style_list_title,
            abi::impasto_style_list_painter,
            abi::impasto_style_list_year,
        ];
        let odd = self.never(list.cast_const());
        // SAFETY: the list is alive until it is freed here; NULL and odd are no list.
        unsafe {
            let count = abi::impasto_style_list_count(list);
            assert!(count > 0);
            assert_eq!(abi::impasto_style_list_count(odd), 0);
            let mut names = HashSet::new();
            for index in (0..=count).chain([usize::MAX]) {
                for field in fields {
                    assert_eq!(text(field(list, index)).is_some(), index < count);
                    assert!(field(odd, index).is_null());
                }
                let name = text(abi::impasto_style_list_name(list, index));
                assert!(name.is_none() || names.insert(name));
                text(abi::impasto_style_list_thumbnail(list, index));
            }
            abi::impasto_style_list_free(&mut list);
            assert!(list.is_null());
            abi::impasto_style_list_free(&mut list);
        }
    }

    fn sets(&mut self) {
        let plan = self.plan(3, 3);
        let own = fixtures::Settings::new(&[]);
        let settings = match plan.is_wrong(0) {
            true => self.never(own.get()),
            false => own.get(),
        };
        let (name, value, word) = self.random.pick(&[
            (c"strength", 0.5, c"0.5"),
            (c"brush-size", 32.0, c"32"),
            (c"seed", 4_294_967_295.0, c"4294967295"),
            (c"keep-color", 2.0, c"match"),
        ]);
        let unknown = self.random.pick(&[c"", c"Strength", c"strength ", c"a\nb"]);
        let named = match (plan.is_wrong(1), self.random.one_in(2)) {
            (false, _) => name.as_ptr(),
            (true, true) => not_text(&mut self.random),
            (true, false) => unknown.as_ptr(),
        };
        let by_text = self.random.one_in(2);
        // 33.25 is outside every range, and no whole number.
        let value = match plan.is_wrong(2) {
            true => self.random.pick(&[f64::NAN, f64::INFINITY, f64::MIN, -1.0, 1e300, 33.25]),
            false => value,
        };
        let strange = [c"33.25", c"all", c"0x1", c"\xff", c"-1", c"1e400"];
        let word = if plan.is_wrong(2) { self.random.pick(&strange) } else { word };
        // SAFETY: as the plan says; texts are static.
        let success = plan.met(unsafe {
            match by_text {
                true => abi::impasto_settings_set_text(settings.cast_mut(), named, word.as_ptr()),
                false => abi::impasto_settings_set_number(settings.cast_mut(), named, value),
            }
        });
        let mut found = f64::NAN;
        // SAFETY: the settings live; the name is static.
        let status = unsafe { abi::impasto_settings_number(own.get(), name.as_ptr(), &mut found) };
        assert_eq!(checked(status), abi::OK);
        let set = [0.5, 32.0, 4_294_967_295.0, 2.0].contains(&found);
        assert_eq!(set, success, "{name:?} is {found}");
    }

    /// A run, or none at all where that is no mistake.
    fn run(&mut self, is_wrong: bool) -> Option<Sized<abi::Run>> {
        if !is_wrong && self.random.one_in(2) {
            return None;
        }
        let mut run = fixtures::run();
        if !is_wrong {
            return Some(Sized::new(&mut self.random, run, false));
        }
        match self.random.below(3) {
            0 => run.cancel = ptr::dangling::<u64>().wrapping_byte_add(1).cast(),
            1 => run.draft = 2,
            _ => run.struct_size = self.random.pick(&[0, 44, 80, 84, 5000]),
        }
        let size = run.struct_size;
        let sized = Sized::new(&mut Random(0), run, false);
        // SAFETY: it begins with its size.
        unsafe { sized.pointer().cast::<usize>().write(size) };
        Some(sized)
    }

    /// NULL, handles of NULL and addresses that cannot be a handle's are nothing to free.
    fn frees_nothing(&mut self) {
        fn free<T>(random: &mut Random, free: unsafe extern "C" fn(*mut *mut T)) {
            let mut room = [ptr::null_mut::<T>(), ptr::dangling_mut()];
            let start = room.as_mut_ptr();
            let odd = start.wrapping_byte_add(1 + random.below(7));
            // SAFETY: none of these is an object.
            unsafe { free(random.pick(&[ptr::null_mut(), start, odd])) };
            assert_eq!(room, [ptr::null_mut(), ptr::dangling_mut()]);
        }
        self.counts[1] += 1;
        let random = &mut self.random;
        match random.below(7) {
            0 => free(random, abi::impasto_cancel_free),
            5 => free(random, abi::impasto_look_free),
            6 => free(random, abi::impasto_settings_free),
            1 => free(random, abi::impasto_engine_free),
            2 => free(random, abi::impasto_device_list_free),
            3 => free(random, abi::impasto_style_free),
            _ => free(random, abi::impasto_style_list_free),
        }
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        for mut style in self.styles.drain(..) {
            // SAFETY: the styles are this thread's own.
            unsafe { abi::impasto_style_free(&mut style) };
        }
    }
}

/// Which arguments of a call are wrong, as bits.
pub struct Plan {
    wrong: usize,
}

impl Plan {
    pub fn is_wrong(&self, argument: usize) -> bool {
        self.wrong >> argument & 1 == 1
    }

    pub fn is_right(&self) -> bool {
        self.wrong == 0
    }

    /// The plan less arguments that turned out right.
    pub fn without(self, arguments: impl Iterator<Item = usize>) -> Self {
        Self { wrong: arguments.fold(self.wrong, |wrong, argument| wrong & !(1 << argument)) }
    }

    /// Whether the call succeeded, which it must where nothing is wrong.
    pub fn met(&self, status: i32) -> bool {
        let success = checked(status) == abi::OK;
        assert_eq!(success, self.wrong == 0, "wrong {:b}: {}", self.wrong, abi::last_error());
        success
    }
}

/// A style's file that stays the same.
fn saved_style() -> std::path::PathBuf {
    crate::common::root().join("models/styles/great-wave.toml")
}
