//! What is done about too little memory: smaller tiles twice, then the processor.

use crate::error::{Error, ErrorKind, Result};
use crate::observer::Job;
use crate::runtime::Device;

/// How often tiles are halved.
const HALVINGS: u32 = 2;

/// The way down from what was asked for to what there is memory for. One serves all of a painting.
pub(crate) struct Ladder<'a> {
    memory: u64,
    device: Device,
    halvings: u32,
    attempt: Attempt,
    notes: Vec<String>,
    job: Job<'a>,
}

/// What an attempt may take. It says what it really took, for the next one to take less.
#[derive(Clone)]
pub(crate) struct Attempt {
    /// Bytes for tiles and what belongs to them.
    pub memory: u64,
    /// What is to do the work; once a session is made, what does it.
    pub device: Device,
    /// Whether less memory would help: tiles were cut, and can be cut smaller.
    pub can_be_smaller: bool,
}

impl<'a> Ladder<'a> {
    /// From `memory` bytes on `device` on.
    pub fn new(memory: u64, device: &Device, job: Job<'a>) -> Self {
        let device = device.clone();
        let attempt = Attempt { memory, device: device.clone(), can_be_smaller: false };
        Self { memory, device, halvings: 0, attempt, notes: Vec::new(), job }
    }

    /// Tries until there is memory enough, or nothing less to try. What an attempt found out stays
    /// for the next call.
    pub fn climb<T>(&mut self, mut work: impl FnMut(&mut Attempt) -> Result<T>) -> Result<T> {
        loop {
            let mut attempt = Attempt { can_be_smaller: false, ..self.attempt.clone() };
            match work(&mut attempt) {
                Err(e) if e.kind() == ErrorKind::Memory => self.descend(e, &attempt)?,
                done => return done,
            }
        }
    }

    /// Takes the next step down after a want of memory, or fails with it.
    fn descend(&mut self, error: Error, failed: &Attempt) -> Result<()> {
        let what = if failed.can_be_smaller && self.halvings < HALVINGS {
            self.halvings += 1;
            self.attempt.memory = failed.memory / 2;
            "tiles were halved"
        } else if !matches!(failed.device, Device::Auto | Device::Cpu) {
            // `Auto` tries the processor last.
            self.attempt =
                Attempt { memory: self.memory, device: Device::Cpu, can_be_smaller: false };
            "painted on the CPU instead"
        } else {
            return Err(error);
        };
        let note = format!("{what}: {}", error.full_message());
        log::warn!("{note}");
        self.job.observer.note(&note);
        self.notes.push(note);
        Ok(())
    }

    /// Steps down that were taken.
    pub fn retries(&self) -> u32 {
        self.notes.len() as u32
    }

    /// A sentence for each step down.
    pub fn into_notes(self) -> Vec<String> {
        self.notes
    }

    /// Bytes that there were at first.
    pub fn memory(&self) -> u64 {
        self.memory
    }

    /// The device that was asked for.
    pub fn device(&self) -> &Device {
        &self.device
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Cancel;

    fn want() -> Error {
        Error::new(ErrorKind::Memory, "none left")
    }

    #[test]
    fn tiles_are_halved_twice_then_the_processor_paints() {
        let cancel = Cancel::new();
        let mut ladder = Ladder::new(1000, &Device::Cuda(0), Job::silent(&cancel));
        let mut tried = Vec::new();
        let failed = ladder.climb::<()>(|attempt| {
            tried.push((attempt.memory, attempt.device.clone()));
            // What was planned is less than what was allowed.
            attempt.memory = attempt.memory.min(800);
            attempt.can_be_smaller = true;
            Err(want())
        });
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Memory);
        let (gpu, cpu) = (Device::Cuda(0), Device::Cpu);
        assert_eq!(tried, [(1000, gpu.clone()), (400, gpu.clone()), (200, gpu), (1000, cpu)]);
        assert_eq!(ladder.retries(), 3);
        assert!(ladder.into_notes()[2].contains("CPU instead: none left"));
    }

    #[test]
    fn what_cannot_be_cut_goes_to_the_processor_at_once() {
        let cancel = Cancel::new();
        let mut ladder = Ladder::new(1000, &Device::DirectMl(0), Job::silent(&cancel));
        let done = ladder.climb(|attempt| match attempt.device {
            Device::Cpu => Ok(attempt.memory),
            _ => Err(want()),
        });
        assert_eq!((done.unwrap(), ladder.retries()), (1000, 1));
        // What was found out holds for the rest of the painting.
        assert!(ladder.climb(|attempt| Ok(attempt.device == Device::Cpu)).unwrap());
    }

    #[test]
    fn other_errors_and_the_processors_end_it() {
        let cancel = Cancel::new();
        for device in [Device::Cpu, Device::Auto] {
            let mut ladder = Ladder::new(1000, &device, Job::silent(&cancel));
            assert!(ladder.climb::<()>(|_| Err(want())).is_err());
            assert_eq!(ladder.retries(), 0);
        }
        let mut ladder = Ladder::new(1000, &Device::Cuda(0), Job::silent(&cancel));
        assert!(ladder.climb::<()>(|_| Err(Error::cancelled())).is_err());
        assert_eq!(ladder.retries(), 0);
    }
}
