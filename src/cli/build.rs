//! `opas build`: the whole portal as plain files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::failure::{Failure, Outcome};
use super::new::today;
use super::portal::{self, Standard};
use super::root;
use super::terminal::Terminal;
use super::timings::Timings;
use crate::audience::Reader;
use crate::audience_report;
use crate::build::{Desk, Shelf, begin_search};
use crate::cache::{Cache, program};
use crate::clock::Clock;
use crate::config::AdminMode;
use crate::image::store::Store;
use crate::output::{Options, Output, Summary, tree_hash};
use crate::path::OutputPath;
use crate::portal::{Portal, Request};
use crate::render::pictures::{Pictures, sources};
use crate::render::shared::Shared;
use crate::render::{Renderer, Similar};
use crate::report::Tally;
use crate::seal::{Circumstances, Files, Record, Seal};
use crate::search::find_by;
use crate::search::kept::Kept;
use crate::search::of_view::WithTexts;
use crate::search::shards::Put;
use crate::site::load::Counted;
use crate::source::Scan;
use crate::stat_cache::StatCache;
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
    /// Print what each part of the work cost
    #[arg(long)]
    timings: bool,
}

pub fn run(
    arguments: &Arguments,
    given: Option<&Path>,
    terminal: &Terminal,
) -> Result<Outcome, Failure> {
    let all = arguments.audience.as_deref() == Some(ALL);
    let audience = arguments.audience.clone().filter(|_| !all);
    let request = Request { audience, drafts: arguments.drafts };
    let mut portal = portal::open(given, &request, terminal)?;
    if !all {
        let out = arguments.out.clone().unwrap_or_else(|| portal.root().join("public"));
        let timings = Timings::start();
        let ((scan, mut files, known), (output, cache)) =
            rayon::join(|| files(&portal), || (open(&out, &portal), cache(&portal)));
        portal.expect(scan);
        let (seal, ()) = rayon::join(
            || files.as_ref().and_then(|files| seal(arguments, &portal, files)),
            || keep(&portal, files.as_ref(), &known, terminal),
        );
        let begun = Begun { files: files.as_mut(), seal, output: output?, timings };
        let (outcome, tree) = one(&mut portal, begun, arguments, terminal, &cache, None)?;
        // The program ends here: to free a large portal bit by bit would only keep the user waiting.
        std::mem::forget((portal, tree));
        return Ok(outcome);
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
    let ids = names.iter().filter_map(|name| portal.config().audiences.id(name));
    let ids: Vec<_> = ids.collect();
    // Before any text is read: the portals are of one state of it.
    let (scan, mut files, known) = files(&portal);
    keep(&portal, files.as_ref(), &known, terminal);
    portal.expect(scan);
    let mut seals = Vec::new();
    for id in ids {
        portal.read_as(Reader::One(id));
        seals.push((id, files.as_ref().and_then(|files| seal(arguments, &portal, files))));
    }
    let cache = cache(&portal);
    let mut others = Others { kept: Kept::on_both(Arc::clone(&cache)), shared: Arc::default() };
    for (name, (id, seal)) in names.iter().zip(seals) {
        portal.read_as(Reader::One(id));
        let timings = Timings::start();
        let output = open(&out.join(name), &portal)?;
        let begun = Begun { files: files.as_mut(), seal, output, timings };
        let others = Some(&mut others);
        let (outcome, _) = one(&mut portal, begun, arguments, terminal, &cache, others)?;
        if outcome == Outcome::BadContent {
            return Ok(Outcome::BadContent);
        }
    }
    save(&cache, terminal);
    Ok(Outcome::Good)
}

/// Builds the portal of one reader, of what was read for another one if there was one before. The
/// tree is given back where it was made. `others` is what the
/// portals of other audiences leave for this one.
fn one(
    portal: &mut Portal,
    Begun { files, seal, output, mut timings }: Begun<'_>,
    arguments: &Arguments,
    terminal: &Terminal,
    cache: &Arc<Cache>,
    others: Option<&mut Others>,
) -> Result<(Outcome, Option<Tree>), Failure> {
    let progress = terminal.progress();
    let day = today();
    timings.part("opening");
    let last = seal.as_ref().and_then(|seal| seal.recall(portal.root(), output.folder()));
    if let Some((outcome, made, summary)) =
        last.and_then(|last| again(&last, arguments, portal, &output, terminal))
    {
        if outcome == Outcome::Good {
            terminal.line(&sentence(&made, &summary, timings.whole()))?;
        }
        timings.part("comparing");
        if arguments.timings {
            terminal.say(|out| timings.write(out));
        }
        return Ok((outcome, None));
    }
    timings.part("comparing");

    let phase = progress.phase("Reading", 0);
    let (loaded, unchecked) = portal.last_read(day).unwrap_or_else(|| {
        if let Some(files) = files {
            portal.recall(files);
        }
        portal.read_counting(day, &|counted| match counted {
            Counted::All(texts) => phase.expect(texts),
            Counted::One => phase.step(),
        })
    });
    let (theme, theme_findings) = portal.theme();
    let guard = unchecked.guard(theme.files());
    drop(phase);
    if let Err(error) = portal.keep() {
        terminal.detail(&format!("the next build has to read all texts: {error}"));
    }
    timings.part("reading");
    let store = Arc::new(Store::of_portal(portal.root()));
    let mut findings = loaded.findings;
    findings.extend(theme_findings);
    findings.extend(portal::pictures(&store, &loaded.view, &progress, terminal));
    timings.part("pictures");

    let layers = portal.layers().to_vec();
    let (view, theme) = (loaded.view, Arc::new(theme));
    let similar = Similar::default();
    let mut own = None;
    let (kept, shared) = match others {
        Some(Others { kept, shared, .. }) => (kept, Some(&*shared)),
        None => (own.insert(Kept::on_disk(Arc::clone(cache))), None),
    };
    let standard = Standard::of(arguments.strict);
    let good_so_far = standard.judge(Tally::of(&findings)) == Outcome::Good;
    let checking = progress.phase("Checking, making the search", 0);
    let writing = progress.phase("Writing", 0);
    let step = || writing.step();
    let clocks = Clocks::default();
    let settings = seal.as_ref().map(|seal| seal.settings);
    let desk = Desk::new(&output, guard.as_ref(), settings, shared.map(Arc::as_ref), &step);
    let texts = Shelf::new(Some(&desk), false);
    let put_text: Option<Put<'_>> = if good_so_far { Some(&texts) } else { None };
    let ((mut tree, checked), mut unmerged) = rayon::join(
        || {
            let tree = tree(&view, &theme, store.clone(), similar.clone(), shared);
            writing.expect(tree.paths().len());
            (tree, clocks.checks.run(|| unchecked.findings()))
        },
        || clocks.search.run(|| begin_search(&view, &theme, Some(&mut *kept), put_text)),
    );
    // What the search makes on one thread leaves the others to the pages. Nothing shows before all is
    // good: pages need not wait for it, but nor shall they be in vain.
    let texts_made = texts.into_taken()?.paths;
    let texts_of = unmerged.take_texts();
    let (begun, written) = rayon::join(
        || clocks.search.run(|| unmerged.merge(Some(&mut *kept))),
        || {
            tree.add_texts(&texts_of);
            tree.add_written(texts_made);
            if !good_so_far {
                return Ok(());
            }
            desk.build(&tree, |leaf| {
                leaf.is_text() || !is_of_search(leaf.path) && !leaf.is_article()
            })
        },
    );
    findings.extend(checked);
    let good_so_far = standard.judge(Tally::of(&findings)) == Outcome::Good;
    // Articles name those that are like them.
    similar.tell(begun.similar());
    let shelf = Shelf::new(good_so_far.then_some(&desk), find_by::any(&view));
    let (index, articles_written) = rayon::join(
        || clocks.search.run(|| begun.finish_to(Some(kept), &shelf)),
        || match good_so_far {
            true => desk.build(&tree, |leaf| leaf.is_article()),
            false => Ok(()),
        },
    );
    let index = index.map_err(|error| Failure::Io(error.to_string()))?;
    let shelf = shelf.into_taken()?;
    let folder = Some(output.folder());
    let source = WithTexts { files: &shelf.files, texts: &texts_of, view: &view, folder };
    findings.extend(find_by::check(&view, &source));
    findings.sort();
    findings.dedup();
    refuse_mixture(portal)?;
    let (tally, report) = portal::report(&layers, portal.root(), &findings)?;
    drop(checking);
    timings.part("search, pages");
    timings.detail("checks", &clocks.checks);
    timings.detail("search", &clocks.search);
    if standard.judge(tally) == Outcome::BadContent {
        drop(writing);
        terminal.say_styled(&report);
        return Ok((Outcome::BadContent, None));
    }
    written.and(articles_written)?;
    tree.add_search(index);
    tree.add_written(shelf.paths);
    desk.build(&tree, |leaf| is_of_search(leaf.path) && !leaf.is_written() && !leaf.is_text())?;
    timings.part("search's files");
    timings.detail("rendering, of all threads", &desk.rendering);
    timings.detail("writing, of all threads", &desk.writing);
    refuse_mixture(portal)?;
    let failed = desk.findings();
    drop(writing);
    terminal.say_styled(&report);
    if !failed.is_empty() {
        portal::say_findings(&layers, portal.root(), &failed, terminal)?;
        return Ok((Outcome::BadContent, None));
    }
    let made = Made { articles: view.articles().count(), pictures: sources(&view).len(), tally };
    let folder = output.folder().to_owned();
    let summary = output.finish()?;
    if portal.config().admin == AdminMode::Separate {
        audience_report::write(&tree, portal.root())
            .map_err(|(path, error)| Failure::io(&path, &error))?;
    }
    if let Some(seal) = seal {
        let kept = tree_hash(&folder).and_then(|tree| {
            let counts = (tally.errors, tally.warnings);
            let made = (made.articles, made.pictures);
            seal.keep(portal.root(), &folder, Record::new(tree, made, counts, report))
        });
        if let Err(error) = kept {
            terminal.detail(&format!("the next build can't be spared: {error}"));
        }
    }
    if let Some(reason) = &summary.slow_next {
        terminal.detail(&format!("the next build has to read all files: {reason}"));
    }
    if own.is_some() {
        save(cache, terminal);
    }
    if let Err(error) = store.trim() {
        terminal.detail(&format!("the cache of pictures can't be tidied up: {error}"));
    }
    timings.part("placing");
    terminal.line(&sentence(&made, &summary, timings.whole()))?;
    if arguments.timings {
        terminal.say(|out| timings.write(out));
    }
    Ok((Outcome::Good, Some(tree)))
}

/// The portal's sources, and the hashes of all that it is made from, where they can be read, with those
/// that were known.
fn files(portal: &Portal) -> (Scan, Option<Files>, StatCache) {
    let (scan, known) = rayon::join(|| portal.scan(), || StatCache::load(portal.root()));
    let files = Files::of(&portal.folders(), &scan, &known).ok();
    (scan, files, known)
}

/// Keeps the hashes for the next build.
fn keep(portal: &Portal, files: Option<&Files>, known: &StatCache, terminal: &Terminal) {
    let kept = files.map_or(Ok(()), |files| files.keep(portal.root(), known));
    if let Err(error) = kept {
        terminal.detail(&format!("the next build has to hash all files: {error}"));
    }
}

/// What this build depends on. Nothing is known to depend on less where a place can't be told.
fn seal(arguments: &Arguments, portal: &Portal, files: &Files) -> Option<Seal> {
    let (day, drafts) = (today().to_string(), format!("drafts {}", arguments.drafts));
    let audience = format!("{:?}", portal.reader());
    let prefix = root::prefix(portal.root()).ok()?;
    let circumstances =
        Circumstances { of_pages: &[&drafts, &audience], of_findings: &[&day, &prefix] };
    Some(Seal::of(files, circumstances))
}

/// Nothing is placed that was made of two states of a text: that of the cache, and a later one.
fn refuse_mixture(portal: &Portal) -> Result<(), Failure> {
    portal.changed().map_or(Ok(()), |path| {
        let message = format!("`{}` changed during the build; build again", path.display());
        Err(Failure::Io(message))
    })
}

/// Says what the last build of the same seal said, if its tree lies there untouched.
fn again(
    record: &Record,
    arguments: &Arguments,
    portal: &Portal,
    output: &Output,
    terminal: &Terminal,
) -> Option<(Outcome, Made, Summary)> {
    let report = audience_report::place(portal.root(), portal.config(), portal.reader());
    if portal.config().admin == AdminMode::Separate && !report.exists() {
        return None;
    }
    let tree = tree_hash(output.folder()).ok()?;
    if record.tree != tree.to_hex().as_str() {
        return None;
    }
    let summary = output.untouched()?;
    terminal.say_styled(&record.report);
    let &Record { errors, warnings, articles, pictures, .. } = record;
    let tally = Tally { errors, warnings, files: 0 };
    let made = Made { articles, pictures, tally };
    Some((Standard::of(arguments.strict).judge(tally), made, summary))
}

fn open(out: &Path, portal: &Portal) -> Result<Output, Failure> {
    let config = portal.config();
    let audience = config.audiences.reader_name(portal.reader());
    let layers = portal.folders();
    let folders = ["content", "static", "themes"];
    let sources: Vec<PathBuf> =
        layers.iter().flat_map(|layer| folders.map(|folder| layer.join(folder))).collect();
    let options = Options { audience, portal: portal.root(), sources: &sources };
    Ok(Output::open(out, &options)?)
}

/// The files without those of the search, whose index takes longest.
fn tree(
    view: &Arc<SiteView>,
    theme: &Arc<Theme>,
    store: Arc<Store>,
    similar: Similar,
    shared: Option<&Arc<Shared>>,
) -> Tree {
    let pictures = Pictures::new(view, store);
    let renderer = Renderer::new(view.clone(), theme.clone(), pictures, similar);
    Tree::new(renderer.sharing(shared.cloned()), theme.clone())
}

/// Files that the search may take over.
fn is_of_search(path: &OutputPath) -> bool {
    path.as_str().starts_with("search/")
}

/// What earlier builds have made of the search.
fn cache(portal: &Portal) -> Arc<Cache> {
    Arc::new(Cache::open(portal.root(), "search", &program()))
}

fn save(cache: &Cache, terminal: &Terminal) {
    if let Err(error) = cache.save() {
        terminal.detail(&format!("the next build has to make the whole search: {error}"));
    }
}

/// A build before anything is read: where it goes, and what it depends on.
struct Begun<'a> {
    files: Option<&'a mut Files>,
    seal: Option<Seal>,
    output: Output,
    timings: Timings,
}

/// What the portal of one audience leaves for those of others: most of it is the same.
struct Others {
    kept: Kept,
    shared: Arc<Shared>,
}

/// What is done at the same time as other things.
#[derive(Default)]
struct Clocks {
    checks: Clock,
    search: Clock,
}

/// What a portal is made of, and what was found on the way.
struct Made {
    articles: usize,
    pictures: usize,
    tally: Tally,
}

fn sentence(made: &Made, summary: &Summary, time: Duration) -> String {
    let Summary { written, unchanged, removed, bytes, bytes_written, .. } = summary;
    let Made { articles, pictures, tally } = made;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let (size, new) = (megabytes(*bytes), megabytes(*bytes_written));
    let findings = tally.errors + tally.warnings;
    let files = written + unchanged;
    let seconds = time.as_secs_f64();
    format!(
        "built {articles} articles and {pictures} pictures as {files} files, {size:.1} MB, in \
         {seconds:.2} s, with {findings} findings: {written} written ({new:.1} MB), {unchanged} \
         unchanged, {removed} removed"
    )
}
