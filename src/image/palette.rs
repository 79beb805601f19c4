//! At most 256 colours for a picture, so chosen that a screenshot looks the same.
//!
//! Screenshots are flat areas and text: few colours stand for all of them, and the file is a third.
//! Photographs need more; the error tells, and the caller takes another encoding.
//!
//! 1. Count the colours. Are there few enough, they are the palette, and nothing is lost.
//! 2. Split the set of colours, always the box with the greatest spread, at its mean (variance-based
//!    median cut).
//! 3. Move each palette colour to the mean of the colours nearest to it, a few times (k-means), but
//!    keep the most frequent colours exactly: a page's background must not change.
//!
//! All is integer arithmetic over sorted colours, so that every machine gets the same bytes.

use rustc_hash::FxHashMap;

/// A colour with alpha, 8 bits each.
pub type Rgba = [u8; 4];

/// A picture as places in a palette.
#[derive(Debug, PartialEq, Eq)]
pub struct Indexed {
    /// At most 256; those with alpha come first.
    pub palette: Vec<Rgba>,
    /// One per pixel.
    pub indices: Vec<u8>,
    /// The mean over all pixels and channels of the squared difference, times 1,000; 0 where
    /// nothing was lost.
    pub error: u64,
}

const COLOURS: usize = 256;
const ROUNDS: usize = 3;

/// How much the eye cares about red, green, blue and alpha.
const WEIGHTS: [i64; 4] = [3, 5, 2, 5];

/// A colour of the picture.
#[derive(Clone, Copy)]
struct Colour {
    rgba: Rgba,
    count: u64,
    /// The count's square root: large areas must not take all the colours.
    weight: u64,
}

/// The picture in at most 256 colours; `pixels` are RGBA.
pub fn index(pixels: &[u8]) -> Indexed {
    let colours = count(pixels);
    let mut palette = if colours.len() <= COLOURS {
        colours.iter().map(|c| c.rgba).collect()
    } else {
        refine(&colours, split(colours.clone()))
    };
    // The chunk for alpha is as long as the palette up to the last colour that has some.
    palette.sort_unstable_by_key(|&[r, g, b, a]| (a == 255, a, r, g, b));
    palette.dedup();
    let (places, error) = assign(&colours, &palette);
    let by_colour: FxHashMap<u32, u8> = colours
        .iter()
        .zip(&places)
        .map(|(c, &place)| (u32::from_le_bytes(c.rgba), place))
        .collect();
    let mut indices = Vec::with_capacity(pixels.len() / 4);
    let mut last = (0, by_colour.get(&0).copied().unwrap_or(0));
    for pixel in pixels.as_chunks::<4>().0 {
        let key = key(*pixel);
        if key != last.0 {
            last = (key, by_colour.get(&key).copied().unwrap_or(0));
        }
        indices.push(last.1);
    }
    let samples = (indices.len() as u64).max(1) * 4;
    Indexed { palette, indices, error: error.saturating_mul(1_000) / samples }
}

/// What is quite transparent has no colour.
fn key(pixel: Rgba) -> u32 {
    if pixel[3] == 0 { 0 } else { u32::from_le_bytes(pixel) }
}

/// The colours, sorted, so that the result does not hang on the order of a hash map.
fn count(pixels: &[u8]) -> Vec<Colour> {
    let mut counts: FxHashMap<u32, u64> = FxHashMap::default();
    let mut run = (0, 0);
    for pixel in pixels.as_chunks::<4>().0 {
        let key = key(*pixel);
        if key == run.0 {
            run.1 += 1;
        } else {
            if run.1 > 0 {
                *counts.entry(run.0).or_default() += run.1;
            }
            run = (key, 1);
        }
    }
    if run.1 > 0 {
        *counts.entry(run.0).or_default() += run.1;
    }
    let mut colours: Vec<Colour> = counts
        .into_iter()
        .map(|(key, count)| Colour { rgba: key.to_le_bytes(), count, weight: (count * 16).isqrt() })
        .collect();
    colours.sort_unstable_by_key(|c| c.rgba);
    colours
}

