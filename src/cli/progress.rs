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
        bar.set_style(style(steps));
        bar.set_message(name);
        if steps == 0 {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        let timed = matches!(self.0, Form::Lines(Times::Shown)).then(Instant::now);
        Phase { name, bar, timed }
    }
}

fn style(steps: usize) -> ProgressStyle {
    let template = match steps {
        0 => "{msg} {spinner}",
        _ => "{msg} {wide_bar:.cyan/dim} {human_pos}/{human_len}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Phase {
    /// It turns out to have so many steps.
    pub fn expect(&self, steps: usize) {
        if self.bar.length().is_none() {
            self.bar.disable_steady_tick();
            self.bar.set_style(style(steps));
        }
        self.bar.set_length(steps as u64);
    }

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
