//! What an image's address shows: a picture, a film of the portal's own, or one elsewhere.

use crate::markdown::document::Medium;

const VIDEOS: [&str; 5] = [".mp4", ".webm", ".ogv", ".mov", ".m4v"];

pub fn of(dest: &str) -> Medium {
    if let Some((host, rest)) = host_and_path(dest) {
        match host.strip_prefix("www.").unwrap_or(host) {
            "youtube.com" | "m.youtube.com" | "youtube-nocookie.com" => {
                let id = match rest.split_once('?') {
                    Some(("watch" | "watch/", query)) => {
                        query.split(['&', '#']).find_map(|pair| pair.strip_prefix("v="))
                    }
                    _ => ["embed/", "shorts/", "live/", "v/"]
                        .iter()
                        .find_map(|p| rest.strip_prefix(p)),
                };
                if let Some(id) = id.and_then(leading_id) {
                    return Medium::YouTube(id);
                }
            }
            "youtu.be" => {
                if let Some(id) = leading_id(rest) {
                    return Medium::YouTube(id);
                }
            }
            "vimeo.com" | "player.vimeo.com" => {
                let rest = rest.strip_prefix("video/").unwrap_or(rest);
                let id = leading_id(rest).filter(|id| id.bytes().all(|b| b.is_ascii_digit()));
                if let Some(id) = id {
                    return Medium::Vimeo(id);
                }
            }
            _ => {}
        }
    }
    let path = dest.split(['?', '#']).next().unwrap_or("");
    let is_video = VIDEOS.iter().any(|end| {
        path.len() > end.len()
            && path.as_bytes()[path.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    });
    if is_video { Medium::Video } else { Medium::Picture }
}

fn host_and_path(dest: &str) -> Option<(&str, &str)> {
    let rest = dest.strip_prefix("https://").or_else(|| dest.strip_prefix("http://"))?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

fn leading_id(text: &str) -> Option<String> {
    let is_id = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let length = text.bytes().take_while(|b| is_id(b)).count();
    (1..=64).contains(&length).then(|| text[..length].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_are_known_by_their_addresses() {
        let youtube = |id: &str| Medium::YouTube(id.to_owned());
        let cases = [
            ("https://www.youtube.com/watch?t=3&v=dQw4w9WgXcQ", youtube("dQw4w9WgXcQ")),
            ("https://youtu.be/dQw4w9WgXcQ?t=3", youtube("dQw4w9WgXcQ")),
            ("https://www.youtube.com/embed/a-b_c", youtube("a-b_c")),
            ("https://www.youtube.com/playlist?list=x", Medium::Picture),
            ("https://vimeo.com/76979871", Medium::Vimeo("76979871".into())),
            ("https://vimeo.com/about", Medium::Picture),
            ("media/Film.MP4#t=3", Medium::Video),
            ("ä.png", Medium::Picture),
            (".mp4", Medium::Picture),
        ];
        for (dest, medium) in cases {
            assert_eq!(of(dest), medium, "{dest}");
        }
    }
}