/// A set of colours, as a range, with its spread.
struct Group {
    from: usize,
    to: usize,
    channel: usize,
    mean: i64,
    spread: u64,
}

impl Group {
    fn new(colours: &[Colour], from: usize, to: usize) -> Group {
        let of = &colours[from..to];
        let total: u64 = of.iter().map(|c| c.weight).sum::<u64>().max(1);
        let mut group = Group { from, to, channel: 0, mean: 0, spread: 0 };
        let mut widest = 0;
        for (channel, &factor) in WEIGHTS.iter().enumerate() {
            let value = |c: &Colour| u64::from(c.rgba[channel]);
            let sum: u64 = of.iter().map(|c| value(c) * c.weight).sum();
            let squares: u64 = of.iter().map(|c| value(c) * value(c) * c.weight).sum();
            // In 128 bits, as the square of the sum of many colours does not fit into 64.
            let square_of_sum = u128::from(sum) * u128::from(sum) / u128::from(total);
            let spread = u128::from(squares).saturating_sub(square_of_sum) as u64 * factor as u64;
            group.spread += spread;
            if spread > widest {
                widest = spread;
                group.channel = channel;
                group.mean = (sum / total) as i64;
            }
        }
        if of.len() < 2 {
            group.spread = 0;
        }
        group
    }
}

fn split(mut colours: Vec<Colour>) -> Vec<Rgba> {
    let mut groups = vec![Group::new(&colours, 0, colours.len())];
    while groups.len() < COLOURS {
        let widest = (0..groups.len()).max_by_key(|&i| (groups[i].spread, std::cmp::Reverse(i)));
        let Some(at) = widest.filter(|&i| groups[i].spread > 0) else { break };
        let Group { from, to, channel, mean, .. } = groups[at];
        // Sorted whole, so that the order within the halves is the same everywhere.
        let part = &mut colours[from..to];
        part.sort_unstable_by_key(|c| (c.rgba[channel], c.rgba));
        let cut = part.partition_point(|c| i64::from(c.rgba[channel]) <= mean);
        let cut = from + cut.clamp(1, part.len() - 1);
        groups[at] = Group::new(&colours, from, cut);
        groups.push(Group::new(&colours, cut, to));
    }
    groups.iter().map(|g| middle(&colours[g.from..g.to])).collect()
}

/// The mean of the colours, or the one of them that most pixels have.
fn middle(colours: &[Colour]) -> Rgba {
    let total: u64 = colours.iter().map(|c| c.count).sum::<u64>().max(1);
    if let Some(most) = colours.iter().max_by_key(|c| (c.count, c.rgba))
        && most.count * 2 > total
    {
        return most.rgba;
    }
    std::array::from_fn(|channel| {
        let sum: u64 = colours.iter().map(|c| u64::from(c.rgba[channel]) * c.count).sum();
        ((sum + total / 2) / total) as u8
    })
}

fn refine(colours: &[Colour], mut palette: Vec<Rgba>) -> Vec<Rgba> {
    for _ in 0..ROUNDS {
        let (places, _) = assign(colours, &palette);
        let mut members: Vec<Vec<Colour>> = vec![Vec::new(); palette.len()];
        for (colour, place) in colours.iter().zip(places) {
            members[usize::from(place)].push(*colour);
        }
        for (entry, members) in palette.iter_mut().zip(&members) {
            if !members.is_empty() {
                *entry = middle(members);
            }
        }
    }
    palette
}

