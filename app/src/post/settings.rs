//! What is set for a camera: drawn, switched on and off, loaded from a file. It takes effect at once; it is recorded and stored
//! in one go, and comes back after a reload.

use super::{
    Inner,
    camera::{Camera, Stored},
    commands::put,
    policy::{JournalUse, changes},
};
use crate::platform::{
    db::{DbError, Journal, Put},
    ids, task,
};
use crate::state::{
    Drawn, NoticeArg, NoticeLevel, ZoneView,
    situations::{set_threshold, switch},
    zones::{self, Unfit},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};
use vigie_engine::{
    CameraSettings, Zone,
    scene::{GroundSettings, Rule},
};
use vigie_protocol::{CameraId, EventKind, Record, ZoneId};

/// Prefix of the settings with a camera's zones.
const ZONES: &str = "zones/";
/// Prefix of the settings with a camera's rules.
const RULES: &str = "rules/";

/// What is kept of a camera's rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StoredRules {
    rules: Vec<Rule>,
    /// Switched off.
    #[serde(default)]
    off: Vec<Rule>,
    #[serde(default)]
    ground: Option<GroundSettings>,
}

fn puts(camera: &CameraId, stored: &Stored) -> Vec<Put> {
    vec![
        put(format!("{ZONES}{camera}"), &stored.settings.zones),
        put(format!("{RULES}{camera}"), &stored_rules(stored)),
    ]
}

fn stored_rules(stored: &Stored) -> StoredRules {
    let Stored { settings, off } = stored;
    StoredRules { rules: settings.rules.clone(), off: off.clone(), ground: settings.ground.clone() }
}

impl Inner {
    pub(super) fn save_drawn(self: Rc<Self>, camera: &CameraId, id: Option<ZoneId>, drawn: Drawn) {
        let Some(on) = self.cameras.find(camera) else { return };
        let mut stored = on.stored();
        let view = ZoneView {
            id: id.unwrap_or_else(|| ZoneId(ids::uuid())),
            name: drawn.name.trim().chars().take(64).collect(),
            shape: drawn.shape,
        };
        match zones::put(&mut stored.settings, &view) {
            Ok(()) => self.change_settings(&on, &stored, None),
            // The analysis would leave it out, and the record would tell of a zone that guards nothing.
            Err(unfit) => {
                let most = |n: usize| vec![("most", n.to_string().into())];
                let (message, args) = match unfit {
                    Unfit::Shape(error) => ("notice-zone-invalid", vec![("reason", NoticeArg::Shape(error))]),
                    Unfit::ZonesFull => ("notice-zones-full", most(CameraSettings::MAX_ZONES)),
                    Unfit::RulesFull => ("notice-rules-full", most(CameraSettings::MAX_RULES)),
                };
                self.notify(NoticeLevel::Error, message, args);
            }
        }
    }

    pub(super) fn remove_drawn(self: Rc<Self>, camera: &CameraId, id: ZoneId) {
        self.change(camera, |stored| drop(zones::take_out(&mut stored.settings, id)));
    }

    pub(super) fn switch_situation(self: Rc<Self>, camera: &CameraId, event: EventKind, on: bool) {
        self.change(camera, |stored| switch(&mut stored.settings, &mut stored.off, event, on));
    }

    pub(super) fn set_threshold(self: Rc<Self>, camera: &CameraId, event: EventKind, value: f32) {
        self.change(camera, |stored| set_threshold(&mut stored.settings, &mut stored.off, event, value));
    }

    /// Replaces everything. What was switched off stays where the file says nothing else.
    pub(super) fn load_settings(self: Rc<Self>, camera: &CameraId, settings: CameraSettings) {
        let Some(on) = self.cameras.find(camera) else { return };
        let mut off = on.stored().off;
        off.retain(|rule| settings.rules.iter().all(|r| zones::event_of(r) != zones::event_of(rule)));
        let record = Record::SettingsLoaded {
            camera: camera.clone(),
            zones: settings.zones.len() as u32,
            rules: settings.rules.len() as u32,
            calibrated: settings.ground.is_some(),
        };
        self.change_settings(&on, &Stored { settings, off }, Some(record));
    }

