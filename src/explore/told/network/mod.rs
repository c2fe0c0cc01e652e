//! A whole network told as a lesson: what goes in, each stage with what it is for, where the parameters and
//! the work are, one number worked through, and what comes out.
//!
//! - `opening` shows the whole, `course` says how sizes and channels change on the way;
//! - `stages` tells of one stage after another, `layer` of one that is a layer, `alike` of several like earlier ones at
//!   once, and `explained` keeps what needs no second word;
//! - `costs` says where the parameters and the work are, `answer` what comes out;
//! - `names` says what the network and its classes are called.

mod alike;
mod answer;
mod costs;
mod course;
mod explained;
mod layer;
mod names;
mod opening;
mod stages;

use std::collections::{BTreeMap, BTreeSet};

use explained::Told;
use names::called;
use stages::inner_block;

use super::value::raw;
use super::{HEAD, empty_scene, shot};
use crate::disk::Reach;
use crate::explore::network_view::{PITCH, YAW};
use crate::explore::workbench::ValidSetup;
use crate::explore::worked_layer::WorkedPlace;
use crate::language::Localized;
use crate::lesson::schema::{RawInput, RawLesson, RawNetwork, RawScene, RawShot};
use crate::lesson::{self, Diagnostics, Lesson, Part};
use crate::network::ClassNames;
use crate::network::map::{PlacedMap, RunNetwork, Unit};
use crate::op::{Family, Plan};
use crate::says;
use crate::tensor::Shape;

/// Stages that have a scene of their own, at most; of more, those that are like earlier ones share a scene.
const SCENES: usize = 9;

/// Parts of an open stage that are framed together.
const FRAMED: usize = 12;

/// A network to be told of.
pub struct NetworkTour<'a> {
    /// What it is called.
    pub title: &'a str,
    /// What the lesson names it by.
    pub file: &'a str,
    /// The input that it runs on; of several the first.
    pub input: RawInput,
    /// Its further inputs by their names.
    pub inputs: BTreeMap<String, RawInput>,
    /// It, with its numbers.
    pub run: &'a RunNetwork,
    /// The names of the classes that it tells apart, where they are known.
    pub classes: Option<&'a ClassNames>,
    /// Whole numbers that it is opened with, by the names of their inputs: a mask, say.
    pub settings: BTreeMap<String, RawInput>,
    /// A layer of it on a small part of its input, of which one number is worked through.
    pub worked: Option<&'a ValidSetup>,
    /// Where it has the first number of that.
    pub worked_at: Option<WorkedPlace>,
}

impl NetworkTour<'_> {
    /// The tour as a lesson, as an author would have written it.
    ///
    /// # Errors
    /// When the network cannot be read again by the name that the lesson gives.
    pub fn lesson(&self) -> Result<Lesson, Diagnostics> {
        lesson::check("", &self.raw(), Reach::Anywhere).map(|(lesson, _)| lesson)
    }

    /// The text of the same lesson, to be edited.
    ///
    /// # Errors
    /// When it cannot be written; no network is known for which that is so.
    pub fn text(&self) -> Result<String, ron::Error> {
        let lesson = lesson::write(&self.raw())?;
        Ok(format!("{HEAD}{lesson}\n"))
    }

    fn raw(&self) -> RawLesson {
        let title = called(self.title);
        RawLesson {
            title: raw(says!(en: "A tour of {title}", ja: "{title}を見て回る")),
            goal: None,
            input: Some(self.input.clone()),
            layers: None,
            number: None,
            next: None,
            sources: Vec::new(),
            facts: Vec::new(),
            scenes: self.scenes(),
        }
    }

    fn scenes(&self) -> Vec<RawScene> {
        let mut told = Told::default();
        let mut scenes = vec![self.whole()];
        let units = &self.run.map.units;
        let many = units.len() > SCENES;
        let mut alike = Vec::new();
        for (number, unit) in units.iter().enumerate() {
            let is_new = told.is_new(self.run, unit);
            // Few stages each have a scene; blocks of which nothing is left to tell share one all the same.
            let shares =
                many || (inner_block(unit).is_some() && !self.is_projected_anew(unit, &told));
            if shares && !is_new && number + 1 < units.len() {
                alike.push(number);
                continue;
            }
            scenes.extend(self.alike(&std::mem::take(&mut alike), &mut told));
            match self.transformer(unit, number).filter(|_| is_new) {
                Some(all) => scenes.extend(all),
                None => scenes.push(self.stage(unit, number, &mut told)),
            }
            told.note(self.run, unit);
        }
        scenes.extend(self.worked_number());
        scenes.extend(self.costs());
        scenes.push(self.output());
        scenes
    }

    /// A scene on the map with some units open.
    pub(super) fn scene(
        &self,
        title: impl Into<Localized<String>>,
        open: &[&str],
        camera: RawShot,
    ) -> RawScene {
        let blocks = self.placed(open).blocks.len();
        let mut scene = empty_scene(title, (0..blocks).map(Part::Tensor).collect(), camera);
        scene.network = Some(RawNetwork {
            file: self.file.to_owned(),
            open: open.iter().map(|name| (*name).to_owned()).collect(),
            inputs: self.inputs.clone(),
            settings: self.settings.clone(),
        });
        scene
    }

    fn placed(&self, open: &[&str]) -> PlacedMap {
        let open: BTreeSet<String> = open.iter().map(|name| (*name).to_owned()).collect();
        self.run.placed(&open)
    }

    /// The parts of a block and what it reads, on the map while some units are open.
    pub(super) fn opened(&self, block: &Unit, open: &[&str]) -> (Vec<Part>, PlacedMap) {
        let placed = self.placed(open);
        let own = block.parts.iter();
        let own = own.filter_map(|part| placed.find(&part.name)).take(FRAMED);
        let read = block.inputs.iter().filter_map(|input| {
            let mut blocks = placed.blocks.iter();
            blocks.position(|one| one.value == *input)
        });
        let frame = own.chain(read).map(Part::Tensor).collect();
        (frame, placed)
    }

    pub(super) fn sample_shape(&self, unit: &Unit) -> Option<Shape> {
        self.run.graph.sample_shape(unit.output)
    }

    pub(super) fn plan(&self, unit: &Unit) -> Option<&Plan> {
        let graph = &self.run.graph;
        let main = *unit.nodes.get(unit.main(graph))?;
        graph.nodes().get(main)?.plan()
    }

    pub(super) fn family(&self, node: usize) -> Option<Family> {
        let plan = self.run.graph.nodes().get(node)?.plan()?;
        Some(plan.layer().kind().description().family)
    }

    /// Whether a unit makes planes of channels: its last layer that is more than a refinement is a convolution, a
    /// pool or the like.
    pub(super) fn makes_planes(&self, unit: &Unit) -> bool {
        let mut families = unit.nodes.iter().filter_map(|&node| self.family(node));
        families.any(|family| {
            matches!(
                family,
                Family::Convolution | Family::Pooling | Family::Resampling | Family::Shuffling
            )
        })
    }

    /// Whether ways lead around stages.
    fn has_long_ways(&self) -> bool {
        self.placed(&[]).links.iter().any(|link| link.skips)
    }
}

pub(super) fn seen(frame: Vec<Part>) -> RawShot {
    shot(YAW, PITCH, frame)
}