/// The place in the palette nearest to each colour, and the sum of squared differences.
fn assign(colours: &[Colour], palette: &[Rgba]) -> (Vec<u8>, u64) {
    // By green, which weighs most: the search goes outwards and ends where green alone is too far.
    let mut order: Vec<u8> = (0..palette.len()).map(|i| i as u8).collect();
    order.sort_by_key(|&i| palette[usize::from(i)][1]);
    let greens: Vec<i64> = order.iter().map(|&i| i64::from(palette[usize::from(i)][1])).collect();
    let mut error = 0;
    let mut places = Vec::with_capacity(colours.len());
    for colour in colours {
        let green = i64::from(colour.rgba[1]);
        let start = greens.partition_point(|&g| g < green);
        let mut best = (i64::MAX, 0);
        let (mut below, mut above) = (start, start);
        loop {
            let near = |at: usize| WEIGHTS[1] * (greens[at] - green).pow(2) < best.0;
            let (down, up) = (below > 0 && near(below - 1), above < greens.len() && near(above));
            if !down && !up {
                break;
            }
            let mut look = |at: usize| {
                let place = order[at];
                let far = distance(colour.rgba, palette[usize::from(place)]);
                best = best.min((far, place));
            };
            if down {
                below -= 1;
                look(below);
            }
            if up {
                look(above);
                above += 1;
            }
        }
        error += plain_error(colour.rgba, palette[usize::from(best.1)]) * colour.count;
        places.push(best.1);
    }
    (places, error)
}

fn distance(a: Rgba, b: Rgba) -> i64 {
    (0..4).map(|i| WEIGHTS[i] * (i64::from(a[i]) - i64::from(b[i])).pow(2)).sum()
}

fn plain_error(a: Rgba, b: Rgba) -> u64 {
    (0..4).map(|i| u64::from(a[i].abs_diff(b[i])).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(indexed: &Indexed) -> Vec<u8> {
        indexed.indices.iter().flat_map(|&i| indexed.palette[usize::from(i)]).collect()
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let pixels: Vec<u8> =
            (0..1000u32).flat_map(|i| [(i % 16) as u8 * 3, 7, (i % 5) as u8, 255]).collect();
        let indexed = index(&pixels);
        assert_eq!((indexed.error, back(&indexed)), (0, pixels));
    }

    #[test]
    fn a_background_keeps_its_colour_among_many_others() {
        let mut pixels: Vec<u8> = [0xf3, 0xf2, 0xf1, 255].repeat(50_000);
        pixels.extend((0..20_000u32).flat_map(|i| {
            let noise = i.wrapping_mul(2_654_435_761);
            [(noise >> 24) as u8, (noise >> 16) as u8, (noise >> 8) as u8, 255]
        }));
        let indexed = index(&pixels);
        assert_eq!(indexed.palette.len(), 256);
        assert_eq!(indexed.palette[usize::from(indexed.indices[0])], [0xf3, 0xf2, 0xf1, 255]);
        assert!(indexed.error > 0 && indexed.error < 200_000, "{}", indexed.error);
    }

    #[test]
    fn the_nearest_colour_is_found_although_not_all_are_looked_at() {
        let colours: Vec<Colour> = (0..500u32)
            .map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes())
            .map(|rgba| Colour { rgba, count: 1, weight: 1 })
            .collect();
        let palette: Vec<Rgba> =
            (0..200u32).map(|i| i.wrapping_mul(40_503_001).to_le_bytes()).collect();
        let (places, _) = assign(&colours, &palette);
        for (colour, place) in colours.iter().zip(places) {
            let far = distance(colour.rgba, palette[usize::from(place)]);
            assert!(palette.iter().all(|&p| distance(colour.rgba, p) >= far));
        }
    }

    #[test]
    fn transparent_pixels_share_one_place_at_the_front() {
        let indexed = index(&[9, 9, 9, 0, 1, 2, 3, 255, 5, 5, 5, 0, 1, 2, 3, 128]);
        assert_eq!(indexed.palette, [[0, 0, 0, 0], [1, 2, 3, 128], [1, 2, 3, 255]]);
        assert_eq!(indexed.indices, [0, 2, 0, 1]);
    }

    #[test]
    fn no_pixels_are_no_problem() {
        assert!(index(&[]).indices.is_empty());
    }
}
