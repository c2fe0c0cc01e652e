//! Tests that need something which a machine may lack.

/// Says that a check is left out because something that `scripts/setup test` installs is not here. In
/// `.ci/run`, which sets `TENSORAMA_CI`, that is a failure: what nobody sees left out is left out for
/// good.
#[track_caller]
pub fn left_out(what: &str, how_to_get_it: &str) {
    let told = format!("{what}; `scripts/setup test` installs it, or {how_to_get_it}");
    assert!(
        std::env::var_os("TENSORAMA_CI").is_none(),
        "a check cannot be done, and CI leaves none out: {told}"
    );
    eprintln!("left out: {told}");
}

/// Says that a check is left out because something that nobody has to install is not here.
#[allow(
    dead_code,
    reason = "not each test that may be left out has something of choice"
)]
pub fn left_out_by_choice(what: &str, how_to_get_it: &str) {
    eprintln!("left out: {what}; {how_to_get_it}");
}
