//! `--frames 1001-1100`, and how frames are told to people.

use std::collections::BTreeSet;

/// More than any shot has; a slip of the keyboard is no work for years.
const MOST: u64 = 1_000_000;

/// Frames in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frames(pub BTreeSet<i64>);

/// `5`, `1001-1100`, `1-99x2` for every other one, and several of these by commas.
///
/// # Errors
/// Words for what is none of these.
pub fn parse_frames(text: &str) -> Result<Frames, String> {
    let mut frames = BTreeSet::new();
    for part in text.split(',') {
        let (range, step) = part.split_once('x').unwrap_or((part, "1"));
        // A minus at the head belongs to the number.
        let dash = range.char_indices().skip(1).find(|(_, c)| *c == '-').map(|(at, _)| at);
        let (first, last) = dash.map_or((range, range), |at| (&range[..at], &range[at + 1..]));
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let (Some(first), Some(last), Some(step @ 1..)) =
            (number(first), number(last), number(step))
        else {
            return Err("frames such as 1001-1100, 1-99x2 or 1,5,9 are expected".to_owned());
        };
        if last < first {
            return Err(format!("{first} comes after {last}"));
        }
        if last.abs_diff(first) >= MOST {
            return Err(format!("at most {MOST} frames can be painted at once"));
        }
        frames.extend((first..=last).step_by(usize::try_from(step).unwrap_or(usize::MAX)));
    }
    Ok(Frames(frames))
}

/// `1003, 1007-1009`.
pub fn words(frames: &[i64]) -> String {
    let runs = frames.chunk_by(|a, b| *b == a + 1);
    let run = |run: &[i64]| match run {
        [first, .., last] => format!("{first}-{last}"),
        run => run.iter().map(i64::to_string).collect(),
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_listed_in_order() {
        let frames = |text| parse_frames(text).map(|frames| Vec::from_iter(frames.0));
        assert_eq!(frames("5").unwrap(), [5]);
        assert_eq!(frames("3-5,1").unwrap(), [1, 3, 4, 5]);
        assert_eq!(frames("1-9x4").unwrap(), [1, 5, 9]);
        assert_eq!(frames("-3--1").unwrap(), [-3, -2, -1]);
        assert_eq!(frames("-1-1").unwrap(), [-1, 0, 1]);
        for wrong in ["", "a", "5-3", "1-9x0", "1..5", "1-", "0-99999999", "1-9x-1"] {
            assert!(frames(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn frames_are_told_in_runs() {
        assert_eq!(words(&[1003]), "1003");
        assert_eq!(words(&[1, 3, 4, 7, 8, 9]), "1, 3-4, 7-9");
    }
}
