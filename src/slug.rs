//! Readable ASCII names for addresses and anchors, from text in any script.

/// `text` in lower case, transliterated to `[a-z0-9-]`, words joined by single hyphens. Empty
/// where the text holds no letter or digit.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_ascii() {
            push(&mut slug, &mut gap, c);
            continue;
        }
        match transliterated(c) {
            Some(ascii) => ascii.chars().for_each(|c| push(&mut slug, &mut gap, c)),
            None => gap = true,
        }
    }
    slug
}

/// Like [`slug`], never empty: `fallback` where nothing is left.
pub fn slug_or(text: &str, fallback: &str) -> String {
    let slug = slug(text);
    if slug.is_empty() { fallback.to_owned() } else { slug }
}

fn push(slug: &mut String, gap: &mut bool, c: char) {
    if c.is_ascii_alphanumeric() {
        if std::mem::take(gap) && !slug.is_empty() {
            slug.push('-');
        }
        slug.push(c.to_ascii_lowercase());
    } else if c != '\'' {
        *gap = true;
    }
}

/// Russian as Russians write their names in Latin letters; the rest as deunicode has it.
fn transliterated(c: char) -> Option<&'static str> {
    Some(match c {
        'ё' | 'Ё' => "yo",
        'й' | 'Й' => "y",
        'ю' | 'Ю' => "yu",
        'я' | 'Я' => "ya",
        'ъ' | 'Ъ' | 'ь' | 'Ь' | '’' | '\u{ad}' => "",
        'э' | 'Э' => "e",
        'х' | 'Х' => "kh",
        'щ' | 'Щ' => "shch",
        c => return deunicode::deunicode_char(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable() {
        let cases = [
            ("Massalaskutus: näin se käy!", "massalaskutus-nain-se-kay"),
            ("Ölçü & Äänentoisto", "olcu-aanentoisto"),
            ("Щука ещё объект", "shchuka-eshchyo-obekt"),
            ("Новый счёт-фактура", "novyy-schyot-faktura"),
            ("don't -- do 2.5%", "dont-do-2-5"),
            ("---", ""),
            ("Õun ja šokolaad", "oun-ja-sokolaad"),
        ];
        for (text, expected) in cases {
            assert_eq!(slug(text), expected, "{text}");
        }
        assert_eq!(slug_or("!?", "section"), "section");
    }
}
