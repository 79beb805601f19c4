//! The small parts that Rust and the browser's script have both, held to the same vectors.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use opas::search::client::lookup::unlike;
use opas::search::client::query::parse;
use opas::search::client::typo::typo;
use opas::search::wire::{Numbers, Side, front_coded, neighbour_key, rarity, within};
use opas::search::words::{fold, is_code, words};
use serde_json::{Value, json};

const VECTORS: &str = include_str!("search/vectors.json");

fn vectors() -> Vec<Value> {
    serde_json::from_str(VECTORS).unwrap()
}

/// What Rust answers to a vector.
fn answer(vector: &Value) -> Value {
    let given = &vector["in"];
    let text = || given.as_str().unwrap();
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let number = |at: usize| given[at].as_u64().unwrap() as u32;
    match vector["call"].as_str().unwrap() {
        "words" => json!(words(text())),
        "fold" => json!(fold(text())),
        "code" => json!(is_code(text())),
        "numbers" => {
            let mut numbers = Numbers::new(text());
            let mut list = Vec::new();
            while !numbers.is_empty() {
                list.push(numbers.number());
            }
            json!(list)
        }
        "front coded" => json!(front_coded(text())),
        "neighbour key" => {
            json!([Side::Before, Side::After].map(|side| neighbour_key(text(), side)))
        }
        "rarity" => json!(rarity(number(0), number(1))),
        "within" => {
            let found = within(&texts(&given[0]), given[1].as_str().unwrap(), number(2) as usize);
            json!(found.collect::<Vec<_>>())
        }
        "query" => {
            let query = parse(text(), "fi");
            json!([query.words, query.prefix, query.phrases, query.excluded])
        }
        "unlike" => json!(unlike(given[0].as_str().unwrap(), given[1].as_str().unwrap())),
        "typo" => {
            let typed: Vec<char> = given[0].as_str().unwrap().chars().collect();
            json!(typo(&typed, given[1].as_str().unwrap(), 24))
        }
        call => panic!("no such call: {call}"),
    }
}

#[test]
fn rust_answers_the_vectors() {
    for vector in vectors() {
        assert_eq!(answer(&vector), vector["out"], "{vector}");
    }
}

#[test]
fn the_browser_answers_the_vectors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("node");
    command
        .arg(root.join("tests/search/vectors.cjs"))
        .arg(root.join("themes/default/js/search"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        eprintln!("left out: the browser's answers need node");
        return;
    };
    child.stdin.take().unwrap().write_all(VECTORS.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed");
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let vectors = vectors();
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(answers) {
        assert_eq!(answer, vector["out"], "{vector}");
    }
}
