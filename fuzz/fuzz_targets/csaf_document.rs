#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| csaf::fuzz::document(bytes));
