//! The page with the paintings.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::column::{COLUMNS, How};
use super::measures::{Losses, Measures};
use super::painting::Painting;
use super::photograph::PHOTOGRAPHS;
use crate::machine;

/// Pictures beside one another: more would be too small to judge.
const ACROSS: usize = 4;

/// What the page shows.
pub struct Findings {
    /// As it was typed.
    pub command: String,
    pub paintings: Vec<Painting>,
    /// What is not shown, and why.
    pub notes: Vec<String>,
    pub versions: Vec<String>,
    pub seconds: f64,
    /// How many paintings were made earlier.
    pub kept: usize,
    /// The longest side of the page's pictures, in pixels.
    pub side: u32,
}

/// `docs/LOOKS.md`.
pub fn page(findings: &Findings) -> String {
    let Findings { command, paintings, notes, versions, seconds, kept, side } = findings;
    let mut page = String::from("# How paintings look\n\n");
    let mut line = |text: &str| {
        page.push_str(text);
        page.push('\n');
    };
    let from_earlier = match kept {
        0 => String::new(),
        kept => format!(", with {kept} of {} pictures kept from an earlier run", paintings.len()),
    };
    line(&format!(
        "Written by `{command}` on {} in {}{from_earlier}.\n",
        machine::name(),
        time(*seconds)
    ));
    line(&format!("{}.\n", versions.join(", ")));
    line(&format!(
        "Each photograph in each style by each program, at the photograph's size; the pictures here \
         have at most {side} pixels a side. Under them, less is nearer:\n"
    ));
    for text in [
        "*content loss*: how far the painting's shapes are from the photograph's, by VGG16's \
         features, relative; first with the longest side at 512, then at 128 pixels",
        "*Gram*, *Wasserstein*: two measures of how far its texture is from the style picture's, by \
         the same network, relative, at the same sizes: at 512 strokes, at 128 the composition",
        "*colours*: the sliced Wasserstein distance of its colours to the style picture's, 0 to 1",
        "*lattice*: its highest peak at the frequencies of a network's upsampling, over the median \
         around it, and in brackets the photograph's own",
        "*time*, *memory*: of a process from its start to the written file, and the most memory \
         that it held",
    ] {
        line(&format!("- {text}"));
    }
    line("\nWithout a picture of a style there are no measures of the style.\n");
    for text in photographs(paintings).into_iter().chain(columns(paintings)) {
        line(&text);
    }
    for note in notes {
        line(&format!("Not shown: {note}.\n"));
    }
    for photograph in &PHOTOGRAPHS {
        let ours: Vec<_> =
            paintings.iter().filter(|each| each.photograph.name == photograph.name).collect();
        if ours.is_empty() {
            continue;
        }
        line(&format!("## {}\n", photograph.title));
        for group in ours.chunk_by(|one, next| one.style.name == next.style.name) {
            line(&format!("### {}, {}\n", photograph.title, group[0].style.name));
            let own = group.iter().find(|each| matches!(each.column.how, How::Unpainted));
            let own = own.and_then(|each| each.record.measures.as_ref());
            for row in group.chunks(ACROSS) {
                for text in table(row, own.map(|own| own.lattice)) {
                    line(&text);
                }
            }
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// The name of its file in `docs/looks`.
pub fn file_name(painting: &Painting) -> String {
    let Painting { photograph, style, column, .. } = painting;
    match column.how {
        // The same whatever the style.
        How::Unpainted => format!("{}.jpg", photograph.name),
        _ => format!("{}-{}-{}.jpg", photograph.name, style.name, column.name),
    }
}

fn photographs(paintings: &[Painting]) -> Vec<String> {
    let mut lines = vec!["| photograph | what | from, licence |".into(), "|---|---|---|".into()];
    let shown = PHOTOGRAPHS.iter().filter(|photograph| {
        paintings.iter().any(|painting| painting.photograph.name == photograph.name)
    });
    lines
        .extend(shown.map(|each| format!("| {} | {} | {} |", each.title, each.what, each.licence)));
    lines.push(String::new());
    lines
}

fn columns(paintings: &[Painting]) -> Vec<String> {
    let mut lines = vec!["| picture | painted by |".into(), "|---|---|".into()];
    for column in &COLUMNS {
        if !paintings.iter().any(|painting| painting.column.name == column.name) {
            continue;
        }
        let how = match column.how {
            How::Unpainted => continue,
            How::Impasto(args) => {
                format!("`{}`", [&["impasto paint --style STYLE"], args].concat().join(" "))
            }
            How::ImpastoOfPicture(args) => {
                format!("`{}`", [&["impasto paint --style PICTURE"], args].concat().join(" "))
            }
            How::Lite => "the style's picture, at 384x384 pixels and enlarged".to_owned(),
            How::Gmic => {
                "`gmic PHOTOGRAPH STYLE stylize[0] [1]`, patches of the style's picture".to_owned()
            }
        };
        lines.push(format!("| {} | {how} |", column.title));
    }
    lines.push(String::new());
    lines
}

/// Pictures beside one another, with what was found below each.
fn table(paintings: &[&Painting], own_lattice: Option<f64>) -> Vec<String> {
    let row = |label: &str, cell: &dyn Fn(&Painting) -> String| {
        let cells: Vec<_> = paintings.iter().map(|painting| cell(painting)).collect();
        format!("| {label} | {} |", cells.join(" | "))
    };
    let losses = |label: &str, of: fn(&Losses) -> Option<f64>| {
        row(label, &|painting| measured(painting, |measures| by_size(&measures.sizes, of)))
    };
    let own = own_lattice.map_or_else(String::new, |own| format!(" ({own:.0})"));
    vec![
        row("", &|painting| painting.column.title.to_owned()),
        format!("|---|{}", "---|".repeat(paintings.len())),
        row("", &|painting| format!("![{}](looks/{})", alternative(painting), file_name(painting))),
        losses("content loss", |losses| Some(losses.content)),
        losses("Gram", |losses| losses.gram),
        losses("Wasserstein", |losses| losses.w2),
        row("colours", &|painting| {
            measured(painting, |measures| Some(format!("{:.3}", measures.colour?)))
        }),
        row("lattice", &|painting| {
            measured(painting, |measures| Some(format!("{:.0}{own}", measures.lattice)))
        }),
        row("time", &|painting| painting.record.seconds.map_or_else(String::new, time)),
        row("memory", &|painting| painting.record.peak_bytes.map_or_else(String::new, memory)),
        String::new(),
    ]
}

fn measured(painting: &Painting, cell: impl Fn(&Measures) -> Option<String>) -> String {
    painting.record.measures.as_ref().and_then(cell).unwrap_or_default()
}

/// In words, for who does not see it.
fn alternative(painting: &Painting) -> String {
    let Painting { photograph, style, column, .. } = painting;
    match column.how {
        How::Unpainted => photograph.title.to_owned(),
        _ => format!("{}, {}, {}", photograph.title, style.name, column.title),
    }
}

/// From the largest size to the smallest.
fn by_size(sizes: &BTreeMap<u32, Losses>, of: fn(&Losses) -> Option<f64>) -> Option<String> {
    let mut text = String::new();
    for losses in sizes.values().rev() {
        let between = if text.is_empty() { "" } else { " / " };
        // Writing to a string does not fail.
        let _ = write!(text, "{between}{:.2}", of(losses)?);
    }
    Some(text)
}

fn time(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.1} s"),
        ..120.0 => format!("{seconds:.0} s"),
        _ => format!("{:.0} min", seconds / 60.0),
    }
}

fn memory(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::painting::Record;
    use super::super::style::STYLES;
    use super::*;

    fn painting(column: usize, has_style: bool) -> Painting {
        let losses = |content| Losses {
            content,
            gram: has_style.then_some(0.25),
            w2: has_style.then_some(0.125),
        };
        let measures = Measures {
            sizes: BTreeMap::from([(128, losses(0.5)), (512, losses(1.5))]),
            colour: has_style.then_some(0.0625),
            lattice: 12.0 * column as f64 + 3.0,
        };
        let is_painted = column > 0;
        Painting {
            photograph: &PHOTOGRAPHS[0],
            style: &STYLES[0],
            column: &COLUMNS[column],
            from: PathBuf::new(),
            style_picture: None,
            file: PathBuf::new(),
            record: Record {
                seconds: is_painted.then_some(1.25),
                peak_bytes: is_painted.then_some(300_000_000),
                measures: Some(measures),
                ..Record::default()
            },
        }
    }

    fn page_of(paintings: Vec<Painting>) -> String {
        page(&Findings {
            command: "cargo xtask looks --quick".to_owned(),
            paintings,
            notes: vec!["studio: there is none".to_owned()],
            versions: vec!["impasto 1".to_owned(), "G'MIC 2".to_owned()],
            seconds: 600.0,
            kept: 1,
            side: 512,
        })
    }

    #[test]
    fn what_was_found_stands_below_each_picture() {
        let page = page_of(vec![painting(0, true), painting(1, true)]);
        for part in [
            "Written by `cargo xtask looks --quick` on ",
            " in 10 min, with 1 of 2 pictures kept from an earlier run.",
            "Not shown: studio: there is none.",
            "### Portrait, starry-night\n\n|  | photograph | default |\n|---|---|---|\n",
            "![Portrait](looks/portrait.jpg) | \
             ![Portrait, starry-night, default](looks/portrait-starry-night-default.jpg) |",
            "| content loss | 1.50 / 0.50 | 1.50 / 0.50 |",
            "| Wasserstein | 0.12 / 0.12 |",
            "| colours | 0.062 |",
            "| lattice | 3 (3) | 15 (3) |",
            "| time |  | 1.2 s |",
            "| memory |  | 300 MB |",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    #[test]
    fn measures_of_a_style_without_a_picture_are_blank() {
        let page = page_of(vec![painting(0, false)]);
        for part in [
            "| content loss | 1.50 / 0.50 |",
            "| Gram |  |",
            "| Wasserstein |  |",
            "| colours |  |",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }
}
