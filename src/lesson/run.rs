//! A lesson without words, built from types: layers that run once on an input. The workbench shows
//! one.

use std::sync::Arc;

use super::check::{all_parts, checked_shot};
use super::schema::{Pace, RawShot};
use super::{Beat, Input, InputError, Lesson, Localized, Scene, Staging, StagingError};
use crate::language::{Message, message_error};
use crate::op::{Layer, LoopOrder};
use crate::tensor::{Fill, ReadFile};

/// Why layers cannot run on an input.
#[derive(Debug, Clone, PartialEq)]
pub enum RunError {
    /// The input cannot be made.
    Input(InputError),
    /// The layers cannot be brought onto the stage.
    Staging(StagingError),
}

impl Message for RunError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::Input(why) => why.message(),
            Self::Staging(why) => why.message(),
        }
    }
}

message_error!(RunError { Input(InputError), Staging(StagingError) });

impl Lesson {
    /// A lesson of one scene without a title, in which layers run on an input of channels, rows and
    /// columns, in so many seconds. It holds what [`super::read`] makes of the same scene.
    ///
    /// # Errors
    /// When the input cannot be made, or the layers cannot be shown on it.
    pub fn of_run(
        layers: &[Layer],
        (axes, fill): ([usize; 3], Fill),
        order: LoopOrder,
        seconds: f64,
        read: &ReadFile,
    ) -> Result<Self, RunError> {
        let input = Input::new(axes, fill, read)?;
        let staging = Staging::of(layers, input, order, read)?;
        let end = staging.visit_count(0) as f64;
        Ok(Self {
            title: Localized::default(),
            goal: None,
            number: None,
            next: None,
            sources: Vec::new(),
            facts: Vec::new(),
            scenes: vec![Scene {
                title: Localized::default(),
                show: all_parts(&staging),
                camera: checked_shot(&RawShot::default(), Vec::new()),
                from: vec![0.0],
                beats: vec![Beat::Run {
                    to: vec![Some(end)],
                    over: seconds,
                    pace: Pace::default(),
                    actions: Vec::new(),
                }],
                staging: Arc::new(staging),
            }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Conv2d;
    use crate::tensor::read_file;

    #[test]
    fn it_is_what_its_text_would_be_read_as() {
        let text = r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
            title: (en: "A", ja: "甲"), input: (shape: (3, 6, 6), fill: Uniform(seed: 4)), order: ChannelMajor,
            layers: [Conv2d(filters: 2, kernel: (3, 3), padding: Same), ReLU],
            beats: [Run(to: End, over: 7.5)])])"#;
        let (read, _) = crate::lesson::read("t.ron", text).unwrap();
        let read = &read.scenes[0];
        let layers: Vec<Layer> =
            ron::from_str("[Conv2d(filters: 2, kernel: (3, 3), padding: Same), ReLU]").unwrap();
        let fill = Fill::Uniform { seed: 4 };
        let input = ([3, 6, 6], fill);
        let built = Lesson::of_run(&layers, input, LoopOrder::ChannelMajor, 7.5, &read_file);
        let built = &built.unwrap().scenes[0];
        assert_eq!(built.show, read.show);
        assert_eq!(built.camera, read.camera);
        assert_eq!(built.from, read.from);
        assert_eq!(built.beats, read.beats);
        assert_eq!(built.staging.tensors, read.staging.tensors);
        let (a, b) = (&built.staging.sides[0], &read.staging.sides[0]);
        assert_eq!((&a.fill, &a.name), (&b.fill, &b.name));
        for (a, b) in built
            .staging
            .staged_layers
            .iter()
            .zip(&read.staging.staged_layers)
        {
            assert_eq!((&a.plan, &a.operands), (&b.plan, &b.operands));
            assert_eq!(a.schedule.order(), b.schedule.order());
        }
    }

    #[test]
    fn what_is_wrong_keeps_its_type() {
        let run = |layers: &[Layer], input| {
            Lesson::of_run(layers, input, LoopOrder::default(), 1.0, &read_file).unwrap_err()
        };
        let layers = [Layer::Conv2d(Conv2d::new(4, (3, 3)))];
        let large = run(&layers, ([3, 600, 600], Fill::Ramp));
        assert!(matches!(
            large,
            RunError::Input(InputError::TooLarge { count: 1_080_000 })
        ));
        let file = run(&layers, ([3, 6, 6], Fill::File("none.npy".to_owned())));
        assert!(matches!(file, RunError::Input(InputError::Fill(_))));
        let kernel = run(&layers, ([3, 2, 2], Fill::Ramp));
        assert!(matches!(kernel, RunError::Staging(StagingError::Chain(_))));
    }
}
