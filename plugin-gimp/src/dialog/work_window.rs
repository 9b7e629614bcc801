//! The window of a painting that takes minutes: the picture on its way, the time that is left, and
//! what ends it, with what has been painted or without.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, sleep};
use std::time::Duration;

use impasto_client::{Cancel, Engine, Library, Report, Settings, Style};

use super::preview::{News, listening, progress};
use super::spacing::SPACING;
use crate::ffi::{Answer, Dialog, Pixbuf, Widget};
use crate::filter::Stop;
use crate::picture::Picture;
use crate::words::{msgid, tr};

/// Between two looks at the work.
const PAUSE: Duration = Duration::from_millis(20);

/// The room for the picture.
const ROOM: [i32; 2] = [560, 400];

/// Paints in a window that shows how far it is; `tell` hears of the part that is done and of what
/// is being done, and may end it.
///
/// # Errors
/// As the engine's; `Cancelled` where the user throws the painting away.
pub fn paint(
    library: &Library,
    (engine, style, settings): (&Engine, &Style, &Settings),
    picture: &mut Picture,
    tell: impl FnMut(f32, &str) -> ControlFlow<()>,
) -> Result<Report, Stop> {
    let mut settings = settings.clone();
    settings.set_choice("on-cancel", "keep")?;
    let cancel = Cancel::new(library)?;
    let window = Window::open(picture)?;
    let (sender, told) = channel();
    let (report, is_kept) = thread::scope(|scope| {
        let work = scope.spawn(|| {
            let report = work((engine, style, &settings), &cancel, picture, &sender);
            // The window waits for it.
            let _ = sender.send(News::Done);
            report
        });
        let is_kept = window.wait(&told, &cancel, tell);
        (work.join(), is_kept)
    });
    let report = report.map_err(|_| {
        Stop::Failed(tr("painting failed: this is a defect in Impasto; the image is as it was"))
    })?;
    if is_kept { Ok(report?) } else { Err(Stop::Cancelled) }
}

fn work(
    (engine, style, settings): (&Engine, &Style, &Settings),
    cancel: &Cancel,
    picture: &mut Picture,
    sender: &Sender<News>,
) -> impasto_client::Result<Report> {
    let tell = |news| {
        // Nobody listens any more once the window is closed.
        let _ = sender.send(news);
    };
    let run = listening(impasto_client::Run::new().cancel(cancel), &tell);
    engine.paint_in_place(style, settings, run, &mut picture.view_mut()?, None)
}

struct Window {
    dialog: Dialog,
    picture: Widget,
    bar: Widget,
}

impl Window {
    fn open(picture: &Picture) -> Result<Self, Stop> {
        let (cancel, keep) = (tr("_Cancel"), tr("Stop and _Keep"));
        let buttons = [(&*cancel, Answer::Cancel), (&*keep, Answer::Ok)];
        let dialog = Dialog::new(&tr("Impasto Is Painting"), None, &buttons);
        let dialog =
            dialog.ok_or_else(|| tr("opening the window failed: GIMP gave none. Try again"))?;
        let window = Self { dialog, picture: Widget::picture(), bar: Widget::progress_bar() };
        window.picture.set_size(ROOM[0], ROOM[1]);
        let column = Widget::column(SPACING);
        column.set_border(2 * SPACING as u32);
        column.pack(&window.picture, true);
        column.pack(&window.bar, false);
        window.dialog.fill(&column);
        window.show(picture);
        window.dialog.show();
        Ok(window)
    }

    /// Shows what the work tells until it ends or is thrown away; says whether it is to be kept.
    fn wait(
        &self,
        told: &Receiver<News>,
        cancel: &Cancel,
        mut tell: impl FnMut(f32, &str) -> ControlFlow<()>,
    ) -> bool {
        let (mut fraction, mut phase) = (0.0, msgid("Getting ready").to_owned());
        loop {
            for news in told.try_iter() {
                match news {
                    News::Progress(told) => {
                        self.bar.set_progress(told.fraction, &progress(&told));
                        (fraction, phase) = (told.fraction, told.phase);
                    }
                    News::OnItsWay(picture) => self.show(&picture),
                    News::Done => return true,
                    _ => {}
                }
            }
            let is_thrown_away = match self.dialog.answered() {
                Some(Answer::Cancel) => true,
                Some(Answer::Ok) => {
                    // The work ends with its step, and then says so.
                    cancel.request();
                    self.dialog.set_ready(Answer::Ok, false);
                    false
                }
                None => false,
            };
            if is_thrown_away || tell(fraction, &phase).is_break() {
                cancel.request();
                return false;
            }
            sleep(PAUSE);
        }
    }

    fn show(&self, picture: &Picture) {
        let pixbuf = Pixbuf::new(&picture.to_rgba8(), picture.width, picture.height);
        let [width, height] = ROOM.map(|side| side * self.picture.screen_scale() as i32);
        if let Some(fitting) = pixbuf.and_then(|pixbuf| pixbuf.fitted(width, height)) {
            self.picture.set_picture(&fitting);
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.dialog.close();
    }
}
