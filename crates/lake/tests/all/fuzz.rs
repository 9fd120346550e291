//! A bounded run of the fuzz entry point: commits, mutated by a fixed sequence, so that every run sees
//! the same bytes.

const SEEDS: [&str; 4] = [
    "{\"commitInfo\":{\"timestamp\":1788000000000,\"operation\":\"WRITE\"}}\n{\"add\":{\"path\":\"day=2026-09-04/a.parquet\",\"partitionValues\":{\"day\":\"2026-09-04\"},\"size\":1,\"modificationTime\":1,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":1,\\\"minValues\\\":{\\\"holder\\\":1},\\\"maxValues\\\":{\\\"holder\\\":9}}\"}}\n",
    "{\"txn\":{\"appId\":\"00\",\"version\":1,\"lastUpdated\":null}}\n{\"remove\":{\"path\":\"day=2026-09-04/a.parquet\",\"deletionTimestamp\":-9223372036854775808,\"dataChange\":false}}\n",
    "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n{\"metaData\":{\"id\":\"x\",\"schemaString\":\"{}\",\"configuration\":{\"atalaya.denied\":\"[{\\\"range\\\":[\\\"00000000000000000000ffffc6120001\\\",\\\"00000000000000000000ffffc6120009\\\"],\\\"before\\\":5},{\\\"holder\\\":3,\\\"before\\\":9}]\"},\"createdTime\":1}}\n",
    "{\"add\":{\"path\":\"../day=2026-09-04/../x\",\"partitionValues\":{\"day\":null},\"size\":-1,\"modificationTime\":9223372036854775807,\"dataChange\":false,\"tags\":{}},\"cdc\":{},\"domainMetadata\":null}\n\n",
];

fn mutated(dice: &mut fastrand::Rng) -> Vec<u8> {
    let mut data: Vec<u8> = (0..=dice.usize(0..2)).flat_map(|_| SEEDS[dice.usize(0..SEEDS.len())].bytes()).collect();
    for _ in 0..=dice.usize(0..5) {
        let at = dice.usize(0..data.len());
        let other = SEEDS[dice.usize(0..SEEDS.len())].as_bytes();
        let from = dice.usize(0..other.len());
        let piece = &other[from..(from + dice.usize(1..24)).min(other.len())];
        match dice.usize(0..5) {
            0 => drop(data.splice(at..at, piece.iter().copied())),
            1 => data[at] = b"{}[]\":,0-9/.\\\n\xc3n"[dice.usize(0..16)],
            2 => drop(data.remove(at)),
            3 => data.truncate(at.max(1)),
            _ => drop(data.splice(at..(at + piece.len()).min(data.len()), piece.iter().copied())),
        }
        if data.is_empty() {
            break;
        }
    }
    data
}

#[test]
fn a_commit_is_refused_or_taken_whole() {
    let mut dice = fastrand::Rng::with_seed(5);
    for seed in SEEDS {
        lake::fuzz::log(seed.as_bytes());
    }
    for _ in 0..20_000 {
        let data = mutated(&mut dice);
        let outcome = std::panic::catch_unwind(|| lake::fuzz::log(&data));
        assert!(outcome.is_ok(), "failed on {}", String::from_utf8_lossy(&data));
    }
}
