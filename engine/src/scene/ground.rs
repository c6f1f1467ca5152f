//! From the picture to metres on the ground.

use crate::Point;
use serde::{Deserialize, Serialize};

/// How the picture lies on the ground, as a supervisor has set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroundSettings {
    /// Four points or more of the ground whose places are known, in metres of any frame of one's own.
    Points(Vec<GroundPoint>),
}

/// A point of the ground on the picture and in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroundPoint {
    /// On the picture, in shares of it.
    pub image: Point,
    /// On the ground, metres.
    pub metres: Point,
}

/// The map from picture to ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {}
