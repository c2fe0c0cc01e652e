//! What is otherwise in some places of the lessons than it should be, each with a reason.

use std::collections::BTreeMap;

/// Places, the most that is measured there, and why it may be.
pub type Exceptions = &'static [(&'static str, f64, &'static str)];

/// What a printed row gives as its reason, until somebody has mended what it tells or knows a better one.
pub const TO_MEND: &str = "to be mended";

/// Something that is otherwise than it should be.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where: what an exception names.
    pub place: String,
    /// How far off it is: the more, the worse.
    pub measured: f64,
    /// What helps to find it and to judge it.
    pub note: String,
}

impl Found {
    /// The row of a table of exceptions that lets it be.
    fn row(&self) -> String {
        let Self { place, note, .. } = self;
        format!(
            "    ({place:?}, {:.1}, {TO_MEND:?}), // {note}",
            self.most()
        )
    }

    /// What is measured, rounded up to what a table says.
    fn most(&self) -> f64 {
        (self.measured * 10.0).ceil() / 10.0
    }
}

/// A time as `record --still` takes it.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round().max(0.0) as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// Fails unless the exceptions are just what was found: none is missing, none is exceeded, none is idle.
#[track_caller]
pub fn assert_excepted(what: &str, found: Vec<Found>, exceptions: Exceptions) {
    let problems = compare(found, exceptions);
    assert!(problems.is_empty(), "{what}\n{}", problems.join("\n"));
}

/// What is wrong with the exceptions, in lines. Of several things found in one place, the worst counts.
pub fn compare(found: Vec<Found>, exceptions: Exceptions) -> Vec<String> {
    let mut worst: BTreeMap<String, Found> = BTreeMap::new();
    for found in found {
        let known = worst.get(&found.place);
        if known.is_none_or(|known| known.measured < found.measured) {
            worst.insert(found.place.clone(), found);
        }
    }
    let (mut missing, mut exceeded) = (Vec::new(), Vec::new());
    for (place, found) in &worst {
        match exceptions.iter().find(|(known, ..)| known == place) {
            None => missing.push(found.row()),
            Some((_, most, _)) if found.most() > *most + 1e-6 => exceeded.push(found.row()),
            Some(_) => {}
        }
    }
    let row =
        |(place, most, why): &(&str, f64, &str)| format!("    ({place:?}, {most:.1}, {why:?}),");
    let idle = exceptions.iter();
    let idle = idle.filter(|(place, ..)| !worst.contains_key(*place));
    let unreasoned = exceptions.iter().filter(|(_, _, why)| why.is_empty());
    let told = [
        ("to be mended, or to be excepted:", missing),
        ("worse than their exceptions:", exceeded),
        (
            "exceptions that are needed no more:",
            idle.map(row).collect(),
        ),
        (
            "exceptions without a reason:",
            unreasoned.map(row).collect(),
        ),
    ];
    let told = told.into_iter().filter(|(_, rows)| !rows.is_empty());
    told.flat_map(|(what, rows)| std::iter::once(format!("{} {what}", rows.len())).chain(rows))
        .collect()
}
