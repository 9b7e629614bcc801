//! The thread that paints previews: the newest request only; what an older one still paints
//! exactly is cancelled, while its draft is shown first, so that a control that moves on and on
//! is followed.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use impasto_client::{Cancel, Engine, Error, Library, Preview, Run, Settings, Status, Style};

use super::plan::{Step, in_step};
use crate::ffi::PixelKind;
use crate::installation;
use crate::order::{Order, Source};
use crate::picture::{Mask, Picture};
use crate::words::msgid;

/// The most styles that are kept.
const MOST_STYLES: usize = 4;

/// Steps of an optimisation from one picture that is shown to the next.
const EVERY: u32 = 5;

/// A preview to paint, in steps.
pub struct Request {
    pub order: Order,
    pub stages: Vec<Stage>,
    /// When the user asked.
    pub asked: Instant,
}

/// One step of a preview, with all that it is painted from.
pub struct Stage {
    pub step: Step,
    pub settings: Settings,
    /// The layer at the step's scale.
    pub picture: Arc<Picture>,
    /// Where it is painted.
    pub mask: Option<Arc<Mask>>,
}

/// A style to show on the layer, when there is nothing else to paint.
pub struct Sample {
    /// Of the choice in the gallery.
    pub id: String,
    pub order: Order,
    pub settings: Settings,
    /// The layer, small.
    pub picture: Arc<Picture>,
}

/// What the thread has to tell.
pub enum News {
    /// How far the work is.
    Progress(Told),
    /// An optimisation's picture on its way.
    OnItsWay(Picture),
    /// A step is painted.
    Painted(Painted),
    /// All steps are.
    Done,
    /// A style on the layer, by the id of its choice.
    Sample(String, Picture),
    /// It cannot be painted; in words.
    Failed(String),
    /// The devices that can be used.
    Devices(Vec<String>),
}

/// How far the work is.
pub struct Told {
    /// What is being done.
    pub phase: String,
    /// The part that is done, 0 to 1.
    pub fraction: f32,
    pub remaining: Option<Duration>,
}

/// A step that is painted.
pub struct Painted {
    pub step: Step,
    /// What was painted of the layer, all or the step's part.
    pub picture: Picture,
    /// Time since the user asked, and that of the painting alone.
    pub since: [Duration; 2],
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
    samples: VecDeque<Sample>,
    /// Of the work in progress, if a newer request is to stop it.
    cancel: Option<Cancel>,
    is_closed: bool,
}

/// An engine and the device that it was made for, with the styles that it read last.
struct Bench {
    engine: Engine,
    device: String,
    styles: Vec<(Source, Arc<Style>)>,
}

impl Bench {
    /// The style of an order. Those of layers take longer to read than a draft to paint.
    fn style(&mut self, order: &Order, cancel: &Cancel) -> impasto_client::Result<Arc<Style>> {
        let Self { engine, styles, .. } = self;
        order.style.style_of(|source| {
            if let Some((_, known)) = styles.iter().find(|(known, _)| known == source) {
                return Ok(Arc::clone(known));
            }
            let style = Arc::new(source.style(engine, Run::new().cancel(cancel))?);
            styles.truncate(MOST_STYLES - 1);
            styles.insert(0, (source.clone(), Arc::clone(&style)));
            Ok(style)
        })
    }
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

    /// Has styles shown on the layer, instead of those that were asked for before.
    pub fn show(&self, samples: Vec<Sample>) {
        self.desk.state().samples = samples.into();
        self.desk.changed.notify_one();
    }

