//! What time it is.

/// Seconds since 1970, by the machine's clock.
#[cfg(not(target_family = "wasm"))]
pub(super) fn seconds_since_1970() -> u64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    since.map_or(0, |since| since.as_secs())
}

/// Seconds since 1970, by the browser's clock: a page has no other.
#[cfg(target_family = "wasm")]
pub(super) fn seconds_since_1970() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}
