//! Seconds by megapixels, both logarithmic.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use super::measure::{FAST, FAST_SMALL_BRUSH, OPTIMIZE, Row};

const SIZE: (u32, u32) = (800, 500);
const COLORS: [RGBColor; 3] =
    [RGBColor(31, 119, 180), RGBColor(44, 160, 44), RGBColor(214, 39, 40)];

/// An SVG drawing on white.
pub fn plot(rows: &[Row]) -> Result<String> {
    let mut svg = String::new();
    draw(rows, &mut svg).map_err(|error| anyhow!("drawing the plot: {error}"))?;
    Ok(svg)
}

fn draw(rows: &[Row], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let most = rows.iter().map(|row| row.seconds).fold(1.0, f64::max) * 2.0;
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .margin(15)
        .x_label_area_size(40)
        .y_label_area_size(60)
        .build_cartesian_2d((0.1..40.0).log_scale(), (0.05..most).log_scale())?;
    let decimal = |value: &f64| format!("{value}");
    chart
        .configure_mesh()
        .x_desc("megapixels")
        .y_desc("seconds")
        .x_label_formatter(&decimal)
        .y_label_formatter(&decimal)
        .draw()?;
    for (method, color) in [FAST, FAST_SMALL_BRUSH, OPTIMIZE].into_iter().zip(COLORS) {
        let points: Vec<_> = rows
            .iter()
            .filter(|row| row.method == method)
            .map(|row| (row.megapixels(), row.seconds))
            .collect();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), &color).point_size(4))?
            .label(method.replace('`', ""))
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], color));
    }
    chart.configure_series_labels().background_style(WHITE).border_style(BLACK).draw()?;
    area.present()?;
    Ok(())
}
