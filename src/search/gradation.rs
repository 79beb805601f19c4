//! Roots of Finnish stems: what a stemmer of endings leaves unlike because the word itself changes
//! (`joustavuus`, `joustavuuden`; `määrittää`, `määrittäminen`). Where the stemmer has made one
//! consonant of two already (`myynti`, `myynnin`), the words stay apart.
//!
//! 1. The derivation that an ending hides is taken off: [`DERIVED`].
//! 2. Vowels at the end, which endings change, are dropped.
//! 3. The consonants before them are put in one grade: [`GRADES`].
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
    ("uks", "u"),
    ("ukse", "u"),
    ("uus", "u"),
    ("uud", "u"),
    ("uut", "u"),
    ("us", "u"),
    ("yyde", "y"),
    ("yyte", "y"),
    ("yykse", "y"),
    ("yks", "y"),
    ("ykse", "y"),
    ("yys", "y"),
    ("yyd", "y"),
    ("yyt", "y"),
    ("ys", "y"),
    ("ise", "i"),
    ("in", "i"),
    ("is", "i"),
];

/// Strong and weak grades of the last consonants, both as one.
const GRADES: &[(&str, &str)] = &[
    ("kk", "k"),
    ("pp", "p"),
    ("tt", "t"),
    ("ng", "nk"),
    ("mm", "mp"),
    ("ll", "lt"),
    ("nn", "nt"),
    ("rr", "rt"),
    ("d", "t"),
    ("v", "p"),
];

/// Shorter roots are alike by chance.
const SHORTEST: usize = 4;

/// Replaces a stem by its root, if enough is left of it.
pub fn root(stem: &mut String) {
    let mut end = stem.as_str();
    let mut kept = "";
    for (ending, instead) in DERIVED {
        if let Some(rest) = end.strip_suffix(ending).filter(|rest| rest.chars().count() >= SHORTEST)
        {
            (end, kept) = (rest, instead);
            break;
        }
    }
    let bare = if kept.is_empty() { end.trim_end_matches(is_vowel) } else { end };
    let (head, tail) = GRADES
        .iter()
        .find_map(|(strong, one)| bare.strip_suffix(strong).map(|head| (head, *one)))
        .unwrap_or((bare, ""));
    if head.chars().count() + tail.len() < SHORTEST {
        return;
    }
    let root = [head, tail, kept].concat();
    *stem = root;
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ä' | 'ö')
}

#[cfg(test)]
mod tests {
    use crate::search::grouping::group;
    use crate::search::language::Lexicon;

    #[test]
    fn a_word_that_changes_inside_stays_one_word() {
        let one = |forms: [&str; 2]| {
            let groups = group(&forms, &mut Lexicon::new("fi"));
            groups[0] == groups[1]
        };
        for forms in [["joustavuus", "joustavuuteen"], ["määrittäminen", "määrittää"]] {
            assert!(one(forms), "{forms:?}");
        }
        for forms in [["tili", "tilaus"], ["kohde", "kohdistus"], ["osto", "osoite"]] {
            assert!(!one(forms), "{forms:?}");
        }
    }
}
