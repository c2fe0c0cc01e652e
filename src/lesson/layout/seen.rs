//! What of a scene is ever seen: it alone decides where lines break. What is hidden all the time would part what is
//! seen, and leave an empty place in its middle.

use crate::lesson::{Action, Beat, LayerPart, Part, Scene, Staging};

/// Which tensors and which filters of a scene are shown, framed or at work at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Each tensor.
    pub tensors: Vec<bool>,
    /// The filters of each layer.
    pub filters: Vec<bool>,
}

impl Seen {
    pub(super) fn everything(staging: &Staging) -> Self {
        Self {
            tensors: vec![true; staging.tensors.len()],
            filters: vec![true; staging.staged_layers.len()],
        }
    }

    pub(super) fn of(scene: &Scene) -> Self {
        let staging = &*scene.staging;
        let shots = scene.shots();
        // Such a shot frames everything.
        if shots.iter().any(|shot| shot.frame.is_empty()) {
            return Self::everything(staging);
        }
        let mut seen = Self {
            tensors: vec![false; staging.tensors.len()],
            filters: vec![false; staging.staged_layers.len()],
        };
        seen.add(staging, &scene.show);
        for shot in &shots {
            seen.add(staging, &shot.frame);
        }
        for action in scene.beats.iter().flat_map(Beat::actions) {
            if let Action::Show(parts) = action {
                seen.add(staging, parts);
            }
        }
        seen.add_work(scene);
        // A side that is never seen stands as it does otherwise.
        for side in &staging.sides {
            let tensors = &mut seen.tensors[side.tensors.clone()];
            let filters = &mut seen.filters[side.staged_layers.clone()];
            if !tensors.contains(&true) && !filters.contains(&true) {
                tensors.fill(true);
                filters.fill(true);
            }
        }
        seen
    }

    /// Adds what the layers read, hold and write that run in a scene: a kernel is seen on what is hidden, too.
    fn add_work(&mut self, scene: &Scene) {
        let staging = &*scene.staging;
        let mut reached = scene.from.clone();
        let mut reach = |to: &[Option<f64>]| {
            for (reached, to) in reached.iter_mut().zip(to) {
                *reached = reached.max(to.unwrap_or(*reached));
            }
        };
        for beat in &scene.beats {
            if let Beat::Run { to, .. } = beat {
                reach(to);
            }
            for action in beat.actions() {
                if let Action::Run { to, .. } = action {
                    reach(to);
                }
            }
        }
        for (number, layer) in staging.staged_layers.iter().enumerate() {
            let before = staging.before(layer.side, number);
            let after = before + layer.schedule.visit_count();
            let from = scene.from.get(layer.side).copied().unwrap_or(0.0);
            let to = reached.get(layer.side).copied().unwrap_or(0.0);
            if from < after as f64 && to > before as f64 {
                self.filters[number] = true;
                for tensor in [layer.input, layer.output].into_iter().chain(layer.other) {
                    self.tensors[tensor] = true;
                }
            }
        }
    }

    fn add(&mut self, staging: &Staging, parts: &[Part]) {
        for part in parts {
            self.add_part(staging, *part);
        }
    }

    fn add_part(&mut self, staging: &Staging, part: Part) {
        let layers = 0..staging.staged_layers.len();
        match part {
            Part::Input => {
                for side in &staging.sides {
                    self.add_part(staging, Part::Tensor(side.tensors.start));
                }
            }
            Part::Output => {
                for side in &staging.sides {
                    self.add_part(staging, Part::Tensor(side.tensors.end.saturating_sub(1)));
                }
            }
            Part::InputChannel(channel) => {
                self.add_of(staging, 0, LayerPart::InputChannel(channel));
            }
            Part::OutputChannel(channel) => {
                let last = staging.sides.first();
                let last = last.map_or(0, |side| side.staged_layers.end.saturating_sub(1));
                self.add_of(staging, last, LayerPart::OutputChannel(channel));
            }
            Part::Padding => {
                layers.for_each(|layer| self.add_of(staging, layer, LayerPart::Padding))
            }
            Part::Kernel => layers.for_each(|layer| self.add_of(staging, layer, LayerPart::Kernel)),
            Part::Filters => {
                layers.for_each(|layer| self.add_of(staging, layer, LayerPart::Filters))
            }
            Part::Filter(filter) => {
                let mut weighted = staging.staged_layers.iter();
                let weighted = weighted.position(|layer| layer.plan.filter_count() > 0);
                self.add_of(staging, weighted.unwrap_or(0), LayerPart::Filter(filter));
            }
            Part::Tensor(tensor) => {
                if let Some(seen) = self.tensors.get_mut(tensor) {
                    *seen = true;
                }
            }
            Part::Layer(layer) => {
                for part in [LayerPart::Padding, LayerPart::Filters, LayerPart::Output] {
                    self.add_of(staging, layer, part);
                }
            }
            Part::Of(layer, part) => self.add_of(staging, layer, part),
            Part::Side(side) => {
                if let Some(side) = staging.sides.get(side) {
                    self.tensors[side.tensors.clone()].fill(true);
                    self.filters[side.staged_layers.clone()].fill(true);
                }
            }
        }
    }

