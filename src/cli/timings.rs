//! `--timings`: what each part of a build cost, for whoever wants to make it faster.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use crate::clock::Clock;

/// The parts so far, each from the end of the one before.
pub struct Timings {
    start: Instant,
    since: (Instant, ProcessTime),
    parts: Vec<Part>,
}

struct Part {
    name: &'static str,
    wall: Duration,
    /// Of all threads.
    cpu: Duration,
    /// Things of it that went on at once.
    details: Vec<(&'static str, Duration)>,
    /// The most memory used up to its end, in bytes, where the system tells.
    peak: Option<u64>,
}

impl Timings {
    pub fn start() -> Timings {
        let start = Instant::now();
        Timings { start, since: (start, ProcessTime::now()), parts: Vec::new() }
    }

    /// How long all of it has taken by now.
    pub fn whole(&self) -> Duration {
        self.start.elapsed()
    }

    /// Notes that what was done since the last part is called so.
    pub fn part(&mut self, name: &'static str) {
        let (wall, cpu) = (self.since.0.elapsed(), self.since.1.elapsed());
        let details = Vec::new();
        self.parts.push(Part { name, wall, cpu, details, peak: peak_memory() });
        self.since = (Instant::now(), ProcessTime::now());
    }

    /// Notes how long something took in the last part, beside other things.
    pub fn detail(&mut self, name: &'static str, clock: &Clock) {
        if let Some(part) = self.parts.last_mut() {
            part.details.push((name, clock.time()));
        }
    }

    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{:<20} {:>8} {:>8} {:>9}", "", "wall", "CPU", "peak")?;
        let line = |out: &mut dyn Write, name, wall: Duration, cpu: Duration, peak: Option<u64>| {
            let peak = peak.map_or(String::new(), |bytes| format!("{} MB", bytes / 1_000_000));
            let (wall, cpu) = (wall.as_millis(), cpu.as_millis());
            writeln!(out, "{name:<20} {wall:>5} ms {cpu:>5} ms {peak:>9}")
        };
        for part in &self.parts {
            line(out, part.name, part.wall, part.cpu, part.peak)?;
            for (name, wall) in &part.details {
                writeln!(out, "  {name:<26} {:>5} ms", wall.as_millis())?;
            }
        }
        let wall = self.parts.iter().map(|part| part.wall).sum();
        let cpu = self.parts.iter().map(|part| part.cpu).sum();
        line(out, "in all", wall, cpu, peak_memory())
    }
}

/// Linux tells; elsewhere the column stays empty.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
