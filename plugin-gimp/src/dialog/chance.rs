//! A style and a look by chance.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::style_list::{Choice, FIRST, Source};
use crate::ffi::Config;

/// Sets a style of `choices` and a look.
pub fn surprise_me(config: &Config, choices: &[Choice]) {
    let mut chance = Chance(RandomState::new().build_hasher().finish());
    let named: Vec<_> = choices
        .iter()
        .filter(|choice| matches!(choice.source, Source::Named(_) | Source::File(_)))
        .collect();
    let place = (chance.next() * named.len() as f64) as usize;
    if let Some(choice) = named.get(place) {
        FIRST.choose(config, Some(&choice.source));
    }
    for (name, [least, most]) in [
        ("strength", [0.5, 1.0]),
        ("grain", [0.0, 1.0]),
        ("turbulence", [0.0, 0.9]),
        ("abstraction", [0.2, 0.8]),
    ] {
        let value = least + chance.next() * (most - least);
        config.set_number(name, (value * 20.0).round() / 20.0);
    }
    config.set_number("seed", (chance.next() * 1e6).floor());
}

/// Numbers by chance (SplitMix64, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    /// From 0 to below 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
