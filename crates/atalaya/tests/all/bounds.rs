//! What is kept beside a file that was kept whole has bounds: no file, however broken, fills the database.

use crate::events::{deliver, feed, file};
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn rejected_lines_are_kept_one_by_one_up_to_some_megabytes_and_counted_beyond() {
    const LINE: usize = 32 * 1024;
    const LINES: usize = 400;
    for house in House::both().await {
        feed(&house, "broken").await;
        // Four hundred lines that are no events, of nearly 13 MiB together; they zip to next to nothing.
        let rows: Vec<String> = (0..LINES).map(|n| format!("yesterday,{n},{}", "x".repeat(LINE))).collect();
        deliver(&house, "broken", "2026-11-22-scan_telnet-maluti.csv", &file(&rows)).await;
        house.later(10);
        house.run_jobs().await;
        let (rejected,): (i64,) = house.rows("select rejected from event_files", vec![]).await.remove(0);
        assert_eq!(rejected, i64::try_from(LINES).unwrap(), "every line is counted, on {}", house.on);
        let (kept, bytes): (i64, i64) = house.rows("select count(*), cast(sum(length(bytes)) as BIGINT) from event_rejects", vec![]).await.remove(0);
        assert!(kept > 100 && bytes <= 8 * 1024 * 1024, "{kept} lines of {bytes} bytes, on {}", house.on);
    }
}
