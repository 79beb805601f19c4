//! How far a build has come: a bar on a terminal, a line for each phase elsewhere.

use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

enum Form {
    Silent,
    Lines(Times),
    /// Of phases at once each has its own.
    Bars(MultiProgress),
}

/// Whether lines say how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    Hidden,
    Shown,
}

pub struct Progress(Form);

/// A part of the work. It ends when it is dropped.
pub struct Phase {
    name: &'static str,
    bar: ProgressBar,
    /// When it began, if a line is to say how long it took.
    timed: Option<Instant>,
}

impl Progress {
    pub fn silent() -> Progress {
        Progress(Form::Silent)
    }

    pub fn lines(times: Times) -> Progress {
        Progress(Form::Lines(times))
    }

    pub fn bars() -> Progress {
        Progress(Form::Bars(MultiProgress::with_draw_target(ProgressDrawTarget::stderr())))
    }

    /// Begins a phase of `steps` steps; of a number not known beforehand if 0.
    pub fn phase(&self, name: &'static str, steps: usize) -> Phase {
        if matches!(self.0, Form::Lines(Times::Hidden)) {
            anstream::eprintln!("{name}");
        }
        let bar = match &self.0 {
            Form::Bars(all) if steps == 0 => all.add(ProgressBar::no_length()),
            Form::Bars(all) => all.add(ProgressBar::new(steps as u64)),
            _ => ProgressBar::hidden(),
        };
        let template = match steps {
            0 => "{msg} {spinner}",
            _ => "{msg} {wide_bar:.cyan/dim} {human_pos}/{human_len}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(name);
        if steps == 0 {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        let timed = matches!(self.0, Form::Lines(Times::Shown)).then(Instant::now);
        Phase { name, bar, timed }
    }
}

impl Phase {
    /// One step more is done. From any thread.
    pub fn step(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some(since) = self.timed {
            anstream::eprintln!("{}: {:.0?}", self.name, since.elapsed());
        }
    }
}