    fn change(self: Rc<Self>, camera: &CameraId, change: impl FnOnce(&mut Stored)) {
        let Some(on) = self.cameras.find(camera) else { return };
        let mut stored = on.stored();
        change(&mut stored);
        self.change_settings(&on, &stored, None);
    }

    /// `first` is recorded before what changed.
    fn change_settings(self: Rc<Self>, camera: &Rc<Camera>, stored: &Stored, first: Option<Record>) {
        let before = camera.stored();
        let records = changes(&camera.id, &before.settings, &stored.settings);
        let mut records = first.into_iter().chain(records);
        self.cameras.store(&camera.id, stored.clone());
        camera.set_stored(stored.clone());
        self.show_camera(camera);
        let Some(first) = records.next() else {
            // A threshold of what is switched off changes nothing that is watched for.
            if before.off != stored.off {
                self.keep_setting(format!("{RULES}{}", camera.id), stored_rules(stored));
            }
            return;
        };
        let (records, mut puts) = (records.collect::<Vec<_>>(), puts(&camera.id, stored));
        task::spawn(async move {
            for record in std::iter::once(first).chain(records) {
                // All is stored with the first.
                self.record(record, std::mem::take(&mut puts)).await;
            }
        });
    }
}

/// Brings back what was set. Zones and rules are read apart: one that cannot be read disarms nothing else.
pub(super) async fn restore(post: &Inner, journal: &Journal) -> Result<(), DbError> {
    let mut found = BTreeMap::<CameraId, Stored>::new();
    let zones = restore_zones(post, journal, &mut found).await;
    let rules = restore_rules(post, journal, &mut found).await;
    for (camera, stored) in found {
        // It may be on the wall already, when the journal took long to open; what was set since then stands.
        let on = post.cameras.find(&camera);
        if let Some(on) = &on {
            let now = on.stored();
            let untouched = Stored::default();
            if now.off != untouched.off
                || now.settings.zones != untouched.settings.zones
                || now.settings.rules != untouched.settings.rules
            {
                continue;
            }
            on.set_stored(stored.clone());
            post.show_camera(on);
        }
        post.cameras.store(&camera, stored);
    }
    zones.and(rules)
}

async fn restore_zones(
    post: &Inner,
    journal: &Journal,
    found: &mut BTreeMap<CameraId, Stored>,
) -> Result<(), DbError> {
    for (camera, zones) in journal.settings::<Vec<Zone>>(ZONES).await? {
        match (CameraId::new(camera.clone()), zones) {
            (Ok(camera), Ok(zones)) => found.entry(camera).or_default().settings.zones = zones,
            (_, Err(error)) => post.journal_failed(JournalUse::Restore, &format!("{ZONES}{camera}: {error}")),
            // No camera can have this name.
            (Err(_), Ok(_)) => {}
        }
    }
    Ok(())
}

async fn restore_rules(
    post: &Inner,
    journal: &Journal,
    found: &mut BTreeMap<CameraId, Stored>,
) -> Result<(), DbError> {
    // Through JSON, in which the rules were written.
    for (camera, rules) in journal.settings::<serde_json::Value>(RULES).await? {
        let rules = rules.map_err(|error| error.to_string()).and_then(|rules| {
            serde_json::from_value::<StoredRules>(rules).map_err(|error| error.to_string())
        });
        match (CameraId::new(camera.clone()), rules) {
            (Ok(camera), Ok(StoredRules { rules, off, ground })) => {
                let stored = found.entry(camera).or_default();
                stored.off = off;
                (stored.settings.rules, stored.settings.ground) = (rules, ground);
            }
            (_, Err(error)) => post.journal_failed(JournalUse::Restore, &format!("{RULES}{camera}: {error}")),
            (Err(_), Ok(_)) => {}
        }
    }
    Ok(())
}
