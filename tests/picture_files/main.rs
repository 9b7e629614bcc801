//! What picture files keep, what they lose with a word, and what they refuse.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod avif;
mod by_hand;
mod fixtures;

mod code_points;
mod corpus;
mod damaged;
mod exif;
mod forgiven;
mod inks;
mod jpeg;
mod losses;
mod metadata;
mod names;
mod openexr;
mod openexr_kept;
mod orientation;
mod others;
mod png;
mod profiles;
mod psd;
mod readme_table;
mod samples;
mod sizes;
mod tiff;
mod tiff_kinds;
mod writing;
