//! Sentences on what a format could not keep.

pub(super) fn rounded(format: &str, bits: u8) -> String {
    format!(
        "{format} holds integers: the picture was rounded to {bits} bits a channel and clipped to \
         the range from black to white."
    )
}

pub(super) fn encoded_srgb(format: &str) -> String {
    format!("{format} was given sRGB: the picture's linear light was encoded as such.")
}

pub(super) fn made_linear(format: &str, from: &str) -> String {
    format!("{format} was given linear sRGB: the picture was converted to it from {from}.")
}

pub(super) fn left_out(format: &str, what: &str) -> String {
    format!("{format} is written without {what}: that was left out.")
}

pub(super) fn too_long(format: &str, what: &str) -> String {
    format!("The {what} are too long for {format}: they were left out.")
}

pub(super) fn profile_left_out(reason: &str) -> String {
    format!("The colour profile was left out: {reason}.")
}
