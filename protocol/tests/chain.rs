//! The hash chain: a published example, and that nothing can be changed without being named.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test itself")]

use proptest::prelude::*;
use vigie_protocol::chain::verify;
use vigie_protocol::{ChainError, ChainHead, Entry, Hash, PostId, Record, SignalId};

fn post(last_digit: u8) -> PostId {
    format!("0190163d-8694-739b-aea5-966c26f8ad9{last_digit}").parse().unwrap()
}

fn hash(text: &str) -> Hash {
    text.to_owned().try_into().unwrap()
}

/// Computed by another program, from the table in the documentation of `chain`:
///
/// ```python
/// import hashlib, uuid, struct
/// post = uuid.UUID("0190163d-8694-739b-aea5-966c26f8ad91")
/// records = ['{"type":"post_started","software":"0.1.0","name":"Poste 1 — Vieux-Port"}',
///            '{"type":"signal_shown","signal":"0190163d-8694-739b-aea5-966c26f8ad92"}']
/// prev = bytes(32)
/// for i, record in enumerate(records):
///     prev = hashlib.sha256(b"vigie entry v1\n" + post.bytes + struct.pack(">Q", i + 1) + prev
///                           + struct.pack(">q", 1768478400000 + i * 1500) + record.encode()).digest()
///     print(prev.hex())
/// ```
#[test]
fn the_published_example_comes_out() {
    let started = Record::PostStarted { software: "0.1.0".into(), name: "Poste 1 — Vieux-Port".into() };
    let first = ChainHead::EMPTY.link(post(1), 1_768_478_400_000, &started).unwrap();
    assert_eq!(first.hash, hash("d977ef60d30fe788e84d6e6794ad6c0c8da4364ac25ae2217b7641897938bfff"));

    let shown = Record::SignalShown { signal: SignalId(post(2).0) };
    let second = ChainHead::EMPTY.after(&first).unwrap().link(post(1), 1_768_478_401_500, &shown).unwrap();
    assert_eq!(second.hash, hash("6d8be514be294919049cf64f9676c96e15a4ab0390f183ca8d2fc63229d56a66"));
    assert_eq!(verify(post(1), [&first, &second]), Ok(ChainHead { seq: 2, hash: second.hash }));
}

#[test]
fn an_empty_chain_is_sound() {
    assert_eq!(verify(post(1), []), Ok(ChainHead::EMPTY));
}

#[test]
fn a_record_that_is_too_large_is_neither_linked_nor_taken() {
    let record = Record::EngineFault { message: "x".repeat(Entry::MAX_RECORD_BYTES) };
    assert!(matches!(ChainHead::EMPTY.link(post(1), 0, &record), Err(ChainError::RecordTooLarge { .. })));

    let mut entry = ChainHead::EMPTY.link(post(1), 0, &Record::EngineFault { message: "x".into() }).unwrap();
    entry.record = "x".repeat(Entry::MAX_RECORD_BYTES + 1);
    entry.hash = entry.computed_hash();
    assert_eq!(ChainHead::EMPTY.after(&entry), Err(ChainError::RecordTooLarge { bytes: 16 * 1024 + 1 }));
}

