//! The bits of session descriptions (RFC 8866) that a WHEP client has to cut out and paste in for an ICE restart.

/// The fragment for `application/trickle-ice-sdpfrag` (RFC 8840) that starts ICE anew: credentials, and per medium its
/// line, `mid` and candidates.
#[must_use]
pub fn restart_fragment(description: &str) -> String {
    let mut out = String::new();
    let mut credentials = Vec::new();
    let mut media = Vec::new();
    for line in description.lines().map(str::trim_end) {
        if line.starts_with("a=ice-ufrag:") || line.starts_with("a=ice-pwd:") {
            if !credentials.contains(&line) {
                credentials.push(line);
            }
        } else if line.starts_with("m=")
            || line.starts_with("a=mid:")
            || line.starts_with("a=candidate:")
            || line == "a=end-of-candidates"
        {
            media.push(line);
        }
    }
    for line in credentials.into_iter().chain(media) {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}

/// The remote description with the credentials and candidates of a fragment in place of its own. `None` when the
/// fragment brings no credentials.
#[must_use]
pub fn with_fragment(description: &str, fragment: &str) -> Option<String> {
    let find = |prefix: &str| fragment.lines().map(str::trim_end).find(|line| line.starts_with(prefix));
    let (ufrag, pwd) = (find("a=ice-ufrag:")?, find("a=ice-pwd:")?);
    let candidates: Vec<&str> =
        fragment.lines().map(str::trim_end).filter(|line| line.starts_with("a=candidate:")).collect();
    let mut out = String::new();
    let mut put = |line: &str| {
        out.push_str(line);
        out.push_str("\r\n");
    };
    let mut bundled_candidates = Some(candidates);
    let mut in_medium = false;
    for line in description.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        if line.starts_with("m=") {
            // Everything is bundled: the candidates belong to the first medium, at the end of its section.
            if in_medium {
                bundled_candidates.take().into_iter().flatten().for_each(&mut put);
            }
            in_medium = true;
        }
        match line {
            _ if line.starts_with("a=ice-ufrag:") => put(ufrag),
            _ if line.starts_with("a=ice-pwd:") => put(pwd),
            _ if line.starts_with("a=candidate:") || line == "a=end-of-candidates" => {}
            _ => put(line),
        }
    }
    bundled_candidates.take().into_iter().flatten().for_each(&mut put);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 98\r\n\
        c=IN IP4 0.0.0.0\r\na=candidate:1 1 udp 2113937151 10.0.0.1 5000 typ host\r\na=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\n\
        a=ice-options:trickle\r\na=mid:0\r\na=recvonly\r\n";

    #[test]
    fn a_fragment_holds_credentials_media_and_candidates_and_nothing_else() {
        assert_eq!(
            restart_fragment(OFFER),
            "a=ice-ufrag:new1\r\na=ice-pwd:newpwd\r\nm=video 9 UDP/TLS/RTP/SAVPF 98\r\n\
             a=candidate:1 1 udp 2113937151 10.0.0.1 5000 typ host\r\na=mid:0\r\n"
        );
    }

    #[test]
    fn a_fragment_replaces_credentials_and_candidates() {
        let fragment = "a=ice-ufrag:srv\r\na=ice-pwd:secret\r\nm=video 9 UDP/TLS/RTP/SAVPF 98\r\na=mid:0\r\n\
            a=candidate:7 1 udp 1 10.0.0.9 9000 typ host\r\n";
        let merged = with_fragment(OFFER, fragment).expect("the fragment has credentials");
        assert!(merged.contains("a=ice-ufrag:srv\r\na=ice-pwd:secret\r\n"));
        assert!(merged.contains("a=candidate:7 1 udp 1 10.0.0.9 9000 typ host\r\n"));
        assert!(!merged.contains("10.0.0.1 5000"));
        assert!(merged.contains("a=recvonly\r\n"));
        assert_eq!(with_fragment(OFFER, "m=video 9 x\r\n"), None);
    }
}
