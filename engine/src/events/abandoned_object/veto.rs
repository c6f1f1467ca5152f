//! What holds a signal back: everything that stands still and is no parcel that somebody left.

use super::attendance::Left;
use super::object::Object;
use super::people::Scale;
use super::settings::AbandonedObjectSettings;
use crate::Micros;

/// Without a grey picture, a place must have been watched for this long before something in it is new, seconds …
const WATCHED_SECS: f32 = 5.0;
/// … and for so long that the detector would have seen it so often, had it been there.
const EXPECTED_SIGHTINGS: f32 = 6.0;
/// Less of its box than this has changed when something was there all along. A bag fills half of its box at least.
const CHANGED: f32 = 0.15;
/// Correlation with the background from which nothing is new.
const LIKE_BEFORE: f32 = 0.7;
/// Correlation inside a region from which the background shows through: shadow or light.
const SHOWS_THROUGH: f32 = 0.75;
/// An outline flatter than this is none, grey levels per two pixels.
const LEAST_EDGE: f32 = 8.0;
/// How much steeper the background must be along a region's outline than the picture is for something to have been taken away.
const UNCOVERED: f32 = 1.15;
/// A region that fills less than this of its box is no single thing.
const LEAST_FILL: f32 = 0.25;
/// What looks the same in fewer looks than this comes and goes.
const STEADY: f32 = 0.7;
/// A person's or vehicle's box about the object itself for this long makes it one, seconds.
const ITSELF_SECS: f32 = 1.5;
/// What the detector has no name for and is higher than this may be somebody who sits, metres.
const SITTING_METRES: f32 = 0.8;
/// Somebody last seen within this distance of what has no name may be what is seen there, metres …
const TURNED_INTO_METRES: f32 = 1.0;
/// … from this height on, metres.
const LYING_METRES: f32 = 0.45;
/// Without a person to measure by, the largest side that an object may have, share of the picture's height.
const MOST_SHARE: f32 = 0.35;

/// The first veto that speaks against an object, by its name in the settings.
pub(super) fn veto(
    object: &Object,
    left: Option<Left>,
    watched_since: Micros,
    settings: &AbandonedObjectSettings,
    scale: Scale<'_>,
) -> Option<&'static str> {
    let on = settings.vetoes;
    let vetoes = [
        (on.furniture, "furniture", is_furniture(object, watched_since)),
        (on.camera, "camera", object.doubtful),
        (on.vehicle, "vehicle", object.vehicle_secs >= ITSELF_SECS),
        (on.person, "person", is_person(object, left, scale)),
        (on.size, "size", !has_size(object, settings, scale)),
        (on.light, "light", is_light(object)),
        (on.uncovered, "uncovered", is_uncovered(object)),
        (on.reflection, "reflection", is_reflection(object)),
        (on.no_carrier, "no_carrier", object.carrier.is_none()),
    ];
    vetoes.into_iter().find(|(on, _, speaks)| *on && *speaks).map(|(_, name, _)| name)
}

fn is_furniture(object: &Object, watched_since: Micros) -> bool {
    if object.region.is_some() {
        return false;
    }
    if let (Some(changed), Some(like)) = (object.changed, object.like_before) {
        return changed < CHANGED && like >= LIKE_BEFORE;
    }
    let watched_secs = object.appeared.secs_since(watched_since);
    watched_secs < WATCHED_SECS || object.sighting_rate() * watched_secs < EXPECTED_SIGHTINGS
}

fn is_person(object: &Object, left: Option<Left>, scale: Scale<'_>) -> bool {
    if object.person_secs >= ITSELF_SECS {
        return true;
    }
    let Some(body) = object.body.filter(|_| !object.is_named()) else { return false };
    let (_, height) = scale.size(&object.bbox, body);
    let turned_into = left.is_some_and(|left| !left.seen && left.metres <= TURNED_INTO_METRES);
    height >= SITTING_METRES || (turned_into && height >= LYING_METRES)
}

fn has_size(object: &Object, settings: &AbandonedObjectSettings, scale: Scale<'_>) -> bool {
    let Some(body) = object.body else {
        return (object.bbox.width() * scale.aspect).max(object.bbox.height()) <= MOST_SHARE;
    };
    let (width, height) = scale.size(&object.bbox, body);
    (settings.least_metres..=settings.most_metres).contains(&width.max(height))
}

fn is_light(object: &Object) -> bool {
    !object.is_named() && object.region.is_some_and(|facts| facts.likeness >= SHOWS_THROUGH)
}

fn is_uncovered(object: &Object) -> bool {
    !object.is_named() && object.region.is_some_and(|facts| facts.edge_before > UNCOVERED * facts.edge_now)
}

fn is_reflection(object: &Object) -> bool {
    let flickers = object.steady().is_some_and(|steady| steady < STEADY);
    let no_outline =
        object.region.is_some_and(|facts| facts.edge_now < LEAST_EDGE || facts.fill < LEAST_FILL);
    flickers || (no_outline && !object.is_named())
}
