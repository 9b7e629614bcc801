//! The window of a painting that takes minutes: the picture on its way, the time that is left, and
//! what ends it, with what has been painted or without.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use impasto_client::{Cancel, Engine, Library, Report, Run, Settings, Style};

use super::preview::{News, listening, progress};
use super::spacing::SPACING;
use crate::ffi::{Answer, Dialog, Pixbuf, Progress, Widget, every};
use crate::filter::Stop;
use crate::picture::Picture;
use crate::words::tr;

/// Between two looks at the work, in milliseconds.
const TICK: u32 = 60;

/// The most room for the picture.
const ROOM: [i32; 2] = [640, 480];

/// Paints in a window that shows how far it is.
///
/// # Errors
/// As the engine's; `Cancelled` where the user throws the painting away.
pub fn paint(
    library: &Library,
    engine: &Engine,
    style: &Style,
    settings: &Settings,
    picture: &mut Picture,
) -> Result<Report, Stop> {
    let mut settings = settings.clone();
    settings.set_choice("on-cancel", "keep")?;
    let cancel = Cancel::new(library)?;
    let dialog = Dialog::new(
        &tr("Impasto Is Painting"),
        None,
        &[(&tr("_Cancel"), Answer::Cancel), (&tr("Stop and _Keep"), Answer::Ok)],
    )
    .ok_or_else(|| "opening the window failed: GIMP gave none. Try again".to_owned())?;
    let (shown, bar) = (Widget::picture(), Widget::progress_bar());
    shown.set_size(ROOM[0], ROOM[1]);
    let column = Widget::column(SPACING);
    column.set_border(2 * SPACING as u32);
    column.pack(&shown, true);
    column.pack(&bar, false);
    dialog.fill(&column);
    show(&shown, picture);

    let (tell, told) = channel();
    let (report, is_kept) = thread::scope(|scope| {
        let work = scope.spawn(|| {
            let report = work(engine, style, &settings, &cancel, picture, &tell);
            // The window waits for it.
            let _ = tell.send(News::Done);
            report
        });
        let is_kept = wait(&dialog, told, shown, bar, &cancel);
        (work.join(), is_kept)
    });
    dialog.close();
    let report = report
        .map_err(|_| Stop::Failed(tr("painting failed: start GIMP from a terminal to see why")))?;
    if is_kept { Ok(report?) } else { Err(Stop::Cancelled) }
}

fn work(
    engine: &Engine,
    style: &Style,
    settings: &Settings,
    cancel: &Cancel,
    picture: &mut Picture,
    tell: &Sender<News>,
) -> impasto_client::Result<Report> {
    let tell = |news| {
        // Nobody listens any more once the window is closed.
        let _ = tell.send(news);
    };
    let run = listening(Run::new().cancel(cancel), &tell);
    engine.paint_in_place(style, settings, run, &mut picture.view_mut()?, None)
}

/// Shows what the work tells until it ends or is thrown away; says whether it is to be kept.
fn wait(
    dialog: &Dialog,
    told: Receiver<News>,
    shown: Widget,
    bar: Widget,
    cancel: &Cancel,
) -> bool {
    let gimp = RefCell::new(Progress::begin(&tr("Painting")));
    let raw = dialog.clone();
    let timer = every(TICK, move || {
        for news in told.try_iter() {
            match news {
                News::Progress(told) => {
                    bar.set_progress(told.fraction, &progress(&told));
                    gimp.borrow_mut().tell(told.fraction, &tr(&told.phase));
                }
                News::OnItsWay(picture) => show(&shown, &picture),
                News::Done => raw.answer(Answer::Done),
                _ => {}
            }
        }
    });
    let is_kept = loop {
        match dialog.run() {
            Answer::Done => break true,
            Answer::Cancel => {
                cancel.request();
                break false;
            }
            Answer::Ok => {
                // The work ends with its step, and then says so.
                cancel.request();
                dialog.set_ready(Answer::Ok, false);
            }
        }
    };
    drop(timer);
    is_kept
}

fn show(shown: &Widget, picture: &Picture) {
    let pixbuf = Pixbuf::new(&picture.to_rgba8(), picture.width, picture.height);
    if let Some(fitting) = pixbuf.and_then(|pixbuf| pixbuf.fitted(ROOM[0], ROOM[1])) {
        shown.set_picture(&fitting);
    }
}
