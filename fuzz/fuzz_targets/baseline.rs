//! A baseline that was merged or edited by hand: what is written after reading it is read alike.

#![no_main]

use libfuzzer_sys::fuzz_target;
use straykey::baseline::Baseline;
use straykey::display::acts;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Baseline::parse(".straykey-baseline", text) {
        Ok(baseline) => {
            let written = baseline.to_string();
            assert!(!written.chars().any(|c| c != '\n' && acts(c)));
            let read = Baseline::parse(".straykey-baseline", &written);
            assert_eq!(read.as_ref(), Ok(&baseline));
            assert!(baseline.without(&baseline).is_empty());
        }
        Err(error) => assert!(error.line >= 1 && error.line <= text.lines().count().max(1)),
    }
});
