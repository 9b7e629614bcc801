//! How much of the processor other work took while we measured.

use std::fs;

/// The system's and our own processor time so far, in ticks (Linux).
pub struct Ticks {
    busy: u64,
    idle: u64,
    own: u64,
}

impl Ticks {
    /// Until now; `None` where the system does not tell.
    pub fn now() -> Option<Self> {
        let system = fs::read_to_string("/proc/stat").ok()?;
        let process = fs::read_to_string("/proc/self/stat").ok()?;
        Self::read(&system, &process)
    }

    fn read(system: &str, process: &str) -> Option<Self> {
        let all = system.lines().next()?.strip_prefix("cpu ")?;
        let all: Vec<u64> = all.split_whitespace().map_while(|each| each.parse().ok()).collect();
        // user, nice, system, idle, waiting for disks, interrupts of two kinds, stolen by the host
        let [user, nice, system, idle, waiting, interrupts, soft, stolen] = *all.first_chunk()?;
        // The name in brackets may hold spaces. From the 14th field on: user and system time, and
        // those of the children that have ended.
        let fields = process.rsplit_once(')')?.1.split_whitespace().skip(11).take(4);
        let own = fields.map(|each| each.parse::<u64>().ok()).sum::<Option<u64>>()?;
        let busy = user + nice + system + interrupts + soft + stolen;
        Some(Self { busy, idle: idle + waiting, own })
    }

    /// The share of all cores, from 0 to 1, that others have taken since then.
    pub fn share_of_others(&self, now: &Self) -> f64 {
        let busy = now.busy.saturating_sub(self.busy);
        let whole = busy + now.idle.saturating_sub(self.idle);
        let others = busy.saturating_sub(now.own.saturating_sub(self.own));
        if whole == 0 { 0.0 } else { others as f64 / whole as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_what_is_busy_besides_us() {
        let at = |user: u64, idle: u64, children: u64| {
            let system = format!("cpu  {user} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 1 1 1 1 1 1 1\n");
            let process = format!("7 (x (task)) S 1 7 7 0 -1 0 0 0 0 0 1 2 {children} 4 20 0\n");
            Ticks::read(&system, &process).unwrap()
        };
        let (before, now) = (at(1000, 500, 0), at(1160, 540, 110));
        assert_eq!(before.share_of_others(&now), 50.0 / 200.0);
        assert_eq!(now.share_of_others(&now), 0.0);
        assert!(Ticks::read("cpu  1 2", "7 (x) S").is_none());
        #[cfg(target_os = "linux")]
        assert!(Ticks::now().is_some());
    }
}
