//! What can be drawn, in words.

use crate::{
    i18n::I18n,
    state::{Crossing, Kind, Limit, Problem, Shape},
    ui::icons::Icon,
};
use vigie_engine::PolygonError;

/// The message that names a kind.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Forbidden => "kind-forbidden",
        Kind::Line => "kind-line",
        Kind::Direction => "kind-direction",
        Kind::Density => "kind-density",
    }
}

/// A kind's name for style and tests.
pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Forbidden => "forbidden",
        Kind::Line => "line",
        Kind::Direction => "direction",
        Kind::Density => "density",
    }
}

/// The message that names a new one by its number.
pub(crate) fn kind_default_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Forbidden => "zone-default-name",
        Kind::Line => "line-default-name",
        Kind::Direction => "direction-default-name",
        Kind::Density => "density-default-name",
    }
}

/// The message on what starts to draw one.
pub(crate) fn kind_draw(kind: Kind) -> &'static str {
    match kind {
        Kind::Forbidden => "zone-draw",
        Kind::Line => "line-draw",
        Kind::Direction => "direction-draw",
        Kind::Density => "density-draw",
    }
}

/// A kind's icon.
pub(crate) fn kind_icon(kind: Kind) -> Icon {
    match kind {
        Kind::Forbidden => Icon::Zone,
        Kind::Line => Icon::Line,
        Kind::Direction => Icon::Direction,
        Kind::Density => Icon::Crowd,
    }
}

/// The message that says how to begin.
pub(crate) fn hint_start(kind: Kind) -> &'static str {
    match kind {
        Kind::Line => "line-hint-start",
        Kind::Forbidden | Kind::Direction | Kind::Density => "zone-hint-start",
    }
}

/// The message that says what can still be done, and what it is for.
pub(crate) fn hint_ready(kind: Kind) -> &'static str {
    match kind {
        Kind::Forbidden => "zone-hint-ready",
        Kind::Line => "line-hint-ready",
        Kind::Direction => "direction-hint-ready",
        Kind::Density => "density-hint-ready",
    }
}

/// The message that says which way a line may not be crossed.
pub(crate) fn crossing(crossing: Crossing) -> &'static str {
    match crossing {
        Crossing::Both => "crossing-both",
        Crossing::ToRight => "crossing-to-right",
        Crossing::ToLeft => "crossing-to-left",
    }
}

/// The figure that goes with what is drawn; empty where there is none.
pub(crate) fn figure(i18n: &I18n, shape: &Shape) -> String {
    match shape {
        Shape::Forbidden { dwell_secs, .. } => {
            i18n.ta("zone-secs", &[("secs", i18n.exact(*dwell_secs).into())])
        }
        Shape::Line { .. } | Shape::Direction { .. } => String::new(),
        Shape::Density { limit: Limit::PerM2(most), .. } => {
            i18n.ta("zone-per-m2", &[("limit", i18n.exact(*most).into())])
        }
        Shape::Density { limit: Limit::Persons(most), .. } => {
            i18n.ta("zone-persons", &[("count", usize::from(*most).into())])
        }
    }
}

/// What keeps a drawing from being saved, in plain language.
pub(crate) fn problem(i18n: &I18n, problem: Problem) -> String {
    match problem {
        Problem::NoName => i18n.t("zone-problem-name"),
        Problem::BadDwell => i18n.t("zone-problem-dwell"),
        Problem::BadLimit => i18n.t("zone-problem-limit"),
        Problem::BadPersons => i18n.t("zone-problem-persons"),
        Problem::FewPoints { left: 2.. } => i18n.t("line-hint-start"),
        Problem::FewPoints { .. } => i18n.t("line-hint-end"),
        Problem::ShortLine => i18n.t("line-problem-short"),
        Problem::NoDirection => i18n.t("direction-hint-arrow"),
        Problem::Shape(PolygonError::TooFewCorners { found }) => {
            i18n.ta("zone-problem-few", &[("left", (3 - found.min(3)).into())])
        }
        Problem::Shape(PolygonError::TooManyCorners) => i18n.t("zone-problem-many"),
        Problem::Shape(PolygonError::CrossingEdges { .. }) => i18n.t("zone-problem-crossing"),
        Problem::Shape(PolygonError::TooSmall { .. }) => i18n.t("zone-problem-small"),
        Problem::Shape(PolygonError::NotFinite { .. } | PolygonError::OutsidePicture { .. }) => {
            i18n.t("zone-problem-outside")
        }
    }
}
