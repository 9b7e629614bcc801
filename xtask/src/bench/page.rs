//! The page with the figures.

use std::fmt::Write;

use super::measure::PATIENCE;
use super::request::Request;
use super::roofline::{Measured, verdicts};
use super::row::{Peak, Row, Work};
use crate::machine;

/// The share of the cores from which on other work is told of.
const BUSY: f64 = 0.05;

/// What the page shows.
pub struct Findings {
    pub rows: Vec<Row>,
    pub roofline: Vec<Measured>,
    /// What could not be measured, and why.
    pub notes: Vec<String>,
    pub versions: Vec<String>,
    /// The share of the cores that other work took meanwhile, where the system tells.
    pub others: Option<f64>,
}

/// `BENCH.md`.
pub fn page(findings: &Findings, request: &Request<'_>) -> String {
    let Findings { rows, roofline, notes, versions, others } = findings;
    let mut page = String::from("# How fast it is\n\n");
    let mut line = |text: &str| {
        page.push_str(text);
        page.push('\n');
    };
    line(&format!("Written by `{}` on {}.\n", command(request), machine::name()));
    line(&format!("{}.\n", versions.join(", ")));
    if let Some(share) = others.filter(|share| *share > BUSY) {
        line(&format!(
            "**The machine was busy**: other work took {:.0} % of the cores meanwhile, so times are \
             longer and roofs lower than they could be, and what is said of targets may be wrong.\n",
            share * 100.0
        ));
    }
    line("![Seconds by megapixels](docs/bench.svg)\n");
    line(
        "*Warm* is the median of a picture in memory to a picture in memory, networks loaded and \
         the style known; of the optimise method a step, with the margin around the picture. \
         *Cold* is a process from its start to the written PNG file, with a style picture that it \
         has not seen before. *Peak* is the most memory that the process held, on a GPU of the \
         GPU's. The losses are those of the optimise method, relative, less is better: of a \
         painting at 512 pixels, measured alike for all programs; of a step, in the style loss \
         that it has, after those that were timed, which is far from done. Content is \
         `examples/photo.png`, enlarged, the style `examples/styles/mosaic.png`.\n",
    );
    if request.has_peers {
        line(&format!(
            "The programs take turns, each time in a new process; figures are medians over the \
             rounds. What each peer does is in [tests/peer](tests/peer/README.md). A peer that \
             takes more than {PATIENCE} s is stopped.\n"
        ));
    }
    for text in table(rows) {
        line(&text);
    }
    for note in notes {
        line(&format!("\nNot measured: {note}."));
    }
    line("\n## Roofline\n");
    line(
        "Networks alone, their input on the device already. *Operations* are the multiplications \
         and additions of convolutions and matrix products, computed directly. *Traffic* is every \
         operation's inputs, weights and outputs once, in the device's precision: the least if no \
         operation is merged with another, which runtimes do here and there. The *roofs* are the \
         most that the same runtime reached on the device, in the same processes, with large \
         matrix products and convolutions, and with passes over arrays larger than the caches. \
         The *floor* is the longer of the two times that follow from them. Of operators that are \
         kept to AVX2 the first roof is what the registers alone do in it, which is higher than a \
         product of matrices reaches; the few convolutions that ONNX Runtime keeps stay in its \
         widest vectors.\n",
    );
    for text in roofline_table(roofline) {
        line(&text);
    }
    if roofline.iter().any(|each| each.reached < each.floor()) {
        line(
            "\nMore than the whole floor is no error: convolutions by Winograd's minimal filtering \
             take fewer multiplications than are counted, and merged operations less traffic.",
        );
    }
    line("\nWhat was aimed at:\n");
    for verdict in verdicts(roofline) {
        line(&format!("- {verdict}"));
    }
    page
}

