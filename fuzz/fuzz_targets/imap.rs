#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| assert!(post::fuzz::imap(bytes)));
