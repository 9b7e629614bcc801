//! What a call costs more in C than in Rust.

use std::time::{Duration, Instant};

use impasto::image::{Channels, ColorSpace, PixelFormat, SampleType};

use crate::painting::{Form, by_c, by_rust};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
#[ignore = "prints times; run it alone on a quiet machine"]
fn the_cost_of_a_call() {
    let format = PixelFormat::new(Channels::Rgba, SampleType::F32);
    let form = Form::packed(1024, 1024, format, ColorSpace::Srgb);
    let mut input = form.scene();
    let mut output = vec![0; form.length()];
    let mut same = vec![0; form.length()];
    let mut times = [Vec::new(), Vec::new()];
    // The first pair loads the networks.
    for turn in 0..6 {
        let started = Instant::now();
        by_rust((&form, &input), None, (&form, &mut output));
        let rust = started.elapsed();
        let started = Instant::now();
        let from = form.described(input.as_mut_ptr());
        // SAFETY: the descriptions are those of the buffers.
        unsafe { by_c(&from, None, &form.described(same.as_mut_ptr())) };
        let c = started.elapsed();
        assert!(output == same);
        if turn > 0 {
            println!("Rust {rust:?}, C {c:?}");
            times[0].push(rust);
            times[1].push(c);
        }
    }
    let [rust, c] = times.map(median);
    let more = (c.as_secs_f64() / rust.as_secs_f64() - 1.0) * 100.0;
    println!("medians of 5 at 1024x1024: Rust {rust:?}, C {c:?}: {more:+.2} %");
}