    /// Stops the work in progress, and asks for nothing.
    pub fn stop(&self) {
        let mut state = self.desk.state();
        state.cancel_work();
        state.next = None;
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
        state.samples.clear();
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

    /// Waits for work; `None` when there will be no more.
    fn take(&self) -> Option<Work> {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(request) = state.next.take() {
                return Some(Work::Request(request));
            }
            if let Some(sample) = state.samples.pop_front() {
                return Some(Work::Sample(sample));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What stops the work that begins now; `None` where a newer request waits for it already.
    fn begin(&self, is_draft: bool) -> Option<Cancel> {
        let cancel = Cancel::new(&self.library).ok()?;
        let mut state = self.state();
        if state.is_closed || (state.next.is_some() && !is_draft) {
            return None;
        }
        state.cancel = (!is_draft).then(|| cancel.clone());
        Some(cancel)
    }
}

impl State {
    fn cancel_work(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            cancel.request();
        }
    }
}

enum Work {
    Request(Request),
    Sample(Sample),
}

fn work(desk: &Desk, news: &Sender<News>) -> Option<Bench> {
    let mut bench = None;
    let tell = |what| {
        // Nobody listens any more when the dialog is closing.
        let _ = news.send(what);
    };
    while let Some(work) = desk.take() {
        let request = match work {
            Work::Request(request) => request,
            Work::Sample(sample) => {
                serve_sample(desk, &mut bench, sample, &tell);
                continue;
            }
        };
        match serve(desk, &mut bench, &request, &tell) {
            Ok(true) => tell(News::Done),
            Ok(false) => {}
            Err(error) if error.status() == Status::Cancelled => {}
            Err(error) => tell(News::Failed(installation::words(&error))),
        }
    }
    bench
}

/// Paints a sample; one that gives way to a request comes again.
fn serve_sample(desk: &Desk, bench: &mut Option<Bench>, sample: Sample, tell: &impl Fn(News)) {
    let painted = (|| {
        let engine = &engine(desk, bench, &sample.order, tell)?.engine;
        let Some(cancel) = desk.begin(false) else { return Ok(None) };
        let style = sample.order.style.style(engine, || Run::new().cancel(&cancel))?;
        let mut picture = (*sample.picture).clone();
        let run = Run::new().cancel(&cancel);
        engine.paint_in_place(&style, &sample.settings, run, &mut picture.view_mut()?, None)?;
        Ok(Some(picture))
    })();
    match painted {
        Ok(Some(picture)) => tell(News::Sample(sample.id, picture)),
        Ok(None) => desk.state().samples.push_front(sample),
        Err(error) if Error::status(&error) == Status::Cancelled => {
            desk.state().samples.push_front(sample);
        }
        // A style that cannot be used keeps its own picture; choosing it says why.
        Err(_) => {}
    }
}

/// Paints all stages of a request; says whether no newer one came between.
fn serve(
    desk: &Desk,
    bench: &mut Option<Bench>,
    request: &Request,
    tell: &impl Fn(News),
) -> impasto_client::Result<bool> {
    let order = &request.order;
    let bench = engine(desk, bench, order, tell)?;
    let Some(cancel) = desk.begin(false) else { return Ok(false) };
    let style = bench.style(order, &cancel)?;
    for stage in &request.stages {
        let is_draft = stage.step.brush_size.is_some();
        let Some(cancel) = desk.begin(is_draft) else { return Ok(false) };
        let begun = Instant::now();
        let picture = paint(&bench.engine, &style, stage, &cancel, tell)?;
        let since = [request.asked, begun].map(|from| from.elapsed());
        tell(News::Painted(Painted { step: stage.step, picture, since }));
    }
    Ok(true)
}

fn engine<'b>(
    desk: &Desk,
    bench: &'b mut Option<Bench>,
    order: &Order,
    tell: &impl Fn(News),
) -> impasto_client::Result<&'b mut Bench> {
    if let Some(same) = bench.take_if(|bench| bench.device == order.device) {
        return Ok(bench.insert(same));
    }
    // The old engine's memory is free before the new one takes its own.
    *bench = None;
    let phase = msgid("Starting").to_owned();
    tell(News::Progress(Told { phase, fraction: 0.0, remaining: None }));
    let engine = order.engine(desk.library)?;
    engine.prepare()?;
    let devices = engine.devices()?.into_iter();
    let usable = devices.filter(|device| device.unavailable.is_none());
    tell(News::Devices(usable.map(|device| device.name).collect()));
    Ok(bench.insert(Bench { engine, device: order.device.clone(), styles: Vec::new() }))
}

fn paint(
    engine: &Engine,
    style: &Style,
    stage: &Stage,
    cancel: &Cancel,
    tell: &impl Fn(News),
) -> impasto_client::Result<Picture> {
    let step = &stage.step;
    let mut painted = (*stage.picture).clone();
    let size = [painted.width, painted.height];
    let mask = stage.mask.as_ref().map(|mask| mask.view()).transpose()?;
    let scale = step.scale as f32;
    let run = listening(Run::new().cancel(cancel).scale(scale, scale), tell);
    engine.paint_in_place(style, &stage.settings, run, &mut painted.view_mut()?, mask.as_ref())?;
    Ok(match step.part {
        Some(part) => painted.cut(in_step(part, step, size)),
        None => painted,
    })
}

/// A run that tells how far it is, and of an optimisation's picture on its way.
pub fn listening<'t>(run: Run<'t>, tell: &'t impl Fn(News)) -> Run<'t> {
    run.progress(|told| {
        let (phase, fraction) = (told.phase.to_owned(), told.fraction);
        tell(News::Progress(Told { phase, fraction, remaining: told.remaining }));
        ControlFlow::Continue(())
    })
    .preview(EVERY, |preview| tell(News::OnItsWay(on_its_way(preview))))
}

fn on_its_way(preview: &Preview<'_>) -> Picture {
    let (width, height) = (preview.pixels.width(), preview.pixels.height());
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for row in preview.pixels.rows() {
        let (numbers, _) = row.as_chunks::<4>();
        for color in numbers.chunks_exact(3) {
            pixels.extend(color.iter().map(|bytes| f32::from_ne_bytes(*bytes)));
            pixels.push(1.0);
        }
    }
    Picture { width, height, kind: PixelKind::Rgba, pixels }
}
