//! Counting passes: the detector over the whole picture and over tiles of it, put together.
//!
//! Costs as many passes as there are tiles, so it's made seldom, between the single passes that the tracker lives on.

use super::{Detector, DetectorError, Frame};
use crate::Detection;
use crate::tiles::{Pass, Tile, merge};

/// The boxes of several looks at one frame, in shares of it, merged ([`merge`]). The detector's input size is used for each; a tile
/// of that size is seen at its native resolution.
///
/// Between the tiles the future yields to nobody: a caller that has other work cuts the tiles into several calls and merges them
/// itself.
///
/// # Errors
/// Those of the passes. A tile that reaches beyond the frame is [`DetectorError::BadFrame`].
pub async fn detect_tiles<D: Detector>(
    detector: &mut D,
    frame: &Frame<'_>,
    tiles: &[Tile],
    min_score: f32,
) -> Result<Vec<Detection>, DetectorError> {
    let mut crop = Vec::new();
    let mut found = Vec::with_capacity(tiles.len());
    for tile in tiles {
        cut(frame, tile, &mut crop)?;
        let part = Frame::new(&crop, tile.width, tile.height)?;
        found.push((*tile, detector.detect(&part, min_score).await?));
    }
    let passes: Vec<Pass<'_>> = found.iter().map(|(tile, boxes)| Pass { tile: *tile, boxes }).collect();
    Ok(merge((frame.width(), frame.height()), &passes))
}

/// Copies a part of the frame.
fn cut(frame: &Frame<'_>, tile: &Tile, crop: &mut Vec<u8>) -> Result<(), DetectorError> {
    let reaches =
        |start: u32, length: u32, side: u32| start.checked_add(length).is_some_and(|end| end <= side);
    if !reaches(tile.left, tile.width, frame.width()) || !reaches(tile.top, tile.height, frame.height()) {
        let bytes = frame.rgba().len();
        return Err(DetectorError::BadFrame { width: tile.width, height: tile.height, bytes });
    }
    crop.clear();
    let stride = 4 * frame.width() as usize;
    let (left, width) = (4 * tile.left as usize, 4 * tile.width as usize);
    for row in frame.rgba().chunks_exact(stride).skip(tile.top as usize).take(tile.height as usize) {
        crop.extend_from_slice(&row[left..left + width]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::detector::Frame;
    use crate::tiles::Tile;

    #[test]
    fn a_tile_is_the_part_of_the_frame_that_it_names() {
        let rgba: Vec<u8> = (0..4 * 3 * 4).collect();
        let frame = Frame::new(&rgba, 4, 3).unwrap();
        let mut crop = Vec::new();
        cut(&frame, &Tile { left: 1, top: 1, width: 2, height: 2 }, &mut crop).unwrap();
        assert_eq!(crop, [20, 21, 22, 23, 24, 25, 26, 27, 36, 37, 38, 39, 40, 41, 42, 43]);
        assert!(cut(&frame, &Tile { left: 3, top: 0, width: 2, height: 1 }, &mut crop).is_err());
    }
}
