//! The eight kinds of situation on one camera: which are watched for, and the one threshold of each that a supervisor sets.
//! Further thresholds are in the settings file.

use super::zones::{event_of, place};
use serde_json::Value;
use vigie_engine::{CameraSettings, scene::Rule};
use vigie_protocol::EventKind;

/// What a threshold counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// A score, shown in per cent.
    Share,
}

/// A rule's main threshold: the name of its field in the settings, its unit and its range in that unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    field: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Smallest value, as shown.
    pub least: f32,
    /// Largest value, as shown.
    pub most: f32,
}

/// One kind of situation on one camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    /// Which one.
    pub event: EventKind,
    /// Whether it is watched for.
    pub on: bool,
    /// Its main threshold with its value as shown, where it has one.
    pub threshold: Option<(Threshold, f32)>,
}

/// The kinds that hold for the whole picture and need nothing drawn, with their main threshold.
const THRESHOLDS: [(EventKind, Threshold); 5] = [
    (
        EventKind::AbandonedObject,
        Threshold { field: "after_secs", unit: Unit::Seconds, least: 1.0, most: 3600.0 },
    ),
    (EventKind::Weapon, Threshold { field: "min_score", unit: Unit::Share, least: 5.0, most: 95.0 }),
    (EventKind::PersonDown, Threshold { field: "still_secs", unit: Unit::Seconds, least: 0.5, most: 60.0 }),
    (
        EventKind::CrowdMovement,
        Threshold { field: "sustain_secs", unit: Unit::Seconds, least: 0.3, most: 60.0 },
    ),
    (EventKind::Fire, Threshold { field: "min_score", unit: Unit::Share, least: 5.0, most: 95.0 }),
];

impl Threshold {
    fn of(self, rule: &Rule) -> Option<f32> {
        let value = serde_json::to_value(rule).ok()?.get(self.field)?.as_f64()?;
        // Shortest form of what an f32 holds: 0.3 and not 0.30000001.
        let value = (value * self.scale() * 1e4).round() / 1e4;
        Some(value as f32)
    }

    /// The rule with this threshold, taken into its range; the rule as it was where it has none.
    fn set(self, rule: &Rule, shown: f32) -> Option<Rule> {
        let mut changed = serde_json::to_value(rule).ok()?;
        let known = changed.get_mut(self.field)?;
        *known = Value::from(f64::from(shown.clamp(self.least, self.most)) / self.scale());
        serde_json::from_value(changed).ok()
    }

    fn scale(self) -> f64 {
        match self.unit {
            Unit::Seconds => 1.0,
            Unit::Share => 100.0,
        }
    }
}

/// The main threshold of a rule and its value as shown, where it has one.
#[must_use]
pub fn threshold_of(rule: &Rule) -> Option<(Threshold, f32)> {
    let (_, threshold) = THRESHOLDS.iter().find(|(known, _)| *known == event_of(rule))?;
    Some((*threshold, threshold.of(rule)?))
}

/// Whether a situation is watched for by drawing something, and in no other way.
#[must_use]
pub fn needs_drawing(event: EventKind) -> bool {
    matches!(event, EventKind::ZoneIntrusion | EventKind::WrongWay | EventKind::CrowdDensity)
}

/// How a kind of situation stands on a camera. `off` are the rules that were switched off, kept for when they are wanted again.
#[must_use]
pub fn situation(settings: &CameraSettings, off: &[Rule], event: EventKind) -> Situation {
    let of_kind = |rule: &&Rule| event_of(rule) == event;
    let on = settings.rules.iter().any(|rule| event_of(rule) == event)
        || (event == EventKind::ZoneIntrusion && !settings.zones.is_empty());
    let rule = settings.rules.iter().find(of_kind).or_else(|| off.iter().find(of_kind));
    Situation { event, on, threshold: rule.and_then(threshold_of) }
}

/// Whether anything at all can be found on a camera: what no network sees does not count.
#[must_use]
pub fn any_on(settings: &CameraSettings) -> bool {
    let seen = |rule: &Rule| !unseen(event_of(rule));
    !settings.zones.is_empty() || settings.rules.iter().any(seen)
}

