//! Bytes that a fuzzer makes up, as whatever they can be read.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Err(problem) = properties::hold(bytes) {
        panic!("{problem}");
    }
});
