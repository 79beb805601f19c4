//! Roots of Finnish stems: what a stemmer of endings leaves unlike because the word itself changes
//! (`asiakas`, `asiakkaan`; `suodatin`, `suodattimet`; `myynti`, `myynnin`; `tilaus`, `tilausten`;
//! `määrittää`, `määrittäminen`).
//!
//! 1. What a plural or a derivation puts before the ending is taken off: [`DERIVED`].
//! 2. Vowels at the end, which endings change, are dropped.
//! 3. The consonants before them are put in one grade: [`GRADES`]. The stemmer makes one consonant
//!    of two at the end, so all grades end in one.
//!
//! A root only says which stems belong to one word; nobody sees it.

/// What stems of derived words end in, the longer before the shorter, and what takes its place.
const DERIVED: &[(&str, &str)] = &[
    ("mise", ""),
    ("min", ""),
    ("mis", ""),
    ("uude", "u"),
    ("uute", "u"),
    ("uukse", "u"),
    ("ukse", "u"),
    ("uks", "u"),
    ("ust", "u"),
    ("uus", "u"),
    ("uud", "u"),
    ("uut", "u"),
    ("us", "u"),
    ("yyde", "y"),
    ("yyte", "y"),
    ("yykse", "y"),
    ("ykse", "y"),
    ("yks", "y"),
    ("yst", "y"),
    ("yys", "y"),
    ("yyd", "y"),
    ("yyt", "y"),
    ("ys", "y"),
    ("ise", "i"),
    ("ist", "i"),
    ("in", "i"),
    ("is", "i"),
    ("as", ""),
    ("äs", ""),
    ("im", ""),
    ("oj", ""),
    ("öj", ""),
    ("uj", ""),
    ("yj", ""),
];

/// Strong and weak grades of the last consonants, both as one.
const GRADES: &[(&str, &str)] = &[
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("ng", "nk"),
    ("mm", "m"),
    ("mp", "m"),
    ("ll", "l"),
    ("lt", "l"),
    ("nn", "n"),
    ("nt", "n"),
    ("rr", "r"),
    ("rt", "r"),
    ("d", "t"),
    ("v", "p"),
];

/// Shorter roots are alike by chance.
const SHORTEST: usize = 4;

/// Replaces a stem by its root, if enough is left of it.
pub fn root(stem: &mut String) {
    let letters = |text: &str| text.chars().count();
    // Most endings are told by their last letter to be others.
    let last = |text: &str| text.as_bytes().last().copied();
    let of_stem = last(stem);
    let mut alike = DERIVED.iter().filter(|(ending, _)| last(ending) == of_stem);
    let derived = alike.find_map(|(ending, instead)| {
        let rest = stem.strip_suffix(ending)?;
        (letters(rest) + letters(instead) >= SHORTEST && letters(rest) + 1 >= SHORTEST)
            .then_some((rest, *instead))
    });
    let (end, kept) = derived.unwrap_or((stem, ""));
    let bare = if kept.is_empty() { end.trim_end_matches(is_vowel) } else { end };
    let (head, tail) = GRADES
        .iter()
        .find_map(|(grade, one)| bare.strip_suffix(grade).map(|head| (head, *one)))
        .unwrap_or((bare, ""));
    if letters(head) + letters(tail) + letters(kept) >= SHORTEST {
        stem.truncate(head.len());
        stem.push_str(tail);
        stem.push_str(kept);
    } else {
        stem.truncate(end.len());
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ä' | 'ö')
}

#[cfg(test)]
mod tests {
    use crate::search::grouping::{Stems, group};
    use crate::search::language::Lexicon;

    #[test]
    fn a_word_that_changes_inside_stays_one_word() {
        let one = |forms: [&str; 2]| {
            let groups = group(&Stems::new(&forms, &Lexicon::new("fi")));
            groups[0] == groups[1]
        };
        for forms in [
            ["asiakas", "asiakkaan"],
            ["suodatin", "suodattimet"],
            ["myynti", "myynnin"],
            ["siirto", "siirron"],
            ["kaupunki", "kaupungin"],
            ["tilaus", "tilausten"],
            ["määritys", "määritysten"],
            ["yleinen", "yleisten"],
            ["näppäimistö", "näppäimistöjen"],
            ["joustavuus", "joustavuuteen"],
            ["määrittäminen", "määrittää"],
            ["lukea", "lukeminen"],
        ] {
            assert!(one(forms), "{forms:?}");
        }
        for forms in [["tili", "tilaus"], ["kohde", "kohdistus"], ["osto", "osoite"]] {
            assert!(!one(forms), "{forms:?}");
        }
    }
}
