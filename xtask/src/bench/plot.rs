//! Seconds by megapixels, both logarithmic, with the names beside the drawing.

use anyhow::{Result, anyhow};
use plotters::coord::Shift;
use plotters::prelude::*;

use super::row::{Row, Work};

const SIZE: (u32, u32) = (1000, 560);
const NAMES_WIDTH: u32 = 290;

/// Told apart by people who see colours differently, too (Okabe and Ito), and three more.
const COLORS: [RGBColor; 11] = [
    RGBColor(213, 94, 0),
    RGBColor(230, 159, 0),
    RGBColor(0, 114, 178),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(120, 120, 120),
    RGBColor(60, 60, 60),
    RGBColor(140, 86, 75),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
];

/// One program's line.
struct Series {
    name: String,
    points: Vec<(f64, f64)>,
    color: RGBColor,
    is_ours: bool,
    work: Work,
}

/// An SVG drawing on white.
pub fn plot(rows: &[Row]) -> Result<String> {
    let mut svg = String::new();
    draw(&series(rows), &mut svg).map_err(|error| anyhow!("drawing the plot: {error}"))?;
    Ok(svg)
}

/// In the order of the rows. Tiles are another way to the same step.
fn series(rows: &[Row]) -> Vec<Series> {
    let mut found: Vec<Series> = Vec::new();
    for row in rows.iter().filter(|row| row.work != Work::Schedule) {
        let Some(seconds) = row.warm.or(row.cold) else { continue };
        let cold = if row.warm.is_none() { ", cold" } else { "" };
        let name = format!("{}: {}{cold}", row.work.name(), row.program.replace('`', ""));
        let at = found.iter().position(|each| each.name == name).unwrap_or_else(|| {
            found.push(Series {
                name,
                points: Vec::new(),
                color: COLORS[found.len() % COLORS.len()],
                is_ours: row.program.starts_with("Impasto"),
                work: row.work,
            });
            found.len() - 1
        });
        found[at].points.push((row.megapixels(), seconds));
    }
    found
}

type Drawing<'s> = DrawingArea<SVGBackend<'s>, Shift>;

fn draw(series: &[Series], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(SIZE.0 - NAMES_WIDTH);
    lines(series, &left)?;
    names(series, &right)?;
    area.present()?;
    Ok(())
}

fn lines(series: &[Series], area: &Drawing<'_>) -> Result<(), Box<dyn std::error::Error>> {
    let points = || series.iter().flat_map(|each| &each.points);
    let least = points().map(|point| point.1).fold(0.2, f64::min) / 2.0;
    let most = points().map(|point| point.1).fold(2.0, f64::max) * 2.0;
    let mut chart = ChartBuilder::on(area)
        .margin(15)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d((0.1..40.0).log_scale(), (least..most).log_scale())?;
    let decimal = |value: &f64| format!("{value}");
    chart
        .configure_mesh()
        .x_desc("megapixels")
        .y_desc("seconds")
        .x_label_formatter(&decimal)
        .y_label_formatter(&decimal)
        .draw()?;
    for each in series {
        chart.draw_series(LineSeries::new(each.points.iter().copied(), each.line()))?;
        chart.draw_series(each.points.iter().map(|&point| marker(each, point)))?;
    }
    Ok(())
}

fn names(series: &[Series], area: &Drawing<'_>) -> Result<(), Box<dyn std::error::Error>> {
    for (place, each) in series.iter().enumerate() {
        let y = 30 + 22 * place as i32;
        area.draw(&PathElement::new([(0, y), (24, y)], each.line()))?;
        area.draw(&marker(each, (12, y)))?;
        area.draw(&Text::new(each.name.clone(), (32, y - 7), ("sans-serif", 13).into_font()))?;
    }
    Ok(())
}

/// A dot; for the optimise method a ring.
fn marker<At>(series: &Series, at: At) -> Circle<At, i32> {
    let style = match series.work {
        Work::Fast => series.color.filled(),
        _ => series.color.stroke_width(2),
    };
    Circle::new(at, 4, style)
}

impl Series {
    /// Ours are thick.
    fn line(&self) -> ShapeStyle {
        self.color.stroke_width(if self.is_ours { 3 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Peak;
    use super::*;

    fn row(program: &'static str, side: u64, warm: Option<f64>) -> Row {
        Row {
            work: Work::Fast,
            program,
            size: [side, side],
            cold: Some(3.0),
            warm,
            tiles: None,
            peak: Peak { bytes: 0, is_on_device: false },
            content_loss: None,
            style_loss: None,
            device: String::new(),
        }
    }

    #[test]
    fn each_program_has_a_line_through_its_sizes() {
        let rows = [
            row("Impasto", 1000, Some(0.5)),
            row("G'MIC", 1000, None),
            row("Impasto", 2000, Some(2.0)),
        ];
        let found = series(&rows);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].points, [(1.0, 0.5), (4.0, 2.0)]);
        assert_eq!((found[1].name.as_str(), found[1].points[0]), ("fast: G'MIC, cold", (1.0, 3.0)));
        let svg = plot(&rows).unwrap();
        assert!(svg.contains("fast: Impasto") && svg.contains("megapixels"), "{svg}");
    }
}
