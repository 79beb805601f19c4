//! Looks for bytes that mean more than themselves, in texts that have few of them.

/// The place of the first byte that is one of those looked for. `is_one` is asked of many bytes at
/// once, so it should be a few comparisons and nothing else.
pub fn find(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> Option<usize> {
    // A byte of the number for each of the chunk.
    let ones = |chunk: &[u8; 16]| u128::from_le_bytes(chunk.map(|b| u8::from(is_one(b))));
    let place = |ones: u128| ones.trailing_zeros() as usize / 8;
    let (chunks, rest) = bytes.as_chunks();
    for (at, chunk) in chunks.iter().enumerate() {
        let ones = ones(chunk);
        if ones != 0 {
            return Some(16 * at + place(ones));
        }
    }
    // What is less than a chunk is looked at together with what comes before it.
    match bytes.last_chunk() {
        Some(chunk) => Some(ones(chunk))
            .filter(|ones| *ones != 0)
            .map(|ones| bytes.len() - chunk.len() + place(ones)),
        None => rest.iter().position(|&b| is_one(b)),
    }
}

/// The same for bytes that are told by themselves and the one behind them, which is 0 at the end.
pub fn find_followed(bytes: &[u8], is_one: impl Fn(u8, u8) -> bool) -> Option<usize> {
    let within = |start: usize| {
        let these = bytes[start..].first_chunk::<16>()?;
        let next = bytes[start + 1..].first_chunk::<16>()?;
        let mut ones = [0; 16];
        for (one, (&b, &next)) in ones.iter_mut().zip(these.iter().zip(next)) {
            *one = u8::from(is_one(b, next));
        }
        let ones = u128::from_le_bytes(ones);
        (ones != 0).then(|| start + ones.trailing_zeros() as usize / 8)
    };
    let followed = bytes.len().saturating_sub(1);
    let mut at = 0;
    while at + 16 <= followed {
        if let Some(found) = within(at) {
            return Some(found);
        }
        at += 16;
    }
    if let Some(start) = followed.checked_sub(16) {
        if let Some(found) = within(start) {
            return Some(found);
        }
        at = followed;
    }
    (at..bytes.len()).find(|&at| is_one(bytes[at], bytes.get(at + 1).copied().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn it_is_the_first_one(text in "[a-c.-]{0,70}|[a-c]{0,70}[.-]?[a-c]{0,20}") {
            let is_one = |b: u8| (b == b'.') | (b == b'-');
            let first = text.bytes().position(is_one);
            proptest::prop_assert_eq!(find(text.as_bytes(), is_one), first);
        }

        #[test]
        fn what_follows_counts(text in "[a-c.]{0,70}|[a-c]{0,40}[.]?[.]?[a-c]{0,20}[.]?") {
            let is_one = |b: u8, next: u8| (b == b'.') & ((next == b'.') | (next == 0));
            let first = text.find("..").or(text.ends_with('.').then(|| text.len() - 1));
            proptest::prop_assert_eq!(find_followed(text.as_bytes(), is_one), first);
        }
    }
}
