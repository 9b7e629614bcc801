//! What is to be measured, and what for.

/// What is asked of `cargo xtask bench` as a whole.
pub struct Request<'a> {
    /// As the program takes it; `None` for its own choice.
    pub device: Option<&'a str>,
    /// Other programs, too.
    pub has_peers: bool,
    /// Prints the rows as JSON instead of writing the page.
    pub is_json: bool,
    /// Without what takes longer than a minute.
    pub is_quick: bool,
}
