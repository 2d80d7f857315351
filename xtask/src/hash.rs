//! Hashes that tell whether a text has changed: FNV-1a, 64 bits.
//!
//! Nothing here defends against anybody, and the result must be the same with every compiler,
//! which the standard library's hasher does not promise. Ten lines, so no crate.

/// Start of a hash.
pub const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of some bytes.
pub fn of(bytes: &[u8]) -> u64 {
    add(EMPTY, bytes)
}

/// Goes on from `hash` with more bytes.
pub fn add(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// As it is written into files.
pub fn text(hash: u64) -> String {
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a() {
        assert_eq!(text(of(b"")), "cbf29ce484222325");
        assert_eq!(text(of(b"foobar")), "85944171f73967e8");
    }
}
