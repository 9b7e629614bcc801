//! The log of the process.

use std::num::{NonZeroU32, NonZeroU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use impasto_client::{Engine, EngineOptions, Log, LogLevel, Settings, Style};

use crate::fixtures::{library, own_folders};

type Heard = Arc<Mutex<Vec<(LogLevel, String)>>>;

/// One test at a time sets the log.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Loads an engine, which the library has words for.
fn cause_messages() -> Engine {
    let options = EngineOptions {
        device: Some("cpu".into()),
        threads: NonZeroU32::new(1),
        memory_budget: NonZeroU64::new(1 << 30),
        ..own_folders()
    };
    let engine = Engine::new(&library(), &options).unwrap();
    engine.prepare().unwrap();
    engine
}

fn keep(heard: &Heard, level: LogLevel) -> Log {
    let heard = Arc::clone(heard);
    Log::new(level, move |level, message| heard.lock().unwrap().push((level, message.to_owned())))
}

#[test]
fn messages_are_received_until_another_receiver_is_set() {
    let _alone = alone();
    let (first, second) = (Heard::default(), Heard::default());
    library().set_log(Some(keep(&first, LogLevel::Debug)));
    cause_messages();
    let messages = first.lock().unwrap().clone();
    assert!(messages.iter().any(|(_, message)| message.contains("loaded")), "{messages:?}");
    assert!(messages.iter().all(|(level, _)| *level != LogLevel::Off));

    library().set_log(Some(keep(&second, LogLevel::Debug)));
    // Nobody holds the former one any more.
    assert_eq!(Arc::strong_count(&first), 1);
    let before = first.lock().unwrap().len();
    cause_messages();
    assert_eq!(first.lock().unwrap().len(), before);
    assert!(!second.lock().unwrap().is_empty());

    library().set_log(None);
    assert_eq!(Arc::strong_count(&second), 1);
    let before = second.lock().unwrap().len();
    cause_messages();
    assert_eq!(second.lock().unwrap().len(), before);
}

#[test]
fn only_what_matters_is_told() {
    let _alone = alone();
    let heard = Heard::default();
    library().set_log(Some(keep(&heard, LogLevel::Info)));
    cause_messages();
    library().set_log(None);
    let heard = heard.lock().unwrap();
    assert!(heard.iter().all(|(level, _)| *level <= LogLevel::Info), "{heard:?}");
}

#[test]
fn a_receiver_may_use_the_crate_replace_itself_and_panic() {
    let _alone = alone();
    let calls: Arc<Mutex<u32>> = Arc::default();
    let log = Log::new(LogLevel::Debug, {
        let calls = Arc::clone(&calls);
        move |_, _| {
            *calls.lock().unwrap() += 1;
            let engine = Engine::new(&library(), &own_folders()).unwrap();
            Style::from_name(&engine, "ink").unwrap();
            Settings::new(&library()).unwrap().set_text("method", "optimize").unwrap();
            library().set_log(None);
            std::panic::resume_unwind(Box::new("words that nobody hears"));
        }
    });
    library().set_log(Some(log));
    cause_messages();
    // Threads of other tests may have been in it, too.
    assert!(*calls.lock().unwrap() > 0);
}
