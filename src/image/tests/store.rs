use std::path::{Path, PathBuf};
use std::sync::Barrier;

use super::samples::*;
use crate::image::cache::{Cache, Variant};
use crate::image::probe::{Limits, probe};
use crate::image::store::{Source, Store};
use crate::path::SourcePath;

fn source(folder: &Path, name: &str, bytes: &[u8]) -> Source {
    let on_disk = folder.join(name);
    std::fs::write(&on_disk, bytes).unwrap();
    let path = SourcePath::new(format!("content/{name}"));
    let picture = probe(&path, bytes, Limits { max_megapixels: 9.0 }, &mut Vec::new()).unwrap();
    Source { path, on_disk, hash: blake3::hash(bytes), picture }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    entries.map(|e| e.unwrap()).filter(|e| e.file_type().is_file()).map(|e| e.into_path()).collect()
}

fn cache_of(root: &Path) -> PathBuf {
    root.join(".opas/cache/images")
}

fn all_bytes(store: &Store, source: &Source) -> Vec<Vec<u8>> {
    let variants = store.ready(&source.hash).unwrap();
    variants.iter().map(|variant| store.bytes(source, variant).unwrap()).collect()
}

#[test]
fn work_is_done_once_and_known_by_content() {
    let dir = tempfile::tempdir().unwrap();
    let sources =
        [source(dir.path(), "a.png", &png(640, 130)), source(dir.path(), "b.png", &png(20, 20))];
    let first = Store::of_portal(dir.path());
    assert!(first.ready(&sources[0].hash).is_none());
    assert_eq!(first.require(&sources, &|| ()).made, 1);
    assert_eq!(first.ready(&sources[1].hash).unwrap().len(), 0);
    let bytes = all_bytes(&first, &sources[0]);
    assert!(!bytes.is_empty());

    let second = Store::of_portal(dir.path());
    second.recall(&sources);
    assert!(second.ready(&sources[0].hash).is_some());
    assert_eq!(second.require(&sources, &|| ()).made, 0);
    assert_eq!(all_bytes(&second, &sources[0]), bytes);

    let renamed = [source(dir.path(), "c.png", &png(640, 130))];
    assert_eq!(Store::of_portal(dir.path()).require(&renamed, &|| ()).made, 0);
    let changed = [source(dir.path(), "a.png", &png(640, 131))];
    assert_eq!(Store::of_portal(dir.path()).require(&changed, &|| ()).made, 1);
}

#[test]
fn damage_in_the_cache_is_found_and_mended() {
    let dir = tempfile::tempdir().unwrap();
    let sources = [source(dir.path(), "a.png", &png(640, 130))];
    let store = Store::of_portal(dir.path());
    store.require(&sources, &|| ());
    let good = all_bytes(&store, &sources[0]);
    let whole = files(&cache_of(dir.path()));
    assert!(whole.len() > good.len());
    type Damage = fn(&Path);
    let damages: [Damage; 4] = [
        |file| std::fs::write(file, "").unwrap(),
        |file| std::fs::remove_file(file).unwrap(),
        |file| {
            // Of the same length.
            let mut bytes = std::fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(file, bytes).unwrap();
        },
        |file| std::fs::write(file, "not what was there").unwrap(),
    ];
    for damage in damages {
        for file in &whole {
            damage(file);
            let store = Store::of_portal(dir.path());
            store.require(&sources, &|| ());
            assert_eq!(all_bytes(&store, &sources[0]), good, "{}", file.display());
            // And the cache is as good as before.
            let again = Store::of_portal(dir.path());
            assert_eq!(again.require(&sources, &|| ()).made, 0, "{}", file.display());
            assert_eq!(all_bytes(&again, &sources[0]), good);
        }
    }
}

#[test]
fn builds_at_once_do_not_harm_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let names = ["a.png", "b.png", "c.png"];
    let sizes = [(640, 120), (630, 125), (620, 130)];
    let sources: Vec<Source> =
        names.iter().zip(sizes).map(|(n, (w, h))| source(dir.path(), n, &png(w, h))).collect();
    let start = Barrier::new(4);
    let results: Vec<Vec<Vec<Vec<u8>>>> = std::thread::scope(|scope| {
        let build = || {
            let store = Store::of_portal(dir.path());
            start.wait();
            let required = store.require(&sources, &|| ());
            assert!(required.cache_error.is_none() && required.findings.is_empty());
            sources.iter().map(|source| all_bytes(&store, source)).collect()
        };
        let builds: Vec<_> = (0..4).map(|_| scope.spawn(build)).collect();
        builds.into_iter().map(|build| build.join().unwrap()).collect()
    });
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    let left = files(&cache_of(dir.path()));
    assert!(left.iter().all(|f| !f.to_string_lossy().contains("unfinished")), "{left:?}");
    assert_eq!(Store::of_portal(dir.path()).require(&sources, &|| ()).made, 0);
}

#[test]
fn a_cache_that_cannot_be_written_costs_time_only() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".opas"), "a file where the folder should be").unwrap();
    let sources = [source(dir.path(), "a.png", &png(640, 130))];
    let store = Store::of_portal(dir.path());
    let required = store.require(&sources, &|| ());
    assert!(required.cache_error.is_some() && required.findings.is_empty());
    assert!(!all_bytes(&store, &sources[0]).is_empty());
}

#[test]
fn a_picture_that_cannot_be_decoded_is_a_finding_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut bytes = png(300, 200);
    let middle = bytes.len() / 2;
    bytes[middle..middle + 100].fill(0x55);
    let sources = [source(dir.path(), "a.png", &bytes)];
    for made in [1, 0] {
        let required = Store::of_portal(dir.path()).require(&sources, &|| ());
        assert_eq!(required.made, made);
        let messages: Vec<&str> = required.findings.iter().map(|f| f.message.as_str()).collect();
        assert!(matches!(messages[..], [m] if m.contains("can't be decoded")), "{messages:?}");
    }
}

#[test]
fn the_cache_stays_within_its_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let folder = cache_of(dir.path());
    let sources: Vec<Source> =
        (0..4).map(|i| source(dir.path(), &format!("{i}.png"), &png(640, 130 + i))).collect();
    let store = Store::of_portal(dir.path());
    for source in &sources {
        store.require(std::slice::from_ref(source), &|| ());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let cache = Cache::new(folder.clone());
    let size = || files(&folder).iter().map(|f| f.metadata().unwrap().len()).sum::<u64>();
    let kept = || {
        let there = |s: &Source| cache.load(&s.hash).is_some_and(|o| o.is_ok());
        sources.iter().map(there).collect::<Vec<_>>()
    };
    let first = sources[0].hash.to_hex().to_string();
    let used = |name: &str| name == first;

    cache.trim(size(), &used).unwrap();
    assert_eq!(kept(), [true; 4]);
    // A little too much: the oldest goes that is not used.
    let limit = size() - 1;
    cache.trim(limit, &used).unwrap();
    assert_eq!(kept(), [true, false, true, true]);
    assert!(size() <= limit);
    // Far too much: what this build uses stays all the same.
    cache.trim(10, &used).unwrap();
    assert_eq!(kept(), [true, false, false, false]);
    assert!(files(&folder).iter().all(|f| f.to_string_lossy().contains(&first)));
    assert!(store.ready(&sources[0].hash).unwrap().iter().all(|v| Variant::bytes(v).is_some()));
    // And where there is no folder there is nothing to do.
    Cache::new(dir.path().join("none")).trim(10, &used).unwrap();
}
