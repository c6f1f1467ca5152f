//! What a supervisor sets for abandoned objects.

use crate::scene::Area;
use serde::{Deserialize, Serialize};

/// Objects left behind. The thresholds are explained in [`crate::events::abandoned_object`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AbandonedObjectSettings {
    /// Where; everywhere when left out. An object is where its lower edge stands.
    pub area: Option<Area>,
    /// How long an object has to be unattended, counted from when its owner has left; seconds, 1 to 3600.
    pub after_secs: f32,
    /// Up to this distance its owner attends to an object, metres, 0.5 to 10.
    pub attend_metres: f32,
    /// Beyond this distance its owner has left it, metres, `attend_metres` to 20.
    pub leave_metres: f32,
    /// Smallest side that an object's larger one may have, metres.
    pub least_metres: f32,
    /// Largest side that an object may have, metres.
    pub most_metres: f32,
    /// What holds a signal back.
    pub vetoes: AbandonedObjectVetoes,
}

/// What holds a signal for an abandoned object back; each can be switched off.
#[expect(clippy::struct_excessive_bools, reason = "switches that do not depend on each other")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AbandonedObjectVetoes {
    /// It has been there since the picture began, or was there before whoever seems to have brought it.
    pub furniture: bool,
    /// It appeared while the camera moved or was blind, or right after.
    pub camera: bool,
    /// Nobody was near when it appeared.
    pub no_carrier: bool,
    /// The same texture as before, only brighter or darker: a shadow, a light.
    pub light: bool,
    /// It comes and goes, or has no edge of its own: a reflection, a puddle.
    pub reflection: bool,
    /// What stood there is gone: the ground shows that it had covered.
    pub uncovered: bool,
    /// A person who sits, lies or stands still.
    pub person: bool,
    /// A vehicle.
    pub vehicle: bool,
    /// Too small or too large for a bag or parcel.
    pub size: bool,
}

impl Default for AbandonedObjectVetoes {
    fn default() -> Self {
        Self {
            furniture: true,
            camera: true,
            no_carrier: true,
            light: true,
            reflection: true,
            uncovered: true,
            person: true,
            vehicle: true,
            size: true,
        }
    }
}

impl Default for AbandonedObjectSettings {
    fn default() -> Self {
        Self {
            area: None,
            after_secs: 30.0,
            attend_metres: 2.0,
            leave_metres: 3.0,
            least_metres: 0.1,
            most_metres: 1.2,
            vetoes: AbandonedObjectVetoes::default(),
        }
    }
}

impl AbandonedObjectSettings {
    /// The settings with every threshold inside its range; one that is not a number takes its default.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        let default = Self::default();
        let fix = |value: &mut f32, default: f32, least: f32, most: f32| {
            *value = if value.is_nan() { default } else { value.clamp(least, most) };
        };
        fix(&mut self.after_secs, default.after_secs, 1.0, 3600.0);
        fix(&mut self.attend_metres, default.attend_metres, 0.5, 10.0);
        fix(&mut self.leave_metres, default.leave_metres, self.attend_metres, 20.0);
        fix(&mut self.least_metres, default.least_metres, 0.01, 1.0);
        fix(&mut self.most_metres, default.most_metres, self.least_metres, 5.0);
        self
    }
}