fn table(rows: &[Row]) -> Vec<String> {
    let mut lines = vec![
        "| method | program | size | warm | cold | peak | tiles | content loss | style loss | \
         device |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    let optional =
        |value: Option<f64>, form: fn(f64) -> String| value.map_or_else(String::new, form);
    for row in rows {
        lines.push(format!(
            "| {} | {} | {}x{} | {} | {} | {} | {} | {} | {} | {} |",
            row.work.name(),
            row.program,
            row.size[0],
            row.size[1],
            optional(row.warm, seconds),
            optional(row.cold, seconds),
            memory(row.peak),
            row.tiles.map_or_else(String::new, |tiles| tiles.to_string()),
            optional(row.content_loss, |loss| format!("{loss:.2}")),
            optional(row.style_loss, |loss| format!("{loss:.2}")),
            row.device,
        ));
    }
    lines
}

fn roofline_table(roofline: &[Measured]) -> Vec<String> {
    let mut lines = vec![
        "| network | device | size | operations | traffic | roof of operations | roof of traffic | \
         for operations | for traffic | reached | share of the floor |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for each in roofline {
        let network = match each.network.as_str() {
            "step" => Work::Step.name(),
            network => network.to_owned(),
        };
        lines.push(format!(
            "| {network} | {} | {}x{} | {:.1} G | {:.2} GB | {:.0} G/s | {:.1} GB/s | {} | {} | {} | \
             {:.0} % |",
            each.device,
            each.size[0],
            each.size[1],
            each.operations / 1e9,
            each.bytes / 1e9,
            each.operations_per_second / 1e9,
            each.bytes_per_second / 1e9,
            seconds(each.for_operations()),
            seconds(each.for_bytes()),
            seconds(each.reached),
            each.floor() / each.reached * 100.0,
        ));
    }
    lines
}

fn command(request: &Request<'_>) -> String {
    let mut command = String::from("cargo xtask bench");
    if request.has_peers {
        command.push_str(" --peer");
    }
    if let Some(device) = request.device {
        // Writing to a string does not fail.
        let _ = write!(command, " --device {device}");
    }
    if request.is_quick {
        command.push_str(" --quick");
    }
    command
}

fn seconds(seconds: f64) -> String {
    match seconds {
        ..0.1 => format!("{seconds:.4} s"),
        ..1.0 => format!("{seconds:.3} s"),
        ..10.0 => format!("{seconds:.2} s"),
        _ => format!("{seconds:.0} s"),
    }
}

fn memory(peak: Peak) -> String {
    let device = if peak.is_on_device { " of the GPU" } else { "" };
    format!("{} MB{device}", peak.bytes / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(program: &'static str, warm: Option<f64>, is_on_device: bool) -> Row {
        Row {
            work: Work::Fast,
            program,
            size: [512, 342],
            cold: Some(1.25),
            warm,
            tiles: None,
            peak: Peak { bytes: 300_000_000, is_on_device },
            content_loss: Some(1.0),
            style_loss: None,
            device: "cpu".to_owned(),
        }
    }

    #[test]
    fn the_page_names_command_peers_and_who_is_missing() {
        let findings = Findings {
            rows: vec![row("Impasto", Some(0.5), false), row("G'MIC", None, true)],
            roofline: Vec::new(),
            notes: vec!["PyTorch: no network".to_owned()],
            versions: vec!["impasto 0.1.0".to_owned()],
            others: Some(0.4),
        };
        let request =
            Request { device: Some("cuda"), has_peers: true, is_json: false, is_quick: true };
        let page = page(&findings, &request);
        for part in [
            "Written by `cargo xtask bench --peer --device cuda --quick` on ",
            "| fast | Impasto | 512x342 | 0.500 s | 1.25 s | 300 MB |  | 1.00 |  | cpu |",
            "| fast | G'MIC | 512x342 |  | 1.25 s | 300 MB of the GPU |",
            "Not measured: PyTorch: no network.",
            "other work took 40 % of the cores",
            "## Roofline",
            "- `render` at 3840x2176 on an H100",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("Winograd"));
    }
}
