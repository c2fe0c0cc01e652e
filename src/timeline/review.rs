//! What is legal in a lesson and yet likely a slip: a camera that cuts off what is going on, and
//! captions that are gone before they are read.

use glam::Vec3;

use super::{GuidedView, Layout, Sample, SceneSpan, Timeline};
use crate::lesson::{Language, LayerPart, Part};

/// The shape of the picture that lessons are looked through for: 16 to 9.
const ASPECT: f32 = 16.0 / 9.0;
/// How far something may reach out of the picture, as a part of its own size.
const TOLERANCE: f32 = 0.12;
/// Characters a second that a caption may ask of a reader: in English and in Japanese. (Netflix's
/// timed text style guides of 2024 ask for 20 and 4; speech itself is faster in Japanese, so only
/// what outruns it is told.)
const READING: [f32; 2] = [24.0, 13.0];
/// Moments of each beat that are looked at.
const LOOKS: u32 = 6;

/// A likely slip.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// The scene, from 0.
    pub scene: usize,
    /// The beat, from 0.
    pub beat: usize,
    /// What was found.
    pub finding: Finding,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The camera shows only a part of something that is at work.
    CutOff {
        /// What it is.
        part: Part,
    },
    /// A caption is up for too short a time.
    Hurried {
        /// Its language.
        language: Language,
        /// What it says.
        text: String,
        /// Characters a second.
        rate: f32,
    },
}

impl Timeline {
    /// Looks a lesson through for likely slips. `height` is the part of the picture's height that
    /// what is framed may fill, `width` that of its width.
    #[must_use]
    pub fn review(&self, width: f32, height: f32) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (scene, span) in self.scenes.iter().enumerate() {
            for (beat, place) in span.beats.iter().enumerate() {
                let mut cut: Vec<Part> = Vec::new();
                for look in 1..=LOOKS {
                    let part = f64::from(look) / f64::from(LOOKS);
                    let time = place.start + (place.end - place.start) * part - 0.05;
                    for part in self.cut_off(scene, span, time, [width, height]) {
                        if !cut.contains(&part) {
                            cut.push(part);
                        }
                    }
                }
                let found = cut.into_iter().map(|part| Finding::CutOff { part });
                let hurried = self
                    .captions
                    .iter()
                    .filter(|caption| (place.start..place.end).contains(&caption.start))
                    .filter_map(|caption| {
                        let seconds = (caption.end - caption.start).max(0.01) as f32;
                        let rate = caption.text.chars().count() as f32 / seconds;
                        let limit = READING[usize::from(self.language == Language::Ja)];
                        (rate > limit).then(|| Finding::Hurried {
                            language: self.language,
                            text: caption.text.to_string(),
                            rate,
                        })
                    });
                remarks.extend(found.chain(hurried).map(|finding| Remark {
                    scene,
                    beat,
                    finding,
                }));
            }
        }
        remarks
    }

    /// The tensors of the layer at work that the camera cuts at a time. What is hidden, or not in the picture at
    /// all, is left out on purpose, so that a lesson can look closely at one of two.
    fn cut_off(
        &self,
        scene: usize,
        span: &SceneSpan,
        time: f64,
        [width, height]: [f32; 2],
    ) -> Vec<Part> {
        let (now, before) = (self.at(time), self.at(time - 0.2));
        if now.scene != scene || before.scene != scene || now.camera != before.camera {
            return Vec::new();
        }
        let moving = now
            .staged_layers
            .iter()
            .zip(&before.staged_layers)
            .enumerate()
            .filter(|(_, (now, before))| now.position != before.position);
        let mut cut = Vec::new();
        for (staged_layer, (now_at, before_at)) in moving {
            // The output is looked at when something arrives there.
            let arrives = now_at.position.floor() != before_at.position.floor();
            let output = arrives.then_some((LayerPart::Output, 1));
            for (part, behind) in output.into_iter().chain([(LayerPart::Input, 0)]) {
                if !is_on_stage(&now, &span.layout, staged_layer, behind) {
                    continue;
                }
                let part = Part::Of(staged_layer, part);
                let shown = shown_share(&span.layout, part, &now.camera, width, height);
                if (0.3..1.0 - TOLERANCE).contains(&shown) {
                    cut.push(part);
                }
            }
        }
        cut
    }
}

/// Whether the tensor that a layer reads, or the one behind it, is on the stage.
fn is_on_stage(sample: &Sample, layout: &Layout, staged_layer: usize, behind: usize) -> bool {
    let mut sides = layout.sides.iter();
    let side = sides.find(|(staged_layers, _)| staged_layers.contains(&staged_layer));
    let Some((staged_layers, tensors)) = side else {
        return true;
    };
    let tensor = tensors.start + (staged_layer - staged_layers.start) + behind;
    let channels = sample.parts.tensors.get(tensor);
    channels.is_none_or(|channels| channels.iter().any(|state| state.presence > 0.0))
}

/// How much of a part lies inside the picture, by its outline: from 0 to 1.
fn shown_share(layout: &Layout, part: Part, camera: &GuidedView, width: f32, height: f32) -> f32 {
    let [right, up, _] = camera.axes();
    let half_height = (camera.half.x / (width * ASPECT)).max(camera.half.y / height);
    let half = [half_height * ASPECT, half_height];
    let mut minimum: f32 = 1.0;
    for (low, high) in layout.bounds(part) {
        for (axis, half) in [right, up].into_iter().zip(half) {
            let (mut first, mut last) = (f32::MAX, f32::MIN);
            for corner in 0..8_u8 {
                let pick =
                    |bit: u8, low: f32, high: f32| if corner & bit == 0 { low } else { high };
                let point = Vec3::new(
                    pick(1, low.x, high.x),
                    pick(2, low.y, high.y),
                    pick(4, low.z, high.z),
                );
                let at = (point - camera.centre).dot(axis);
                first = first.min(at);
                last = last.max(at);
            }
            let inside = last.min(half) - first.max(-half);
            minimum = minimum.min(inside.max(0.0) / (last - first).max(0.01));
        }
    }
    minimum
}
