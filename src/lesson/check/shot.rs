//! What a shot shows, and from where.

use super::parts::part_exists;
use super::{Checker, checked_shot};
use crate::language::Localized;
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::RawShot;
use crate::lesson::{Part, Shot, Staging};

impl Checker {
    pub(super) fn shot(&mut self, path: &str, raw: &RawShot, staging: Option<&Staging>) -> Shot {
        if !(raw.yaw.is_finite() && raw.yaw.abs() <= 360.0) {
            self.error(
                &format!("{path}.yaw"),
                Localized::new(
                    "yaw must be from -360 to 360 degrees",
                    "yaw は -360 度から 360 度までです",
                ),
                NO_HELP,
            );
        }
        if !(raw.pitch.is_finite() && raw.pitch.abs() <= 90.0) {
            self.error(
                &format!("{path}.pitch"),
                Localized::new(
                    "pitch must be from -90 to 90 degrees",
                    "pitch は -90 度から 90 度までです",
                ),
                NO_HELP,
            );
        }
        if !(raw.room.is_finite() && (0.2..=10.0).contains(&raw.room)) {
            self.error(
                &format!("{path}.room"),
                Localized::new(
                    "room must be from 0.2 to 10; 1 fits, 2 makes it half as large",
                    "room は 0.2 から 10 までです。1 でちょうど収まり、2 で半分の大きさになります",
                ),
                NO_HELP,
            );
        }
        let frame = self.parts(&format!("{path}.frame"), &raw.frame, staging);
        checked_shot(raw, frame)
    }

    pub(super) fn parts(
        &mut self,
        path: &str,
        parts: &[Part],
        staging: Option<&Staging>,
    ) -> Vec<Part> {
        if let Some(staging) = staging {
            for (index, part) in parts.iter().enumerate() {
                if let Err((message, help)) = part_exists(*part, staging) {
                    self.error(&format!("{path}[{index}]"), message, help);
                }
            }
        }
        parts.to_vec()
    }
}
