use super::{Arg, I18n, Lang};
use std::{collections::BTreeSet, fs, path::Path};

/// Ids of the messages in a Fluent file: what stands before ` =` at the start of a line.
fn ids(lang: Lang) -> BTreeSet<String> {
    let messages = lang.source().lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
    messages.filter_map(|l| l.split_once(" =")).map(|(id, _)| id.to_owned()).collect()
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.to_string_lossy().contains("test") {
            found.push((path.to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The string literals of a source text, roughly: what stands between plain quotes on one line.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| l.split('"').skip(1).step_by(2))
}

fn looks_like_an_id(text: &str) -> bool {
    text.contains('-')
        && text
            .split('-')
            .all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

#[test]
fn both_languages_have_the_same_messages() {
    let (fr, en) = (ids(Lang::Fr), ids(Lang::En));
    assert_eq!(fr.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "only in French");
    assert_eq!(en.difference(&fr).collect::<Vec<_>>(), Vec::<&String>::new(), "only in English");
}

#[test]
fn every_message_is_well_formed() {
    for lang in Lang::ALL {
        let read = fluent_bundle::FluentResource::try_new(lang.source().to_owned());
        assert!(read.is_ok(), "{lang:?}: {:?}", read.err().map(|(_, errors)| errors));
    }
}

#[test]
fn both_languages_take_the_same_arguments() {
    let arguments = |lang: Lang, id: &str| {
        let source = lang.source();
        let start = if source.starts_with(&format!("{id} =")) {
            0
        } else {
            source.find(&format!("\n{id} =")).unwrap() + 1
        };
        let end = source[start..]
            .lines()
            .skip(1)
            .take_while(|l| l.starts_with(' ') || l.is_empty())
            .map(|l| l.len() + 1)
            .sum::<usize>();
        let first = source[start..].lines().next().unwrap().len() + 1;
        let message = &source[start..(start + first + end).min(source.len())];
        message
            .split('$')
            .skip(1)
            .map(|t| t.chars().take_while(char::is_ascii_alphabetic).collect())
            .collect::<BTreeSet<String>>()
    };
    for id in ids(Lang::Fr) {
        assert_eq!(arguments(Lang::Fr, &id), arguments(Lang::En, &id), "{id}");
    }
}

#[test]
fn every_message_asked_for_exists_and_every_one_that_exists_is_asked_for() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20, "the sources were found");
    let (known, mut asked) = (ids(Lang::Fr), BTreeSet::new());
    for (name, text) in &files {
        for call in [".t(\"", ".ta(\""] {
            asked.extend(
                text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned),
            );
        }
        let all_literals = ["ui/words.rs", "state/shortcuts.rs"].iter().any(|file| name.ends_with(file))
            || name.contains("ui/words/");
        asked.extend(
            literals(text)
                .filter(|l| looks_like_an_id(l) && (all_literals || l.starts_with("notice-")))
                .map(str::to_owned),
        );
    }
    let missing = asked.difference(&known).collect::<Vec<_>>();
    assert!(missing.is_empty(), "asked for, but not there: {missing:#?}");
    let everywhere = files.iter().flat_map(|(_, text)| literals(text)).collect::<BTreeSet<_>>();
    let idle = known.iter().filter(|id| !everywhere.contains(id.as_str())).collect::<Vec<_>>();
    assert!(idle.is_empty(), "there, but never asked for: {idle:#?}");
}

#[test]
fn plurals_follow_the_language() {
    let said = |lang, n: usize| I18n::new(lang).ta("tile-persons", &[("count", n.into())]);
    assert_eq!(said(Lang::En, 0), "0 persons");
    assert_eq!(said(Lang::En, 1), "1 person");
    assert_eq!(said(Lang::Fr, 0), "0 personne", "French counts nothing as one");
    assert_eq!(said(Lang::Fr, 2), "2 personnes");
}

#[test]
fn a_notice_says_numbers_as_numbers() {
    let i18n = I18n::new(Lang::En);
    assert_eq!(
        i18n.ta("queue-waiting", &[("count", Arg::guess("1"))]),
        i18n.ta("queue-waiting", &[("count", 1_usize.into())])
    );
}

#[test]
fn language_tags_of_the_browser() {
    assert_eq!(Lang::of_tag("fr-CA"), Some(Lang::Fr));
    assert_eq!(Lang::of_tag("EN-us"), Some(Lang::En));
    assert_eq!(Lang::of_tag("de"), None);
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let number = |lang, value, decimals| I18n::new(lang).number(value, decimals);
    assert_eq!(number(Lang::Fr, 0.300_000_011_920_929, 1), "0,3");
    assert_eq!(number(Lang::En, 1_234_567.891, 2), "1,234,567.89");
    assert_eq!(number(Lang::Fr, 18_204.0, 0), "18\u{202f}204");
    assert_eq!(number(Lang::En, -2.5, 1), "−2.5");
}

#[test]
fn a_typed_number_keeps_its_decimals() {
    let exact = |lang, value| I18n::new(lang).exact(value);
    assert_eq!(exact(Lang::Fr, 0.25), "0,25");
    assert_eq!(exact(Lang::En, 0.25), "0.25");
    assert_eq!(exact(Lang::Fr, 3600.0), "3600");
}
