//! Thousands of calls, right and wrong ones, from several threads at once.
//!
//! Every call is planned: with `wrong == 0` all arguments are right and it must succeed, else the
//! arguments whose bits are set are wrong and it must fail with words and leave its outputs alone.
//! Memory is always what the caller says it is: the interface cannot know better.

mod arguments;
mod calls;
mod paintings;
mod random;

use std::thread;

use calls::Caller;

const THREADS: u64 = 8;
const CALLS: u64 = 10_000;

/// The seed of the calls; another one makes others.
fn seed() -> u64 {
    std::env::var("IMPASTO_TEST_SEED").map_or(1, |seed| seed.parse().unwrap())
}

#[test]
fn no_call_crashes_and_every_failure_has_words() {
    let counts: Vec<[u64; 2]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|k| {
                scope.spawn(move || {
                    let mut caller = Caller::new(seed() * THREADS + k);
                    (0..CALLS / THREADS).for_each(|_| caller.call());
                    caller.counts
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let [good, bad] = [0, 1].map(|k| counts.iter().map(|count| count[k]).sum::<u64>());
    println!("{good} calls were right, {bad} wrong");
    assert!(good > CALLS / 10 && bad > CALLS / 4);
}
