//! The loops of what happened. They stay in this browser.

use super::journal::Journal;
use super::store::{CLIPS, DbError, finished, to_js};
use crate::platform::{clock, ids, js};
use idb::Query;
use std::collections::HashSet;
use vigie_engine::BBox;
use vigie_protocol::SignalId;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Loops kept at most; decided ones go first, then the oldest.
const MOST: usize = 200;
/// Kept for this long at most, milliseconds: 30 days.
const KEEP_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// A picture of a loop.
#[derive(Clone, Debug)]
pub struct ClipPicture {
    /// JPEG.
    pub jpeg: Blob,
    /// Seconds from the start of the loop.
    pub at_secs: f32,
    /// Boxes of that moment.
    pub boxes: Vec<BBox>,
}

/// A loop, oldest picture first.
pub type StoredClip = Vec<ClipPicture>;

impl Journal {
    /// Stores the loop of a signal. `decided` says which signals are answered: their loops make room first.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn keep_clip(
        &self,
        signal: SignalId,
        clip: &StoredClip,
        decided: &HashSet<SignalId>,
    ) -> Result<(), DbError> {
        let mut others = self.clips().await?;
        others.retain(|id| *id != signal);
        // Signals sort by birth: the oldest come first, answered ones before all others.
        others.sort_by_key(|id| (!decided.contains(id), *id));
        let excess = (others.len() + 1).saturating_sub(MOST);
        let horizon = clock::epoch_ms() - KEEP_MS;
        let expired = |id: &SignalId| ids::born_ms(id.0).is_some_and(|born| born < horizon);
        let transaction = self.db.write(&[CLIPS], "relaxed")?;
        let store = transaction.object_store(CLIPS)?;
        for (place, id) in others.iter().enumerate() {
            if place < excess || expired(id) {
                store.delete(Query::Key(id.to_string().into()))?;
            }
        }
        let pictures = js_sys::Array::new();
        for picture in clip {
            pictures.push(&js::object(&[
                ("jpeg", picture.jpeg.clone().into()),
                ("at_secs", picture.at_secs.into()),
                ("boxes", to_js(&picture.boxes)?),
            ]));
        }
        store.put(&pictures, Some(&signal.to_string().into()))?;
        finished(transaction).await
    }

    /// Signals that have a loop.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn clips(&self) -> Result<Vec<SignalId>, DbError> {
        let keys = self.db.read(CLIPS)?.get_all_keys(None, None)?.await?;
        Ok(keys.into_iter().filter_map(|key| key.as_string()?.parse().ok()).collect())
    }

    /// The loop of a signal; empty when there is none.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn clip(&self, signal: SignalId) -> Result<StoredClip, DbError> {
        let Some(value) = self.db.read(CLIPS)?.get(Query::Key(signal.to_string().into()))?.await? else {
            return Ok(Vec::new());
        };
        let pictures = js_sys::Array::from(&value);
        Ok(pictures.iter().filter_map(|picture| read_picture(&picture)).collect())
    }
}

fn read_picture(value: &JsValue) -> Option<ClipPicture> {
    Some(ClipPicture {
        jpeg: js::get(value, "jpeg").dyn_into().ok()?,
        at_secs: js::get(value, "at_secs").as_f64()? as f32,
        boxes: serde_wasm_bindgen::from_value(js::get(value, "boxes")).ok()?,
    })
}