    fn add_of(&mut self, staging: &Staging, layer: usize, part: LayerPart) {
        let Some(staged_layer) = staging.staged_layers.get(layer) else {
            return;
        };
        match part {
            // Padding lies around what a layer reads, and its kernel on that.
            LayerPart::Input
            | LayerPart::InputChannel(_)
            | LayerPart::Padding
            | LayerPart::Kernel => self.tensors[staged_layer.input] = true,
            LayerPart::Filters | LayerPart::Filter(_) => self.filters[layer] = true,
            LayerPart::Output | LayerPart::OutputChannel(_) => {
                self.tensors[staged_layer.output] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::layout::{Layout, PictureShape};

    fn scene(fields: &str) -> Scene {
        let text = format!(
            r#"Lesson(title: (en: "T", ja: "題"), scenes: [Scene(
            title: (en: "A", ja: "甲"), input: (shape: (2, 5, 5), fill: Ramp), {fields})])"#
        );
        let (mut lesson, _) = crate::lesson::read("t.ron", &text).unwrap();
        lesson.scenes.remove(0)
    }

    #[test]
    fn what_is_hidden_all_the_time_does_not_part_what_is_seen() {
        let some = scene(
            "layers: [ReLU, ReLU, ReLU, ReLU, ReLU], from: End, show: [Tensor(3), Tensor(4), Output],
            camera: Shot(frame: [Tensor(3), Tensor(4), Output]), beats: [Hold(1.0)]",
        );
        let alone = scene(
            "layers: [ReLU, ReLU], from: End, camera: Shot(frame: [Input, Tensor(1), Output]),
            beats: [Hold(1.0)]",
        );
        let tensors = |scene: &Scene, picture| Layout::for_scene(scene, picture, 0.0).tensors;
        for picture in [PictureShape::Square, PictureShape::Upright] {
            assert_eq!(tensors(&some, picture)[3..], tensors(&alone, picture)[..]);
        }
        // In a wide picture everything has its place in the row.
        let wide = PictureShape::Wide;
        assert_ne!(tensors(&some, wide)[3..], tensors(&alone, wide)[..]);
    }

    #[test]
    fn what_is_shown_later_framed_or_at_work_is_seen() {
        let seen = |rest: &str| {
            let seen = Seen::of(&scene(&format!(
                "layers: [Conv2d(filters: 2, kernel: (3, 3)), ReLU, Pointwise(filters: 3), ReLU],
                from: Layer(1), show: [Tensor(2)], {rest}"
            )));
            let numbers = |seen: &[bool]| -> Vec<usize> {
                let all = seen.iter().enumerate();
                all.filter_map(|(number, seen)| seen.then_some(number))
                    .collect()
            };
            (numbers(&seen.tensors), numbers(&seen.filters))
        };
        let near = "camera: Shot(frame: [Tensor(2)]), beats: [Hold(1.0)]";
        assert_eq!(seen(near), (vec![2], vec![]));
        let later = "camera: Shot(frame: [Tensor(2)]), beats: [
            Run(to: Layer(2), over: 2.0), Run(to: Layer(2), over: 1.0, do: [Show([Output])])]";
        assert_eq!(seen(later), (vec![2, 3, 4], vec![2]));
        let framed = "camera: Shot(frame: [Tensor(2), Of(0, Filters)]), beats: [Hold(1.0)]";
        assert_eq!(seen(framed), (vec![2], vec![0]));
        let whole = "beats: [Hold(1.0)]";
        assert_eq!(seen(whole), (vec![0, 1, 2, 3, 4], vec![0, 1, 2, 3]));
    }
}