#[test]
fn only_lower_case_hex_of_full_length_is_a_hash() {
    let zeros = "0".repeat(64);
    assert_eq!(hash(&zeros), Hash::ZERO);
    for bad in ["", "00", &"A".repeat(64), &"g".repeat(64), &"0".repeat(63), &"0".repeat(65), &"é".repeat(32)]
    {
        assert!(Hash::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}

/// A chain with the given messages and clock; clocks may step back.
fn chain(messages: &[(String, i64)]) -> Vec<Entry> {
    let mut head = ChainHead::EMPTY;
    messages
        .iter()
        .map(|(message, at_ms)| {
            let entry =
                head.link(post(1), *at_ms, &Record::EngineFault { message: message.clone() }).unwrap();
            head = head.after(&entry).unwrap();
            entry
        })
        .collect()
}

fn chains(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((any::<String>(), any::<i64>()), lengths).prop_map(|messages| chain(&messages))
}

/// Where verification says that the chain breaks.
fn broken_at(entries: &[Entry]) -> Option<u64> {
    verify(post(1), entries).err().map(|(seq, _)| seq)
}

/// Changes one field of an entry; `Some` of the entry when something is different from before.
fn with_one_field_changed(entry: &Entry, field: u8, bit: usize, text: &str) -> Option<Entry> {
    let mut changed = entry.clone();
    match field {
        0 => changed.post.0 = uuid::Uuid::from_u128(entry.post.0.as_u128() ^ (1 << (bit % 128))),
        1 => changed.seq ^= 1 << (bit % 64),
        2 => changed.prev.0[bit / 8 % 32] ^= 1 << (bit % 8),
        3 => changed.at_ms ^= 1 << (bit % 64),
        4 => text.clone_into(&mut changed.record),
        5 => changed.record.push(' '),
        _ => changed.hash.0[bit / 8 % 32] ^= 1 << (bit % 8),
    }
    (changed != *entry).then_some(changed)
}

proptest! {
    #[test]
    fn an_untouched_chain_is_sound(entries in chains(0..12)) {
        let head = verify(post(1), &entries).unwrap();
        prop_assert_eq!(head.seq, entries.len() as u64);
        prop_assert_eq!(head.hash, entries.last().map_or(Hash::ZERO, |entry| entry.hash));
    }

    #[test]
    fn any_change_of_one_field_is_named(
        entries in chains(1..12), at: prop::sample::Index, field in 0u8..7, bit in 0usize..256, text: String,
    ) {
        let at = at.index(entries.len());
        let mut forged = entries.clone();
        if let Some(changed) = with_one_field_changed(&entries[at], field, bit, &text) {
            forged[at] = changed;
            prop_assert_eq!(broken_at(&forged), Some(at as u64 + 1));
        }
    }

    #[test]
    fn a_change_that_is_hashed_anew_is_named_at_the_next_entry(
        entries in chains(2..12), at: prop::sample::Index, text: String,
    ) {
        let at = at.index(entries.len() - 1);
        prop_assume!(entries[at].record != text);
        let mut forged = entries.clone();
        forged[at].record = text;
        forged[at].hash = forged[at].computed_hash();
        prop_assert_eq!(broken_at(&forged), Some(at as u64 + 2));
    }

    #[test]
    fn a_removal_is_named(entries in chains(2..12), at: prop::sample::Index) {
        // All but the last: a missing tail shows only against a head that is known from elsewhere.
        let at = at.index(entries.len() - 1);
        let mut forged = entries.clone();
        forged.remove(at);
        prop_assert_eq!(broken_at(&forged), Some(at as u64 + 1));
    }

    #[test]
    fn a_missing_tail_gives_another_head(entries in chains(2..12), keep: prop::sample::Index) {
        let keep = keep.index(entries.len());
        let whole = verify(post(1), &entries).unwrap();
        prop_assert_ne!(verify(post(1), &entries[..keep]).unwrap(), whole);
    }

    #[test]
    fn a_swap_is_named(entries in chains(2..12), a: prop::sample::Index, b: prop::sample::Index) {
        let (a, b) = (a.index(entries.len()), b.index(entries.len()));
        prop_assume!(a != b);
        let mut forged = entries.clone();
        forged.swap(a, b);
        prop_assert_eq!(broken_at(&forged), Some(a.min(b) as u64 + 1));
    }

    #[test]
    fn an_insertion_is_named(entries in chains(1..12), at: prop::sample::Index, other in chains(1..12), pick: prop::sample::Index) {
        // A copy of the chain's own entry, or a sound entry of another chain of the same post.
        let at = at.index(entries.len());
        let mut doubled = entries.clone();
        doubled.insert(at + 1, entries[at].clone());
        prop_assert_eq!(broken_at(&doubled), Some(at as u64 + 2));

        let foreign = &other[pick.index(other.len())];
        prop_assume!(!entries.contains(foreign));
        let mut mixed = entries.clone();
        mixed.insert(at + 1, foreign.clone());
        let named = broken_at(&mixed);
        prop_assert_eq!(named, Some(at as u64 + 2));
    }

    #[test]
    fn an_entry_comes_back_from_json_as_it_was(entries in chains(1..6)) {
        let json = serde_json::to_string(&entries).unwrap();
        let back: Vec<Entry> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&back, &entries);
        prop_assert!(verify(post(1), &back).is_ok());
    }

    #[test]
    fn any_text_that_reads_as_a_hash_writes_back_the_same(text in "[0-9a-f]{64}|.{0,80}") {
        if let Ok(hash) = Hash::try_from(text.clone()) {
            prop_assert_eq!(hash.to_string(), text);
        }
    }
}
