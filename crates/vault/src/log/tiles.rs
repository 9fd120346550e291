//! The tree as files: C2SP tlog-tiles, "Merkle Tree". A tile of height 8 holds up to 256 hashes of
//! one level; full tiles never change again, so any web server, mirror or write-once medium can keep
//! them. The last tile of a level may be partial and has its width in its name.

use super::tree::root_of;

/// How many levels of the tree one tile spans.
pub const TILE_HEIGHT: u32 = 8;
/// How many hashes a full tile holds.
pub const TILE_WIDTH: usize = 1 << TILE_HEIGHT;

/// All tiles of the tree over `leaves`: paths such as `tile/0/x001/234` or `tile/0/000.p/5`, with
/// their bytes.
pub fn tiles(leaves: &[[u8; 32]]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut level = 0_u32;
    let mut hashes = leaves.to_vec();
    while !hashes.is_empty() {
        let (full, partial) = hashes.as_chunks::<TILE_WIDTH>();
        for (number, tile) in full.iter().enumerate() {
            files.push((path(level, number, None), tile.concat()));
        }
        if !partial.is_empty() {
            files.push((path(level, full.len(), Some(partial.len())), partial.concat()));
        }
        // The hash of a full tile is a node eight levels higher.
        hashes = full.iter().map(|tile| root_of(tile.iter().copied())).collect();
        level += 1;
    }
    files
}

/// `tile/<L>/<N>[.p/<W>]`; N in groups of three digits, all but the last with an `x` before it.
fn path(level: u32, number: usize, width: Option<usize>) -> String {
    let mut groups = vec![format!("{:03}", number % 1000)];
    let mut rest = number / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    let number = groups.join("/");
    match width {
        Some(width) => format!("tile/{level}/{number}.p/{width}"),
        None => format!("tile/{level}/{number}"),
    }
}