/// Whether no network of this version sees what a kind of situation is made of: it can be switched on, but no signal comes.
#[must_use]
pub fn unseen(event: EventKind) -> bool {
    matches!(event, EventKind::Weapon | EventKind::Fire)
}

/// Switches a kind that needs no drawing on or off. What was switched off comes back with its thresholds.
pub fn switch(settings: &mut CameraSettings, off: &mut Vec<Rule>, event: EventKind, on: bool) {
    let (of_kind, rest): (Vec<Rule>, Vec<Rule>) =
        std::mem::take(&mut settings.rules).into_iter().partition(|rule| event_of(rule) == event);
    settings.rules = rest;
    let back: Vec<Rule> = off.extract_if(.., |rule| event_of(rule) == event).collect();
    if on && of_kind.is_empty() {
        let default = Rule::without_drawing().into_iter().filter(|rule| event_of(rule) == event);
        let back = if back.is_empty() { default.collect() } else { back };
        let room = CameraSettings::MAX_RULES.saturating_sub(settings.rules.len());
        settings.rules.extend(back.into_iter().take(room));
    } else if on {
        settings.rules.extend(of_kind);
    } else {
        // Bounded: no more than a camera can have.
        off.extend(if of_kind.is_empty() { back } else { of_kind });
        off.truncate(CameraSettings::MAX_RULES);
    }
}

/// Sets the main threshold of a kind, on or off, in the unit in which it is shown.
pub fn set_threshold(settings: &mut CameraSettings, off: &mut [Rule], event: EventKind, shown: f32) {
    let Some((_, threshold)) = THRESHOLDS.iter().find(|(known, _)| *known == event) else { return };
    let whole_picture = |rule: &&mut Rule| event_of(rule) == event && place(rule).is_none();
    for rule in settings.rules.iter_mut().chain(off.iter_mut()).filter(whole_picture) {
        if let Some(changed) = threshold.set(rule, shown) {
            *rule = changed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_drawn_or_switched() {
        for event in EventKind::ALL {
            let switched = THRESHOLDS.iter().any(|(known, _)| *known == event);
            assert_eq!(switched, !needs_drawing(event), "{event:?}");
            let default = situation(&CameraSettings::default(), &[], event);
            assert_eq!(default.on, switched, "{event:?}");
        }
    }

    #[test]
    fn what_was_switched_off_comes_back_as_it_was() {
        let (mut settings, mut off) = (CameraSettings::default(), Vec::new());
        for event in EventKind::ALL.into_iter().filter(|event| !needs_drawing(*event)) {
            let before = settings.clone();
            if let Some((threshold, value)) = situation(&settings, &off, event).threshold {
                let wanted = (value + 3.0).min(threshold.most);
                set_threshold(&mut settings, &mut off, event, wanted);
                assert_eq!(situation(&settings, &off, event).threshold, Some((threshold, wanted)));
            }
            let set = situation(&settings, &off, event);
            switch(&mut settings, &mut off, event, false);
            assert_eq!(situation(&settings, &off, event), Situation { on: false, ..set });
            assert_eq!(settings.rules.len(), before.rules.len() - 1);
            switch(&mut settings, &mut off, event, false);
            assert_eq!(off.len(), 1, "switching off twice keeps it once");
            switch(&mut settings, &mut off, event, true);
            switch(&mut settings, &mut off, event, true);
            assert_eq!(situation(&settings, &off, event), set);
            assert_eq!((settings.rules.len(), off.len()), (before.rules.len(), 0));
        }
    }

    #[test]
    fn what_no_network_sees_is_no_watch() {
        let (mut settings, mut off) = (CameraSettings::default(), Vec::new());
        assert!(any_on(&settings));
        for event in EventKind::ALL.into_iter().filter(|event| !unseen(*event)) {
            switch(&mut settings, &mut off, event, false);
        }
        assert!(!settings.rules.is_empty() && !any_on(&settings));
    }

    #[test]
    fn thresholds_stay_in_their_range() {
        let (mut settings, mut off) = (CameraSettings::default(), Vec::new());
        for (event, threshold) in THRESHOLDS {
            set_threshold(&mut settings, &mut off, event, 1e9);
            let now = situation(&settings, &off, event).threshold;
            assert!(now.is_none_or(|(_, value)| value <= threshold.most), "{event:?}");
        }
    }
}
