//! The thread that paints previews: the newest request only, older work is cancelled.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, spawn};

use impasto_client::{Cancel, Engine, Library, Run, Status};

use crate::installation;
use crate::order::Order;
use crate::picture::Picture;

/// A preview to paint.
pub struct Request {
    pub order: Order,
    pub picture: Arc<Picture>,
    /// The selection.
    pub mask: Option<Arc<Picture>>,
}

/// What the thread has to tell.
pub enum News {
    /// The part of the work that is done, 0 to 1, and what is being done.
    Progress(f32, String),
    /// The preview is painted.
    Painted(Picture),
    /// It cannot be; in words.
    Failed(String),
    /// The devices that can be used.
    Devices(Vec<String>),
}

/// The thread. It ends when this is dropped.
pub struct Worker {
    desk: Arc<Desk>,
    news: Receiver<News>,
    thread: Option<JoinHandle<Option<Bench>>>,
}

struct Desk {
    library: Library,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: Option<Request>,
    /// Of the work in progress.
    cancel: Option<Cancel>,
    is_closed: bool,
}

/// An engine and the device that it was made for.
struct Bench {
    engine: Engine,
    device: String,
}

impl Worker {
    /// Starts the thread; it loads nothing before the first request.
    pub fn start(library: Library) -> Self {
        let desk = Arc::new(Desk { library, state: Mutex::default(), changed: Condvar::new() });
        let (sender, news) = channel();
        let thread = spawn({
            let desk = Arc::clone(&desk);
            move || work(&desk, &sender)
        });
        Self { desk, news, thread: Some(thread) }
    }

    /// Asks for a preview instead of all that was asked for before.
    pub fn ask(&self, request: Request) {
        let mut state = self.desk.state();
        state.cancel_work();
        state.next = Some(request);
        self.desk.changed.notify_one();
    }

    /// What happened since the last call.
    pub fn news(&self) -> impl Iterator<Item = News> {
        self.news.try_iter()
    }

    /// Ends the thread and returns its engine if that is for `device`.
    pub fn into_engine(mut self, device: &str) -> Option<Engine> {
        let bench = self.end()?;
        (bench.device == device).then_some(bench.engine)
    }

    fn end(&mut self) -> Option<Bench> {
        let mut state = self.desk.state();
        state.cancel_work();
        (state.next, state.is_closed) = (None, true);
        drop(state);
        self.desk.changed.notify_one();
        self.thread.take()?.join().ok()?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a request; `None` when there will be no more.
    fn take(&self) -> Option<(Request, Cancel)> {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(request) = state.next.take() {
                let cancel = Cancel::new(&self.library).ok()?;
                state.cancel = Some(cancel.clone());
                return Some((request, cancel));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    fn cancel_work(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            cancel.request();
        }
    }
}

fn work(desk: &Desk, news: &Sender<News>) -> Option<Bench> {
    let mut bench = None;
    let tell = |what| {
        // Nobody listens any more when the dialog is closing.
        let _ = news.send(what);
    };
    while let Some((request, cancel)) = desk.take() {
        match paint(desk, &mut bench, &request, &cancel, &tell) {
            // A newer request makes it worthless.
            Ok(_) if cancel.is_requested() => {}
            Ok(painted) => tell(News::Painted(painted)),
            Err(error) if error.status() == Status::Cancelled => {}
            Err(error) => tell(News::Failed(installation::words(&error))),
        }
    }
    bench
}

fn paint(
    desk: &Desk,
    bench: &mut Option<Bench>,
    request: &Request,
    cancel: &Cancel,
    tell: &impl Fn(News),
) -> impasto_client::Result<Picture> {
    let order = &request.order;
    let engine = match bench.take_if(|bench| bench.device == order.device) {
        Some(same) => &bench.insert(same).engine,
        None => {
            // The old engine's memory is free before the new one takes its own.
            *bench = None;
            tell(News::Progress(0.0, "Starting".to_owned()));
            let engine = order.engine(desk.library)?;
            engine.prepare()?;
            let devices = engine.devices()?.into_iter();
            let usable = devices.filter(|device| device.unavailable.is_none());
            tell(News::Devices(usable.map(|device| device.name).collect()));
            &bench.insert(Bench { engine, device: order.device.clone() }).engine
        }
    };
    let style = order.style.style(engine, || Run::new().cancel(cancel))?;
    let settings = order.preview_settings()?;
    let mut painted = (*request.picture).clone();
    let mask = request.mask.as_ref().map(|mask| mask.view()).transpose()?;
    let run = Run::new().cancel(cancel).progress(|told| {
        tell(News::Progress(told.fraction, told.phase.to_owned()));
        ControlFlow::Continue(())
    });
    engine.paint_in_place(&style, &settings, run, &mut painted.view_mut()?, mask.as_ref())?;
    Ok(painted)
}
