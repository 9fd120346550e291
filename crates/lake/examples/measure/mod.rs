//! What measurements share: the store that they look at, and what a process took. `engine_speed` uses it too.

use std::path::Path;

use lake::{Lake, Settings};

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;
/// The day with which everything begins.
pub const FIRST: i64 = 20_500 * DAY;

/// The store in a folder, made if it is not there.
pub fn open(folder: &Path) -> Lake {
    let (place, scratch) = (folder.join("lake"), folder.join("scratch"));
    let settings = Settings {
        place: place.to_str().unwrap(),
        options: Vec::new(),
        scratch: &scratch,
        key: [7; 16],
        now: FIRST,
        table: "test",
        begin: true,
        rows: Settings::ROWS,
    };
    std::fs::create_dir_all(folder).unwrap();
    Lake::open(&settings).unwrap()
}

/// Seconds of CPU of this process.
pub fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// The most memory that this process had, in KiB.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}
