//! The `[events]` table: where event files may be dropped, how large they may be, how long events are kept, and
//! how organisations are told of their events where no rule says otherwise.

use std::path::PathBuf;

use super::source::Table;

/// The `[events]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Events {
    /// A folder with one folder for each feed; what is put there is taken in.
    pub drop: Option<PathBuf>,
    /// Bytes of one event file.
    pub max_file_bytes: u64,
    /// After so many years events are let go; without it they are kept.
    pub keep_years: Option<i64>,
    /// After so many days the originals of event files that were stored or dropped are let go; without it they are kept.
    pub keep_originals_days: Option<i64>,
    /// So many findings one notice speaks of at most, and so many are held in memory; the rest follows in the next one.
    pub max_findings: usize,
    /// Who answers questions; without it, this program does.
    pub engine: Option<Engine>,
    /// The first rule for notices; without it nobody is told anything before somebody writes a rule.
    pub notices: Option<Notices>,
}

/// A cluster that answers questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// `sc://host:port`, as Spark Connect writes it. A token stands in the environment.
    pub address: String,
    /// Where the cluster finds the events, if it has another name for the place.
    pub place: Option<String>,
}

/// The `[events.notices]` table: the first rule, and what a new one begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notices {
    /// `at_once`, `daily`, `weekly`.
    pub due: String,
    /// 0 is Monday.
    pub weekday: i8,
    /// 0 to 23, on the wall clock of the team's calendar.
    pub hour: i8,
    /// The least severity: 0 (info) to 4 (critical).
    pub severity: i8,
    /// So many findings make a notice.
    pub threshold: i64,
    /// After so many days without it a finding is gone.
    pub quiet_days: i64,
    /// `attach`, `link`.
    pub csv: String,
    /// Bytes of a list that is attached at most.
    pub csv_bytes: i64,
}

impl Default for Events {
    fn default() -> Self {
        Self { drop: None, max_file_bytes: 32 << 30, keep_years: None, keep_originals_days: None, max_findings: 1_000_000, engine: None, notices: None }
    }
}

impl Default for Notices {
    fn default() -> Self {
        Self { due: "daily".into(), weekday: 0, hour: 8, severity: 0, threshold: 1, quiet_days: 3, csv: "attach".into(), csv_bytes: 500_000 }
    }
}

impl Events {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let drop = table.get("drop").and_then(|item| item.text()).map(PathBuf::from);
        let max_file_bytes = table.get("max_file_bytes").and_then(|item| item.whole(1..=1 << 42)).unwrap_or(plain.max_file_bytes);
        let keep_years = table.get("keep_years").and_then(|item| item.whole(1..=100));
        let keep_originals_days = table.get("keep_originals_days").and_then(|item| item.whole(1..=36_500));
        let max_findings = table.get("max_findings").and_then(|item| item.whole(1..=10_000_000)).unwrap_or(plain.max_findings);
        let engine = Engine::read(&table);
        let notices = table.option("notices").map(Notices::read);
        table.close();
        Self { drop, max_file_bytes, keep_years, keep_originals_days, max_findings, engine, notices }
    }
}

impl Engine {
    fn read(table: &Table<'_>) -> Option<Self> {
        let engine = table.get("engine");
        let address = engine.as_ref().and_then(|item| match item.text()? {
            text if text == "embedded" => None,
            text if !text.starts_with("sc://") => item.or_fault(None, "embedded, or the address of a cluster such as sc://spark.example.net:15002"),
            // The value itself is not repeated.
            text if text.contains("token=") => {
                item.note("holds a token", "it in the environment, as SPARK_CONNECT_AUTHENTICATE_TOKEN");
                None
            }
            text => Some(text),
        });
        if let (Some(item), Some(_), false) = (&engine, &address, cfg!(feature = "spark")) {
            item.note("is a cluster", "embedded: this program was built without clusters (cargo build --release --features spark)");
        }
        let place = table.get("engine_place").and_then(|item| item.text());
        if let (None, Some(_)) = (&engine, &place) {
            table.fault("says where a cluster finds the events, and names none", "engine as well, or no engine_place");
        }
        address.map(|address| Self { address, place })
    }
}

impl Notices {
    fn read(table: Table<'_>) -> Self {
        const DAYS: [(&str, i8); 7] = [("monday", 0), ("tuesday", 1), ("wednesday", 2), ("thursday", 3), ("friday", 4), ("saturday", 5), ("sunday", 6)];
        const LEVELS: [(&str, i8); 5] = [("info", 0), ("low", 1), ("medium", 2), ("high", 3), ("critical", 4)];
        let plain = Self::default();
        let due = table.get("due").and_then(|item| item.one_of(&[("at_once", "at_once"), ("daily", "daily"), ("weekly", "weekly")]));
        let csv = table.get("csv").and_then(|item| item.one_of(&[("attach", "attach"), ("link", "link")]));
        let notices = Self {
            due: due.map_or(plain.due, str::to_owned),
            weekday: table.get("weekday").and_then(|item| item.one_of(&DAYS)).unwrap_or(plain.weekday),
            hour: table.get("hour").and_then(|item| item.whole(0..=23)).unwrap_or(plain.hour),
            severity: table.get("severity").and_then(|item| item.one_of(&LEVELS)).unwrap_or(plain.severity),
            threshold: table.get("threshold").and_then(|item| item.whole(1..=1_000_000)).unwrap_or(plain.threshold),
            quiet_days: table.get("quiet_days").and_then(|item| item.whole(1..=90)).unwrap_or(plain.quiet_days),
            csv: csv.map_or(plain.csv, str::to_owned),
            csv_bytes: table.get("csv_bytes").and_then(|item| item.whole(0..=10_000_000)).unwrap_or(plain.csv_bytes),
        };
        table.close();
        notices
    }
}
