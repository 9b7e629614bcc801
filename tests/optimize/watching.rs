//! What is told while the work goes on.

use std::sync::Mutex;
use std::thread;

use impasto::Preview;
use impasto::canvas::PlainAreas;
use impasto::job::{Cancel, Progress};
use impasto::optimize::{OptimizeOptions, Optimizer};

use crate::common::Job;
use crate::common::job;
use crate::common::pictures::{example, most_difference, photo_part, pixels};
use crate::{Watching, changed, shallow, style, watched};

fn two_sizes() -> OptimizeOptions {
    let schedule = vec!["48:4".parse().unwrap(), "64:3".parse().unwrap()];
    OptimizeOptions { schedule, ..shallow(0) }
}

#[test]
fn progress_grows_to_1_on_the_callers_thread() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let told: Mutex<Vec<Progress>> = Mutex::default();
    let caller = thread::current().id();
    let listen = |progress: Progress| {
        assert_eq!(thread::current().id(), caller);
        told.lock().unwrap().push(progress);
    };
    let look = |_: Preview<'_>| assert_eq!(thread::current().id(), caller);
    let watching = Watching { preview: Some(&look), preview_every: 2 };
    let cancel = Cancel::new();
    let job = Job { cancel: &cancel, progress: &listen, memory: None };
    watched(&photo, &[style(&ink)], &two_sizes(), watching, job).unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.windows(2).all(|pair| pair[0].fraction <= pair[1].fraction), "{told:?}");
    assert_eq!((told[0].fraction, told[told.len() - 1].fraction), (0.0, 1.0));
    assert!(told.iter().all(|progress| !progress.phase.is_empty()));
    let steps: Vec<&Progress> = told.iter().filter(|progress| progress.losses.is_some()).collect();
    assert_eq!(steps.len(), 7, "{told:?}");
    assert!(steps.iter().all(|step| step.remaining.is_some()));
    // Larger sizes count for more.
    assert!(steps[3].fraction < 4.0 / 7.0, "{}", steps[3].fraction);
    for Progress { losses, .. } in steps {
        let losses = losses.unwrap();
        let sum = losses.content + 30.0 * losses.style + losses.variation;
        assert!((sum - losses.total).abs() < 1e-4 * losses.total, "{losses:?}");
    }
}

#[test]
fn previews_come_every_so_many_steps_and_at_the_end() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let seen = Mutex::new(Vec::new());
    let look = |preview: Preview<'_>| {
        let picture = preview.picture;
        assert!(pixels(picture).iter().flatten().all(|v| (0.0..=1.0).contains(v)));
        seen.lock().unwrap().push((preview.step, preview.steps, picture.width(), picture.height()));
    };
    let watching = Watching { preview: Some(&look), preview_every: 3 };
    let styles = [style(&ink)];
    let (_, report) =
        watched(&photo, &styles, &two_sizes(), watching, job(&Cancel::new())).unwrap();
    let [coarse, fine] = [0, 1].map(|k| report.scales[k].size);
    let seen = seen.into_inner().unwrap();
    assert_eq!(
        seen,
        [(3, 7, coarse[0], coarse[1]), (6, 7, fine[0], fine[1]), (7, 7, fine[0], fine[1])]
    );
    let never = |_: Preview<'_>| panic!("a preview that nobody asked for");
    let watching = Watching { preview: Some(&never), preview_every: 0 };
    watched(&photo, &styles, &shallow(2), watching, job(&Cancel::new())).unwrap();
}

#[test]
fn the_steps_of_lbfgs_skip_no_preview() {
    let (photo, ink) = (photo_part(200, 150, 48, 48), example("styles/ink.png"));
    let seen = Mutex::new(Vec::new());
    let look = |preview: Preview<'_>| seen.lock().unwrap().push(preview.step);
    let watching = Watching { preview: Some(&look), preview_every: 5 };
    let options = OptimizeOptions { optimizer: Optimizer::Lbfgs, ..shallow(30) };
    watched(&photo, &[style(&ink)], &options, watching, job(&Cancel::new())).unwrap();
    let seen = seen.into_inner().unwrap();
    // A step of its may take several iterations; none of 5, 10, ... may pass unseen.
    let passed: Vec<u32> = seen.iter().map(|step| step / 5).collect();
    assert_eq!(passed, [1, 2, 3, 4, 5, 6], "{seen:?}");
}

#[test]
fn the_last_preview_is_the_painting() {
    let (photo, ink) = (photo_part(200, 150, 64, 48), example("styles/ink.png"));
    let last = Mutex::new(None);
    let look = |preview: Preview<'_>| *last.lock().unwrap() = Some(preview.picture.clone());
    let watching = Watching { preview: Some(&look), preview_every: 1 };
    let styles = [style(&ink)];
    // What is done to plain areas is done at the end.
    let options = changed(shallow(3), |s| s.finishing.plain_areas = PlainAreas::Paint);
    let (painted, _) = watched(&photo, &styles, &options, watching, job(&Cancel::new())).unwrap();
    let last = last.into_inner().unwrap().unwrap();
    // The preview has a margin around the picture.
    let margin = (last.width() - painted.width()) / 2;
    let seen = pixels(&last);
    let inner = crate::common::pictures::drawn(64, 48, painted.format(), |x, y| {
        seen[((y + margin) * last.width() + x + margin) as usize]
    });
    assert!(most_difference(&inner, &painted) < 1e-4);
}
