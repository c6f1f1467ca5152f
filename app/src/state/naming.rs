//! Names for cameras that the operator adds.

use vigie_protocol::CameraId;

/// A camera name made of a display name: lower case, dashes for everything else, a number when it is taken.
///
/// # Panics
/// Never: a slug is a valid name, and there are more numbers than cameras.
#[must_use]
pub fn free_id(name: &str, taken: impl Fn(&CameraId) -> bool) -> CameraId {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // Room for a number behind it.
    slug.truncate(CameraId::MAX_LEN - 8);
    let slug = match slug.trim_end_matches('-') {
        "" => "camera",
        slug => slug,
    };
    let numbered = (2_u32..).map(|n| format!("{slug}-{n}"));
    std::iter::once(slug.to_owned())
        .chain(numbered)
        .filter_map(|name| CameraId::new(name).ok())
        .find(|id| !taken(id))
        .expect("a slug is a valid name, and there are more numbers than cameras")
}

/// A display name for a WHEP address: its most telling part.
#[must_use]
pub fn name_from_url(url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let source = query.split('&').find_map(|pair| pair.strip_prefix("src=")).filter(|s| !s.is_empty());
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let part =
        address.split('/').rev().find(|part| !["", "whep", "api", "webrtc", "endpoint"].contains(part));
    source.or(part).unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{free_id, name_from_url};

    #[test]
    fn names_become_short_names() {
        let free = |name: &str| free_id(name, |_| false).to_string();
        assert_eq!(free("Place du Marché (nord).webm"), "place-du-march-nord-webm");
        assert_eq!(free("…"), "camera");
        assert_eq!(free_id("plaza", |id| ["plaza", "plaza-2"].contains(&id.as_str())).as_str(), "plaza-3");
        assert!(free_id(&"long ".repeat(40), |id| id.as_str().ends_with('g')).as_str().len() <= 64);
    }

    #[test]
    fn addresses_of_known_gateways_are_named_by_their_stream() {
        assert_eq!(name_from_url("https://gateway.example/north-gate/whep"), "north-gate");
        assert_eq!(name_from_url("http://gateway.example/api/webrtc?src=yard"), "yard");
        assert_eq!(name_from_url("/whep/plaza"), "plaza");
        assert_eq!(name_from_url("gateway.example"), "gateway.example");
    }
}
