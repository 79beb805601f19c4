//! `opas build`: the whole portal as plain files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal::{self, Standard};
use super::progress::Progress;
use super::terminal::Terminal;
use crate::audience::Reader;
use crate::audience_report as report;
use crate::build::{BuildError, build, search};
use crate::config::AdminMode;
use crate::diagnostic::Diagnostic;
use crate::image::store::Store;
use crate::leak::Guard;
use crate::output::{Options, Output, Summary};
use crate::portal::{Portal, Request};
use crate::render::pictures::Pictures;
use crate::render::{Extras, Renderer};
use crate::search::{SearchIndex, find_by};
use crate::theme::Theme;
use crate::tree::Tree;
use crate::view::SiteView;

/// In place of an audience's name: every one of them.
const ALL: &str = "all";

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder to write to [default: public in the portal's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// For whom to build where admin text is kept apart; `all` for each in a folder of its own
    /// [default: the public]
    #[arg(long, value_name = "NAME")]
    audience: Option<String>,
    /// Let warnings keep it from writing as errors do
    #[arg(long)]
    strict: bool,
    /// Build drafts too
    #[arg(long)]
    drafts: bool,
}

pub fn run(
    arguments: &Arguments,
    root: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let all = arguments.audience.as_deref() == Some(ALL);
    let audience = arguments.audience.clone().filter(|_| !all);
    let request = Request { audience, drafts: arguments.drafts };
    let mut portal = portal::open(root, &request, terminal)?;
    if !all {
        let out = arguments.out.clone().unwrap_or_else(|| portal.root().join("public"));
        return one(&mut portal, &out, arguments, terminal);
    }
    let Some(out) = &arguments.out else {
        return Err(Failure::usage(
            "`--audience all` needs `--out DIR`: DIR/NAME for each audience",
        ));
    };
    if portal.config().admin != AdminMode::Separate {
        let message =
            "the portal keeps no audiences apart; set `admin = \"separate\"` in opas.toml";
        return Err(Failure::usage(message));
    }
    let names: Vec<String> = portal.config().audiences.names().map(str::to_owned).collect();
    for name in names {
        if let Some(id) = portal.config().audiences.id(&name) {
            portal.read_as(Reader::One(id));
            if one(&mut portal, &out.join(&name), arguments, terminal)? == Outcome::BadContent {
                return Ok(Outcome::BadContent);
            }
        }
    }
    Ok(Outcome::Good)
}

/// Builds the portal of one reader.
fn one(
    portal: &mut Portal,
    out: &Path,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let output = open(out, portal)?;
    let progress = terminal.progress();

    let phase = progress.phase("Reading", 0);
    let loaded = portal.load(today());
    let (theme, theme_findings) = portal.theme();
    let guard = portal.guard();
    drop(phase);
    let mut findings = loaded.findings;
    findings.extend(theme_findings);
    let store = Arc::new(Store::of_portal(portal.root()));
    findings.extend(portal::pictures(&store, &loaded.view, &progress, terminal));
    let phase = progress.phase("Making the search", 0);
    let index = search(&loaded.view, &theme).map_err(|error| Failure::Io(error.to_string()))?;
    findings.extend(find_by::check(&loaded.view, &index));
    drop(phase);
    findings.sort();
    let layers = portal::layers(portal.root(), portal.config());
    let say =
        |findings: &[Diagnostic]| portal::say_findings(&layers, portal.root(), findings, terminal);
    if Standard::of(arguments.strict).judge(say(&findings)?) == Outcome::BadContent {
        return Ok(Outcome::BadContent);
    }

    let view = loaded.view;
    let what = Making { theme: Arc::new(theme), store: store.clone(), guard };
    match write(view.clone(), what, &index, &output, &progress) {
        Ok(()) => {}
        Err(BuildError::Output(error)) => return Err(error.into()),
        Err(BuildError::Search(error)) => return Err(Failure::Io(error.to_string())),
        Err(BuildError::Findings(findings)) => {
            say(&findings)?;
            return Ok(Outcome::BadContent);
        }
    }
    let summary = output.finish()?;
    if portal.config().admin == AdminMode::Separate {
        report::write(&view, portal.root()).map_err(|(path, error)| Failure::io(&path, &error))?;
    }
    if let Some(reason) = &summary.slow_next {
        terminal.detail(&format!("the next build has to read all files: {reason}"));
    }
    if let Err(error) = store.trim() {
        terminal.detail(&format!("the cache of pictures can't be tidied up: {error}"));
    }
    terminal.line(&sentence(view.articles().count(), &summary, start))?;
    Ok(Outcome::Good)
}

/// What a build needs besides the site.
struct Making {
    theme: Arc<Theme>,
    store: Arc<Store>,
    guard: Option<Guard>,
}

fn open(out: &Path, portal: &Portal) -> Result<Output, Failure> {
    let config = portal.config();
    let audience = match portal.reader() {
        Reader::All => "everybody",
        Reader::One(id) => config.audiences.name(id),
    };
    let layers = portal::layers(portal.root(), config);
    let folders = ["content", "static", "themes"];
    let sources: Vec<PathBuf> =
        layers.iter().flat_map(|layer| folders.map(|folder| layer.join(folder))).collect();
    let options = Options { audience, portal: portal.root(), sources: &sources };
    Ok(Output::open(out, &options)?)
}

fn write(
    view: Arc<SiteView>,
    what: Making,
    index: &SearchIndex,
    output: &Output,
    progress: &Progress,
) -> Result<(), BuildError> {
    let Making { theme, store, guard } = what;
    let pictures = Pictures::new(&view, store);
    let renderer = Renderer::new(view, theme.clone(), pictures, Extras::default());
    let mut tree = Tree::new(renderer, theme);
    tree.add_search(index);
    let phase = progress.phase("Writing", tree.paths().len());
    build(&tree, guard.as_ref(), output, &|| phase.step())
}

fn sentence(articles: usize, summary: &Summary, start: Instant) -> String {
    let Summary { written, unchanged, removed, bytes, .. } = summary;
    let files = written + unchanged;
    let size = *bytes as f64 / 1e6;
    let seconds = start.elapsed().as_secs_f64();
    format!(
        "built {articles} articles as {files} files, {size:.1} MB, in {seconds:.2} s: \
         {written} written, {unchanged} unchanged, {removed} removed"
    )
}
