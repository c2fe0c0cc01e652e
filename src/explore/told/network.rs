//! A whole network told as a lesson: what goes in, each stage with what it is for, where the parameters and
//! the work are, one number worked through, and what comes out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::block::block_in_full;
use super::number::{and, by, count, element, lines, maps, numbers, of, sentences, shape};
use super::transformer::block_of;
use super::value::{raw, say, say_with};
use super::{HEAD, empty_scene, shot, what};
use crate::disk::Reach;
use crate::explore::network_view::{PITCH, YAW};
use crate::explore::workbench::ValidSetup;
use crate::explore::worked_layer::WorkedPlace;
use crate::language::{Localized, half_widths};
use crate::lesson::schema::{Action, RawBeat, RawInput, RawLesson, RawNetwork, RawScene, RawShot};
use crate::lesson::{self, Diagnostics, Lesson, Part};
use crate::network::map::{Body, PlacedMap, RunNetwork, Unit, UnitKind};
use crate::network::{ClassNames, Node, ValueId};
use crate::op::{Family, Operation, OperationKind, Plan, SiLU};
use crate::says;
use crate::tensor::{Shape, Tensor};

/// Stages that have a scene of their own, at most; of more, those that are like earlier ones share a scene.
const SCENES: usize = 9;
/// Parts of an open stage that are framed together.
const FRAMED: usize = 12;
/// Largest outputs that are named.
const NAMED: usize = 3;

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

/// How long the name of a network may be, in letters of Latin script.
const NAME: usize = 28;
/// Letters of the name of a class that are said, at most.
const LONGEST: usize = 60;
/// Stands for a way round with a layer of its own among what has been explained.
const PROJECTED: &str = "projected";
/// Stages of blocks from which on it is worth telling that they take about as much work each.
const LIKE: usize = 3;
/// The largest share below which no class stands out.
const LEAST_SHARE: f32 = 0.05;
/// The least share of the parameters that is told of a stage, in parts of the whole.
const MUCH: u64 = 50;

/// A map of so many times fewer places than the largest still counts as large.
const LARGE_PART: usize = 4;
/// So many times fewer numbers than go in make a waist.
const WAIST: usize = 8;
/// Stands for squeeze-and-excite within blocks among what has been explained.
const GATED: &str = "gated";
/// Stands for what filters behind others read among what has been explained.
const READS: &str = "reads";
/// Room around stages that share a scene: in square pictures the name of the last is broader than it is.
const SHARED: f32 = 1.12;
/// Room around an open block that a way leads around: the way runs above it, and the titles stand there.
const ROUND: f32 = 1.25;

/// What has been explained already.
#[derive(Default)]
struct Told(HashSet<String>);

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

    pub(super) fn sample_shape(&self, unit: &Unit) -> Option<Shape> {
        self.run.graph.sample_shape(unit.output)
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

    pub(super) fn family(&self, node: usize) -> Option<Family> {
        let plan = self.run.graph.nodes().get(node)?.plan()?;
        Some(plan.layer().kind().description().family)
    }

    /// Whether ways lead around stages.
    fn has_long_ways(&self) -> bool {
        self.placed(&[]).links.iter().any(|link| link.skips)
    }

    fn whole(&self) -> RawScene {
        let graph = &self.run.graph;
        let layers = graph
            .nodes()
            .iter()
            .filter(|node| node.plan().is_some())
            .count();
        let stages = self.run.map.units.len();
        let mut scene = self.scene(
            Localized::new("The whole network", "ネットワーク全体"),
            &[],
            seen(Vec::new()),
        );
        let title = in_narration(&called(self.title));
        let gathered = gathered_into(layers, stages);
        scene.beats.push(say(says!(
            with [gathered];
            en: "This is {title}: {gathered}. Each block is a tensor, with the values that it really holds.",
            ja: "これが{title}です。{gathered}どのブロックも、実際の値を持つテンソルです。"
        )));
        let inputs = graph.inputs().iter();
        let inputs: Vec<Localized<String>> = inputs.filter_map(|&id| self.input_told(id)).collect();
        let outputs = graph.outputs().iter();
        let outputs: Vec<Localized<String>> = outputs
            .filter_map(|&id| Some(self.told(&graph.sample_shape(id)?)))
            .collect();
        if !inputs.is_empty() && !outputs.is_empty() {
            let first = match self.run.map.inputs.len() {
                0 | 1 => vec![Part::Input],
                several => (0..several).map(Part::Tensor).collect(),
            };
            let (input, output) = (few_of(&inputs), few_of(&outputs));
            let flow = says!(
                with [input, output];
                en: "What [in]goes in: {input}. What [out]comes out: {output}.",
                ja: "[in]入力は、{input}。[out]出力は、{output}です。"
            );
            scene.beats.push(say_with(
                sentences([flow].into_iter().chain(self.settings_told())),
                None,
                Vec::new(),
                [
                    ("in", Action::Focus(first)),
                    ("out", Action::Focus(vec![Part::Output])),
                ],
            ));
        }
        if let Some(course) = self.course() {
            scene
                .beats
                .push(say_with(course, None, vec![Action::Focus(Vec::new())], []));
        } else {
            scene.beats.push(RawBeat::Hold(0.6));
        }
        scene
    }

    /// Whole numbers that it is opened with, in words.
    fn settings_told(&self) -> Option<Localized<String>> {
        let names = self.settings.keys().map(|name| {
            let name = in_narration(&name.replace('_', " "));
            Localized::same(name)
        });
        let names = and(&names.collect::<Vec<_>>());
        (!self.settings.is_empty()).then(|| {
            says!(
                with [names];
                en: "Given with it, and fixed from here on: {names}.",
                ja: "ほかに{names}も決めてあり、ここからは変わりません。"
            )
        })
    }

    /// What goes in, in words.
    fn input_told(&self, input: ValueId) -> Option<Localized<String>> {
        let from = self.run.graph.sample_shape(input)?;
        if self.names_rows(input) {
            let tokens = from.count();
            return Some(says!(
                en: "{tokens} tokens, each a whole number",
                ja: "整数で表したトークンが{tokens}個"
            ));
        }
        // Channels that come last are told as what they are.
        let turned = self.run.map.units.first().filter(|unit| {
            let first = unit.nodes.first();
            let first = first.and_then(|&node| self.run.graph.nodes().get(node)?.plan());
            let plan = first.filter(|_| unit.inputs.contains(&input));
            plan.is_some_and(|plan| plan.layer().kind() == OperationKind::Permute)
        });
        let turned = turned.and_then(|unit| self.sample_shape(unit));
        let turned = turned.filter(|shape| shape.rank() == 3 && shape.count() == from.count());
        Some(self.told(&turned.unwrap_or(from)))
    }

    /// The shape of what goes in or comes out, in words.
    fn told(&self, shape: &Shape) -> Localized<String> {
        match *shape.axes() {
            [channels, length] if self.begins_with_lines() => lines(channels, length),
            [1, length] => numbers(length),
            [channels, slices, rows, columns] if self.begins_with_volumes() => {
                let size = by(&[slices, rows, columns]);
                let in_english = of(channels, "channel", "channels");
                says!(with [size]; en: "{in_english} of {size}", ja: "{size}が{channels}チャネル")
            }
            _ => maps(shape),
        }
    }

    /// Whether an input names rows of a table.
    fn names_rows(&self, input: ValueId) -> bool {
        let mut readers = self.run.graph.nodes().iter();
        readers.any(|node| {
            let plan = node.plan().filter(|_| node.inputs.contains(&input));
            plan.is_some_and(|plan| plan.layer().kind() == OperationKind::Embedding)
        })
    }

    /// Whether its first filters have slices besides rows and columns.
    fn begins_with_volumes(&self) -> bool {
        let first = self.run.map.units.first();
        let weights = first.and_then(|unit| self.plan(unit)?.weight_shape());
        weights.is_some_and(|weights| weights.rank() == 5)
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

    /// Whether what its first stage makes are channels of numbers in a line.
    fn begins_with_lines(&self) -> bool {
        let first = self.run.map.units.first();
        first.is_some_and(|unit| {
            self.makes_planes(unit)
                && self
                    .plan(unit)
                    .is_some_and(|plan| plan.input_shape().rank() == 2)
        })
    }

    /// How sizes and channels change on the way.
    fn course(&self) -> Option<Localized<String>> {
        if self.keeps_tokens() {
            let course = if self.is_cut_into_patches() {
                Localized::new(
                    "No map shrinks here from stage to stage. The picture is cut into tokens, which keep their number and their length. More and more, they take up what is in the others.",
                    "ここでは、特徴マップが段階ごとに縮むことはありません。画像をトークンに切り分けます。数も長さもそのままに、トークンどうしで情報を集めていきます。",
                )
            } else {
                Localized::new(
                    "Nothing shrinks here from stage to stage. The tokens keep their number and their length. More and more, they take up what is in the others.",
                    "ここでは、段階ごとに縮むものがありません。トークンは、数も長さもそのままに、互いの情報を集めていきます。",
                )
            };
            return Some(course.into());
        }
        if let Some((place, numbers, all)) = self.waist() {
            let (numbers, all) = (count(numbers as u64), count(all as u64));
            return Some(says!(
                with [numbers, all];
                en: "All {all} numbers that go in have to pass through the {numbers} of stage {place}. From these alone the rest is made again.",
                ja: "入力の{all}個の数は、すべて段階{place}の{numbers}個に集められます。そこから先は、この{numbers}個だけから作り直します。"
            ));
        }
        let units = self.run.map.units.iter().enumerate();
        let shapes: Vec<(usize, Shape)> = units
            .filter(|(_, unit)| self.makes_planes(unit))
            .filter_map(|(number, unit)| Some((number, self.sample_shape(unit)?)))
            .collect();
        let maps: Vec<(usize, [usize; 3])> = shapes
            .iter()
            .filter(|(_, shape)| shape.rank() == 3 && shape.height() > 1)
            .map(|(number, shape)| (*number, shape.as_chw()))
            .collect();
        if maps.is_empty() {
            return course_of_lines(&shapes).or_else(|| course_of_volumes(&shapes));
        }
        let (&(_, [few, rows, _]), &(_, [many, end, _])) = (maps.first()?, maps.last()?);
        let smallest = maps.iter().map(|(_, [_, rows, _])| *rows).min()?;
        if smallest < rows && end > smallest {
            let course = says!(
                en: "On the way down the maps shrink to {smallest} rows, and gather what is there. On the way up they grow to {end} again, and say where it is.",
                ja: "下りでは、特徴マップが{smallest}行まで縮み、何があるかを集めます。上りでは{end}行まで広がり、それがどこかを示します。"
            );
            let across = if self.has_long_ways() {
                Localized::new(
                    "The blue ways lead straight across, and bring back detail that shrinking has lost.",
                    "青い線は、縮める前の細かい情報を、上り側へ届けます。",
                )
            } else {
                Localized::default()
            };
            return Some(sentences([course, across.into()]));
        }
        let grows = maps.iter().find(|(_, [_, grown, _])| *grown > rows);
        // Those that layers without windows have made as well, such as a linear one behind which numbers become maps.
        let units = self.run.map.units.iter();
        let every: Vec<Option<[usize; 3]>> = units
            .map(|unit| {
                let shape = self.sample_shape(unit)?;
                (shape.rank() == 3 && shape.height() > 1).then(|| shape.as_chw())
            })
            .collect();
        let known: Vec<[usize; 3]> = every.iter().copied().flatten().collect();
        let sizes: BTreeSet<usize> = known.iter().map(|[_, rows, _]| *rows).collect();
        let only_grows = known.windows(2).all(|pair| pair[0][1] <= pair[1][1]);
        if let Some(&[few, rows, _]) = known.first().filter(|_| only_grows && sizes.len() > 2) {
            let larger = says!(
                en: "From stage to stage the maps get larger, from {rows} rows up to {end}.",
                ja: "進むにつれて、特徴マップは{rows}行から{end}行へ大きくなります。"
            );
            let fewer = if many < few {
                says!(
                    en: "They also get thinner, from {few} channels down to {many}.",
                    ja: "チャネルは{few}から{many}へ減ります。"
                )
            } else {
                Localized::default()
            };
            Some(sentences([larger, fewer]))
        } else if end < rows && many > few {
            // The last ones need not be the most.
            let most = maps.iter().map(|(_, [channels, ..])| *channels).max()?;
            Some(says!(
                en: "From stage to stage the maps get smaller, from {rows} rows down to {end}. They also get deeper, from {few} channels up to {most}. There is less and less of where, and more and more of what.",
                ja: "進むにつれて、特徴マップは{rows}行から{end}行へ小さくなります。チャネルは{few}から{most}へ増えます。「どこに」の情報が減り、「何が」の情報が増えていきます。"
            ))
        } else if let Some(&(number, [_, grown, _])) = grows.filter(|(number, _)| {
            let mut before = every[..*number].iter().flatten();
            end > rows && before.all(|map| map[1] == rows)
        }) {
            let (place, times) = (number + 1, grown / rows.max(1));
            let square = times * times;
            let course = says!(
                en: "The maps keep their {rows} rows up to stage {place}, and only there grow to {grown}.",
                ja: "特徴マップは{rows}行のまま進み、段階{place}ではじめて{grown}行に広がります。"
            );
            let cheap = if times > 1 && number > 0 {
                says!(
                    en: "So the layers before work on the small picture. Each takes {square} times fewer multiplications than on the large one.",
                    ja: "その前の層は、小さいまま計算します。大きくしてからに比べて、掛け算は{square}分の1です。"
                )
            } else {
                Localized::default()
            };
            Some(sentences([course, cheap]))
        } else {
            None
        }
    }

    /// The stage of the fewest numbers, from 1, with how many there are and how many go in, where all goes through few
    /// of them and comes out in the shape in which it went in: an autoencoder's.
    fn waist(&self) -> Option<(usize, usize, usize)> {
        let graph = &self.run.graph;
        let (&[input], &[output]) = (graph.inputs(), graph.outputs()) else {
            return None;
        };
        let whole = graph.sample_shape(input)?;
        if graph.sample_shape(output)? != whole || self.has_long_ways() {
            return None;
        }
        let units = self.run.map.units.iter().enumerate();
        let counts = units.filter_map(|(number, unit)| {
            let shape = self.sample_shape(unit)?;
            Some((number + 1, shape.count()))
        });
        let (place, numbers) = counts.min_by_key(|(_, numbers)| *numbers)?;
        (numbers.saturating_mul(WAIST) <= whole.count()).then_some((place, numbers, whole.count()))
    }

    /// The last stage of the smallest maps, where maps are larger before and behind it.
    fn bottom(&self) -> Option<usize> {
        let units = self.run.map.units.iter().enumerate();
        let units = units.filter(|(_, unit)| self.makes_planes(unit));
        let heights = units.filter_map(|(number, unit)| {
            let shape = self.sample_shape(unit).filter(|shape| shape.rank() == 3)?;
            Some((number, shape.height()))
        });
        let heights: Vec<(usize, usize)> = heights.collect();
        let smallest = heights.iter().map(|(_, height)| *height).min()?;
        let (number, _) = heights.iter().rfind(|(_, height)| *height == smallest)?;
        let ends = [heights.first()?.1, heights.last()?.1];
        ends.iter().all(|end| *end > smallest).then_some(*number)
    }

    /// Stages like earlier ones that follow each other, in one scene.
    fn alike(&self, numbers: &[usize], told: &mut Told) -> Option<RawScene> {
        let (&first, &last) = (numbers.first()?, numbers.last()?);
        let inputs = self.run.map.inputs.len();
        let (from, to) = (first + 1, last + 1);
        let joints = self.joints_again(numbers);
        let mut frame: Vec<Part> = (first.max(1) - 1..=last)
            .map(|number| Part::Tensor(inputs + number))
            .collect();
        if let Some((origins, _)) = &joints {
            frame.extend_from_slice(origins);
        }
        let title = if from == to {
            says!(en: "{from}. Once more", ja: "{from}. もう一度")
        } else if from + 1 == to {
            says!(en: "{from} and {to}. Once more", ja: "{from}、{to}. もう一度")
        } else {
            says!(en: "{from} to {to}. Once more", ja: "{from}〜{to}. もう一度")
        };
        let camera = RawShot {
            room: SHARED,
            ..seen(frame.clone())
        };
        let mut scene = self.scene(title, &[], camera);
        let units = &self.run.map.units;
        let titles: Vec<Localized<String>> = units[first..=last]
            .iter()
            .map(|unit| unit.title(&self.run.graph))
            .collect();
        let known = match &titles[..] {
            [one] => says!(
                with [one];
                en: "Stage {from} is of a kind that we know: {one}.",
                ja: "段階{from}は、すでに見たのと同じ種類の{one}です。"
            ),
            [one, other] if one == other => says!(
                with [one];
                en: "Stages {from} and {to} are of a kind that we know: {one} each.",
                ja: "段階{from}と{to}は、どちらも、すでに見たのと同じ種類の{one}です。"
            ),
            [_, _] => says!(
                en: "Stages {from} and {to} are of kinds that we know.",
                ja: "段階{from}と{to}は、すでに見たのと同じ種類です。"
            ),
            _ => says!(
                en: "Stages {from} to {to} are of kinds that we know.",
                ja: "段階{from}から{to}までは、すでに見たのと同じ種類です。"
            ),
        };
        // What they have besides is told all the same.
        let gated = numbers
            .iter()
            .any(|&number| self.is_gated_anew(&units[number], told));
        let gated = gated.then(|| {
            told.0.insert(GATED.to_owned());
            Localized::new(
                "New in some of them is squeeze-and-excite: the mean of each channel tells how much it is to count.",
                "新しいのは、一部にあるSEブロックです。チャネルの平均から、それぞれの重要さを決めて掛けます。",
            )
            .into()
        });
        let before = units.get(first.wrapping_sub(1));
        let before = before.and_then(|unit| self.sample_shape(unit));
        let course = match (before, self.sample_shape(&units[last])) {
            (Some(before), Some(after)) if before.rank() == 3 && after.rank() == 3 => {
                let (before, after) = (
                    Localized {
                        en: maps(&before).en,
                        ja: shape(&before).ja,
                    },
                    Localized {
                        en: maps(&after).en,
                        ja: shape(&after).ja,
                    },
                );
                Some(says!(
                    with [before, after];
                    en: "This leads from {before} to {after}.",
                    ja: "ここで、{before}が{after}になります。"
                ))
            }
            (_, Some(after)) => {
                let after = maps(&after);
                Some(
                    says!(with [after]; en: "This leads to {after}.", ja: "ここで、{after}になります。"),
                )
            }
            (_, None) => None,
        };
        let joints = joints.map(|(_, joints)| joints);
        let bottom = self.bottom().filter(|bottom| numbers.contains(bottom));
        let bottom = bottom.map(|number| {
            let place = number + 1;
            says!(
                en: "Stage {place} is the bottom. From there on, the maps grow again.",
                ja: "段階{place}が底で、そこから先はまた大きくなります。"
            )
        });
        scene.beats.push(say_with(
            sentences(
                [known]
                    .into_iter()
                    .chain(gated)
                    .chain(joints)
                    .chain(course)
                    .chain(bottom),
            ),
            None,
            vec![Action::Focus(frame)],
            [],
        ));
        Some(scene)
    }

    /// A stage: what it is, what it is for, and what comes out of it.
    fn stage(&self, unit: &Unit, number: usize, told: &mut Told) -> RawScene {
        let graph = &self.run.graph;
        let title = unit.title(graph);
        let place = number + 1;
        let title = says!(with [title]; en: "{place}. {title}", ja: "{place}. {title}");
        let before = self.placed(&[]);
        let here = before.find(&unit.name).unwrap_or(0);
        let near = |here: usize| {
            let from = unit.inputs.iter().filter_map(|input| {
                before.blocks[..here]
                    .iter()
                    .rposition(|block| block.value == *input)
            });
            let mut parts: Vec<Part> = from.map(Part::Tensor).collect();
            parts.push(Part::Tensor(here));
            parts
        };
        let is_new = told.is_new(self.run, unit);
        let inner = inner_block(unit);
        let opened = inner.filter(|_| is_new);
        // A shape of which there is no more to say is told with the layer.
        let (came, more) = self.made(unit, is_new);
        let is_joined = opened.is_none() && more.en.is_empty();
        let joined = is_joined.then(|| came.clone());
        let mut scene = match opened {
            // A block is opened once, and its repeats are told.
            Some(block) => {
                let mut open = vec![unit.name.as_str()];
                if block.name != unit.name {
                    open.push(&block.name);
                }
                let (frame, placed) = self.opened(block, &open);
                let framed = |number: usize| frame.contains(&Part::Tensor(number));
                let mut links = placed.links.iter();
                let is_round = links.any(|link| link.skips && framed(link.from) && framed(link.to));
                let camera = RawShot {
                    room: if is_round { ROUND } else { 1.0 },
                    ..seen(frame.clone())
                };
                let mut scene = self.scene(title, &open, camera);
                scene.beats.push(say_with(
                    self.introduced(unit, block, told),
                    None,
                    vec![Action::Focus(frame)],
                    [],
                ));
                scene
            }
            None => {
                let mut scene = self.scene(title, &[], seen(near(here)));
                let block = inner.unwrap_or(inner_layer(unit));
                let text = self.token_stage(unit).unwrap_or_else(|| {
                    let begins = self.begins(unit, number);
                    let joint = self.joint(unit, number);
                    let text = joint.unwrap_or_else(|| self.introduced(unit, block, told));
                    sentences(begins.into_iter().chain([text]))
                });
                let text = sentences([text].into_iter().chain(joined));
                scene
                    .beats
                    .push(say_with(text, None, vec![Action::Focus(near(here))], []));
                scene
            }
        };
        let made = sentences([came, more]);
        if !is_joined && !made.en.is_empty() {
            scene.beats.push(say(made));
        }
        if unit
            .parts
            .first()
            .is_some_and(|first| self.projected(first))
        {
            told.0.insert(PROJECTED.to_owned());
        }
        if self.is_gated_anew(unit, told) {
            told.0.insert(GATED.to_owned());
        }
        if inner.is_none() {
            let layer = inner_layer(unit);
            if !is_new && self.reads_maps(layer).is_some() {
                told.0.insert(READS.to_owned());
            }
            told.0.extend(self.activation(layer).map(|(name, _)| name));
        }
        scene
    }

    /// What a stage is; in full where it is the first of its kind.
    fn introduced(&self, unit: &Unit, block: &Unit, told: &Told) -> Localized<String> {
        let is_new = told.is_new(self.run, unit);
        let (times, period) = match unit.kind {
            UnitKind::Repeat { times, period, .. } => (times, period),
            _ => (1, 1),
        };
        let is_layer = matches!(block.kind, UnitKind::Layer(_));
        let body = match (is_layer, is_new, times) {
            (true, ..) => self.layer(block, is_new, told),
            (_, true, _) => block_in_full(block.kind, self.projected(block)),
            (_, _, 1) => Localized::new(
                "Here is another one of that kind.",
                "また、同じ作りのブロックです。",
            )
            .into(),
            _ => says!(
                en: "Here are {times} more of that kind.",
                ja: "同じ作りのブロックが、さらに{times}個続きます。"
            ),
        };
        let shuffles = unit
            .nodes
            .iter()
            .any(|&node| self.family(node) == Some(Family::Shuffling));
        let shuffled = if is_new && shuffles && !is_layer {
            Some(
                Localized::new(
                    "Then the channels are shuffled. So the next block mixes what these ways kept apart.",
                    "そのあとチャネルを並べ替え、別々だったものが次のブロックで混ざるようにします。",
                )
                .into(),
            )
        } else {
            None
        };
        // Of blocks of a transformer their number says it.
        let repeats = if period > 1 && block_of(unit).is_some() {
            None
        } else if period > 1 {
            let parts = unit.parts.len().saturating_sub(period);
            let titles = unit.parts[parts..]
                .iter()
                .map(|part| part.title(&self.run.graph));
            let titles = and(&titles.collect::<Vec<_>>());
            Some(says!(
                with [titles];
                en: "Here {titles} follow each other, {times} times.",
                ja: "{titles}の組が、{times}回続きます。"
            ))
        } else if times > 1 && (is_new || is_layer) {
            Some(says!(
                en: "There are {times} of them, one after another.",
                ja: "これが{times}個、続きます。"
            ))
        } else {
            None
        };
        let first = self.is_projected_anew(unit, told).then(|| {
            Localized::new(
                "The first of them changes the shape, and so its way round has a layer of its own.",
                "最初のブロックでは形が変わるので、回り道にも層があります。",
            )
            .into()
        });
        let gated = self.is_gated_anew(unit, told).then(|| {
            Localized::new(
                "In between, squeeze-and-excite weighs the channels: their means tell how much each is to count.",
                "途中のSEブロックが、チャネルの平均から、それぞれの重要さを決めて掛けます。",
            )
            .into()
        });
        let block_kind = block.kind;
        let without_sum = unit.parts.first().filter(|first| {
            let sums = matches!(block_kind, UnitKind::Residual { .. });
            is_new && sums && matches!(first.kind, UnitKind::Inverted | UnitKind::Separable)
        });
        let without_sum = without_sum.map(|_| {
            Localized::new(
                "The first of them changes the shape, so nothing is added there.",
                "最初のブロックは形が変わるので、入力を足しません。",
            )
            .into()
        });
        let all = [body].into_iter().chain(gated).chain(shuffled);
        sentences(all.chain(repeats).chain(first).chain(without_sum))
    }

    /// Whether only the first of a stage's blocks has a way round with a layer of its own, and none such has been told.
    fn is_projected_anew(&self, unit: &Unit, told: &Told) -> bool {
        let block = inner_block(unit).unwrap_or(inner_layer(unit));
        let first = unit.parts.first();
        let is_first = first.is_some_and(|first| self.projected(first) && !self.projected(block));
        is_first && !told.0.contains(PROJECTED)
    }

    /// Whether a stage has blocks with squeeze-and-excite within, of which nothing has been told yet.
    fn is_gated_anew(&self, unit: &Unit, told: &Told) -> bool {
        fn within(unit: &Unit) -> bool {
            let mut parts = unit.parts.iter();
            parts.any(|part| part.kind == UnitKind::Gate || within(part))
        }
        !told.0.contains(GATED) && within(unit)
    }

    fn projected(&self, block: &Unit) -> bool {
        matches!(
            block.kind,
            UnitKind::Residual {
                projected: true,
                ..
            }
        )
    }

    /// A single layer, with those that refine what it makes.
    fn layer(&self, unit: &Unit, is_new: bool, told: &Told) -> Localized<String> {
        let Some(plan) = self.plan(unit) else {
            let title = unit.title(&self.run.graph);
            return says!(
                with [title];
                en: "Here stands {title}, which is not shown step by step.",
                ja: "ここには{title}があります。手順は表示できません。"
            );
        };
        let (name, does): (Localized<String>, Localized<String>) = if self.is_global_mean(unit) {
            (
                Localized::new("global average pooling", "グローバル平均プーリング").into(),
                Localized::new(
                    "Of each channel only the mean is left. It no longer says where something is, but how much.",
                    "チャネルごとに、平均ひとつだけが残ります。「どこに」は消え、「どれだけ」が残ります。",
                )
                .into(),
            )
        } else {
            (what::name(plan), what::does_to_maps(plan))
        };
        let window = window(plan);
        let (first, does) = if is_new {
            let first = says!(
                with [name, window];
                en: "Here is {name}{window}.",
                ja: "{window}{name}です。"
            );
            (first, does)
        } else {
            let again = says!(
                with [name, window];
                en: "Again {name}{window}.",
                ja: "もう一度、{window}{name}です。"
            );
            (again, Localized::default())
        };
        // That numbers only stand in another way is not worth a word.
        let is_told = |node: usize| {
            !matches!(
                self.family(node),
                Some(Family::Arrangement | Family::Nothing)
            )
        };
        let mut followers: Vec<Localized<String>> = Vec::new();
        let mut rest = self.behind_main(unit);
        while let [node, later @ ..] = rest {
            if self.is_silu(rest) {
                followers.extend(
                    SiLU.spoken()
                        .map(|silu| Localized::<String>::from(silu.name)),
                );
                rest = &later[1..];
                continue;
            }
            rest = later;
            let plan = self.run.graph.nodes()[*node].plan();
            followers.extend(plan.filter(|_| is_told(*node)).map(what::name));
        }
        let followers = match &followers[..] {
            [] => Localized::default(),
            all @ [_, _, ..] => {
                let names = and(all);
                says!(
                    with [names];
                    en: "Then come {names}.",
                    ja: "そのあとに{names}が続きます。"
                )
            }
            all => {
                let names = and(all);
                says!(
                    with [names];
                    en: "Then comes {names}.",
                    ja: "そのあとに{names}が続きます。"
                )
            }
        };
        let is_untold = |what: &str| !told.0.contains(what);
        let reads = self.reads_maps(unit);
        let reads = reads.filter(|_| !is_new && is_untold(READS));
        let activation = self.activation(unit);
        let activation = activation.filter(|(name, _)| is_untold(name));
        let activation = activation.map(|(_, does)| does);
        let pixels = self.becomes_pixels(unit);
        let parts = [
            Some(first),
            Some(does),
            reads,
            Some(followers),
            activation,
            pixels,
        ];
        sentences(parts.into_iter().flatten())
    }

    /// What the activation behind a layer does, and what stands for it among what has been explained.
    fn activation(&self, unit: &Unit) -> Option<(String, Localized<String>)> {
        let behind = self.behind_main(unit);
        let place = behind
            .iter()
            .position(|&node| self.family(node) == Some(Family::Activation))?;
        if self.is_silu(&behind[place..]) {
            return Some(("SiLU".to_owned(), SiLU.spoken()?.does));
        }
        let plan = self.run.graph.nodes().get(behind[place])?.plan()?;
        Some((plan.layer().name().to_owned(), what::does(plan)))
    }

    /// Whether the first two nodes are a SiLU as ONNX writes it: a sigmoid, and a product with what it is of.
    fn is_silu(&self, nodes: &[usize]) -> bool {
        let [first, second, ..] = nodes else {
            return false;
        };
        let all = self.run.graph.nodes();
        let (Some(sigmoid), Some(product)) = (all.get(*first), all.get(*second)) else {
            return false;
        };
        let is = |node: &Node, kind: OperationKind| {
            let plan = node.plan();
            plan.is_some_and(|plan| plan.layer().kind() == kind)
        };
        let mut both = sigmoid.inputs.iter().chain(&sigmoid.outputs);
        is(sigmoid, OperationKind::Sigmoid)
            && is(product, OperationKind::Mul)
            && product.inputs.len() == 2
            && both.all(|value| product.inputs.contains(value))
    }

    /// The nodes that refine what the main one of a unit makes.
    fn behind_main<'a>(&self, unit: &'a Unit) -> &'a [usize] {
        let from = unit.main(&self.run.graph) + 1;
        unit.nodes.get(from..).unwrap_or_default()
    }

    pub(super) fn plan(&self, unit: &Unit) -> Option<&Plan> {
        let graph = &self.run.graph;
        let main = *unit.nodes.get(unit.main(graph))?;
        graph.nodes().get(main)?.plan()
    }

    /// Whether a layer makes one number of each channel: its mean.
    fn is_global_mean(&self, unit: &Unit) -> bool {
        let from = unit.inputs.first();
        let from = from.and_then(|&input| self.run.graph.sample_shape(input));
        let (Some(from), Some(to)) = (from, self.sample_shape(unit)) else {
            return false;
        };
        let is_mean = self
            .plan(unit)
            .is_some_and(|plan| plan.layer().kind() == OperationKind::Mean);
        let has_places = from.rank() >= 3 && from.count() > from.channels();
        is_mean && has_places && to.count() == from.channels()
    }

    /// What comes out of a stage; and how that differs from what went in, and of one that is like no other, how much it
    /// has learned.
    fn made(&self, unit: &Unit, is_new: bool) -> (Localized<String>, Localized<String>) {
        let Some(to) = self.sample_shape(unit) else {
            return (Localized::default(), Localized::default());
        };
        let from = match unit.inputs[..] {
            [input] => self.run.graph.sample_shape(input),
            _ => None,
        };
        let said = match *to.axes() {
            [1, length] => numbers(length),
            _ => shape(&to),
        };
        let is_linear = self
            .plan(unit)
            .is_some_and(|plan| plan.layer().kind() == OperationKind::Linear);
        let came = if is_linear && to.count() == to.width() {
            // The title says how many numbers it makes of how many.
            Localized::default()
        } else if from == Some(to) {
            says!(with [said]; en: "The shape stays {said}.", ja: "形は{said}のままです。")
        } else {
            says!(with [said]; en: "What comes out is {said}.", ja: "出てくるのは{said}です。")
        };
        let change = from.and_then(|from| changed(&from, &to));
        let parameters = unit.cost.parameters;
        let learned = if is_new && parameters.saturating_mul(MUCH) > self.run.cost().parameters {
            let all = count(parameters);
            says!(
                with [all];
                en: "It has {all} parameters.",
                ja: "パラメータは{all}個です。"
            )
        } else {
            Localized::default()
        };
        let field = self.field_of(unit);
        let more = change.into_iter().chain([learned]).chain(field);
        (came, sentences(more))
    }

    /// Where the parameters and the work are.
    fn costs(&self) -> Option<RawScene> {
        let cost = self.run.cost();
        if cost.parameters == 0 || cost.macs == 0 {
            return None;
        }
        let units = &self.run.map.units;
        let most = |of: fn(&Unit) -> u64| units.iter().enumerate().max_by_key(|(_, unit)| of(unit));
        let (heavy, busy) = (
            most(|unit| unit.cost.parameters)?,
            most(|unit| unit.cost.macs)?,
        );
        let share = |part: u64, whole: u64| {
            let percent = (part as f64 / whole as f64 * 100.0).round() as u64;
            if part < whole {
                percent.min(99)
            } else {
                percent
            }
        };
        let inputs = self.run.map.inputs.len();
        let mut scene = self.scene(
            Localized::new("Where the work is", "パラメータと計算量"),
            &[],
            seen(Vec::new()),
        );
        let (parameters, macs) = (count(cost.parameters), count(cost.macs));
        scene.beats.push(say(says!(
            with [parameters, macs];
            en: "All in all, it has {parameters} parameters. Training sets these numbers. For this input it takes {macs} multiply-accumulates.",
            ja: "学習で決まるパラメータは、全部で{parameters}個。この入力に、積和演算を{macs}回行います。"
        )));
        if let [_] = units[..] {
            return Some(scene);
        }
        let (title, part) = (
            heavy.1.title(&self.run.graph),
            share(heavy.1.cost.parameters, cost.parameters),
        );
        let place = heavy.0 + 1;
        let focus = |number: usize| Action::Focus(vec![Part::Tensor(inputs + number)]);
        scene.beats.push(say_with(
            says!(
                with [title];
                en: "The most parameters, {part} percent, lie [here]here, in stage {place}: {title}.",
                ja: "パラメータがいちばん多いのは、[here]段階{place}の{title}です。全体の{part}パーセントを占めます。"
            ),
            None,
            Vec::new(),
            [("here", focus(heavy.0))],
        ));
        let (title, part) = (
            busy.1.title(&self.run.graph),
            share(busy.1.cost.macs, cost.macs),
        );
        let place = busy.0 + 1;
        let text = if busy.0 == heavy.0 {
            says!(
                en: "The most work is done [there]here too: {part} percent.",
                ja: "計算がいちばん多いのも[there]ここで、{part}パーセントです。"
            )
        } else {
            says!(
                with [title];
                en: "The most work, {part} percent, is done [there]here, in stage {place}: {title}.",
                ja: "計算がいちばん多いのは、[there]段階{place}の{title}で、{part}パーセントです。"
            )
        };
        let places = |unit: &Unit| {
            let shape = self.sample_shape(unit).filter(|shape| shape.rank() == 3);
            shape.map_or(1, |shape| shape.height() * shape.width())
        };
        let most = units.iter().map(places).max().unwrap_or(1);
        let is_large = places(busy.1).saturating_mul(LARGE_PART) >= most;
        let why = if busy.0 != heavy.0 && is_large && places(busy.1) > places(heavy.1) {
            Localized::new(
                "Weights that slide over large maps are used again and again.",
                "大きなマップの上を動く重みは、何度も使われるからです。",
            )
        } else {
            Localized::default()
        };
        let text = sentences([text, why.into()]);
        // Where all do about as much, it is of no meaning which of them does most.
        let beat = self
            .even_work()
            .or_else(|| self.shared_work())
            .unwrap_or_else(|| say_with(text, None, Vec::new(), [("there", focus(busy.0))]));
        scene.beats.push(beat);
        Some(scene)
    }

    /// Where several stages of blocks take about as much work each.
    fn even_work(&self) -> Option<RawBeat> {
        let units = self.run.map.units.iter().enumerate();
        let blocks = units.filter(|(_, unit)| inner_block(unit).is_some());
        let blocks: Vec<(usize, &Unit)> = blocks.collect();
        let macs = || blocks.iter().map(|(_, unit)| unit.cost.macs);
        let (least, most) = (macs().min()?, macs().max()?);
        let first = self.sample_shape(blocks.first()?.1)?;
        let last = self.sample_shape(blocks.last()?.1)?;
        let halves = last.rank() == 3
            && last.height() < first.height()
            && last.channels() > first.channels();
        if blocks.len() < LIKE || !halves || least.saturating_mul(4) < most.saturating_mul(3) {
            return None;
        }
        let stages = blocks.len();
        let inputs = self.run.map.inputs.len();
        let all = blocks
            .iter()
            .map(|(number, _)| Part::Tensor(inputs + number));
        Some(say_with(
            says!(
                en: "The {stages} stages of blocks take nearly the same work. Rows and columns are halved, channels doubled: the one makes up for the other.",
                ja: "計算量は、ブロックが並ぶ{stages}つの段階で、ほぼ同じです。行と列を半分にして、チャネルを2倍にすると、つり合うからです。"
            ),
            None,
            vec![Action::Focus(all.collect())],
            [],
        ))
    }

    /// Where several stages take the most work together: none of them is the one that does.
    fn shared_work(&self) -> Option<RawBeat> {
        let units = &self.run.map.units;
        let most = units.iter().map(|unit| unit.cost.macs).max()?;
        let busy = units.iter().enumerate();
        let busy =
            busy.filter(|(_, unit)| unit.cost.macs.saturating_mul(20) >= most.saturating_mul(19));
        let busy: Vec<(usize, &Unit)> = busy.collect();
        if busy.len() < 2 {
            return None;
        }
        let places: Vec<Localized<String>> = busy
            .iter()
            .map(|(number, _)| Localized::same((number + 1).to_string()))
            .collect();
        let places = few_of(&places);
        let part = (most as f64 / self.run.cost().macs as f64 * 100.0).round() as u64;
        let text = says!(
            with [places];
            en: "The most work is done in stages {places}: about {part} percent each.",
            ja: "計算がいちばん多いのは、段階{places}で、それぞれ約{part}パーセントです。"
        );
        let shapes = busy.iter().filter_map(|(_, unit)| self.sample_shape(unit));
        let shapes: Vec<[usize; 3]> = shapes
            .filter(|shape| shape.rank() == 3)
            .map(|shape| shape.as_chw())
            .collect();
        let balances = |pair: &[[usize; 3]]| {
            let [[channels, rows, _], [others, other, _]] = [pair[0], pair[1]];
            rows.max(other) == 2 * rows.min(other) && channels * rows == others * other
        };
        let why = if shapes.len() == busy.len() && shapes.windows(2).all(balances) {
            Localized::new(
                "Where there are twice as many rows and columns, there are half as many channels: the one makes up for the other.",
                "行と列が2倍のところでは、チャネルが半分なので、つり合います。",
            )
        } else {
            Localized::default()
        };
        let inputs = self.run.map.inputs.len();
        let all = busy.iter().map(|(number, _)| Part::Tensor(inputs + number));
        Some(say_with(
            sentences([text, why.into()]),
            None,
            vec![Action::Focus(all.collect())],
            [],
        ))
    }

    /// What comes out where that is a map, a single number, or numbers of tokens.
    fn output_map(&self, output: Option<ValueId>) -> Localized<String> {
        if let Some([tokens, numbers]) = self.next_tokens() {
            return says!(
                en: "So {numbers} numbers come out for each of the {tokens} tokens: one for every token that may come next. The larger it is, the likelier.",
                ja: "こうして、{tokens}個のトークンそれぞれに、{numbers}個の数が出てきます。次に来うるトークンひとつに、ひとつずつ。大きいほど、次に来そうだということです。"
            );
        }
        let numbers = output.and_then(|id| self.run.sample(id));
        if let Some(&[only]) = numbers.as_ref().map(Tensor::data) {
            let only = element(only);
            return says!(
                with [only];
                en: "So a single number comes out: {only}.",
                ja: "こうして、ひとつの数、{only}が出てきます。"
            );
        }
        let graph = &self.run.graph;
        let shape_of = |id: ValueId| graph.sample_shape(id).filter(|shape| shape.rank() == 3);
        let input = graph.inputs().first().copied().and_then(shape_of);
        if let (Some(from), Some(to)) = (input, output.and_then(shape_of)) {
            let ([_, rows, columns], [channels, more, wider]) = (from.as_chw(), to.as_chw());
            let size = by(&[rows, columns]);
            let times = more / rows.max(1);
            if (rows, columns) == (more, wider) && channels > 1 {
                return says!(
                    with [size];
                    en: "So {channels} numbers come out for each of the {size} places of the input. It is an answer for every place, not one for the whole.",
                    ja: "こうして、入力の{size}か所のそれぞれに、{channels}個の数が出てきます。全体でひとつではなく、場所ごとの答えです。"
                );
            }
            if times > 1 && (rows * times, columns * times) == (more, wider) {
                let large = by(&[more, wider]);
                return says!(
                    with [size, large];
                    en: "So what came in as {size} goes out as {large}: {times} times as many rows and columns.",
                    ja: "こうして、{size}で入ったものが、{large}になって出てきます。行も列も{times}倍です。"
                );
            }
        }
        if let Some((_, numbers, _)) = self.waist() {
            let numbers = count(numbers as u64);
            return says!(
                with [numbers];
                en: "So what comes out has the shape of what went in, made of only {numbers} numbers.",
                ja: "こうして、入力と同じ形のものが、わずか{numbers}個の数から出てきます。"
            );
        }
        let said = output
            .and_then(|id| graph.sample_shape(id))
            .map_or_else(Localized::default, |to| maps(&to));
        says!(
            with [said];
            en: "So what comes out is {said}: all that the stages before have worked out of the input.",
            ja: "こうして出てくるのは、{said}です。ここまでの段階が、入力から計算した結果です。"
        )
    }

    /// What comes out.
    fn output(&self) -> RawScene {
        let graph = &self.run.graph;
        let placed = self.placed(&[]);
        let last = placed.blocks.len().saturating_sub(1);
        let frame = vec![Part::Tensor(last.saturating_sub(1)), Part::Tensor(last)];
        let mut scene = self.scene(
            Localized::new("What comes out", "出てくるもの"),
            &[],
            seen(frame.clone()),
        );
        let output = graph.outputs().first().copied();
        let shares = output.and_then(|id| self.run.shares(id));
        let text = match shares.as_deref() {
            Some([(first, share), rest @ ..]) if !rest.is_empty() && self.waist().is_none() => {
                // What is nearly all is not all.
                let percent = |share: f32| {
                    let percent = (share * 100.0).round() as u32;
                    if share < 1.0 {
                        percent.min(99)
                    } else {
                        percent
                    }
                };
                let all = count(1 + rest.len() as u64);
                let stands_out = *share >= LEAST_SHARE;
                let (share, first) = (percent(*share), *first);
                let others = rest
                    .iter()
                    .take(NAMED - 1)
                    .filter(|(_, share)| stands_out && percent(*share) > 0);
                let named = |class: usize| {
                    let name = self.classes.and_then(|classes| classes.name(class));
                    name.map(in_narration)
                };
                let others = others.map(|(place, share)| {
                    let share = percent(*share);
                    if let Some(name) = named(*place) {
                        return says!(en: "{name} with {share} percent", ja: "「{name}」の{share}パーセント");
                    }
                    says!(en: "{place} with {share} percent", ja: "{place}番の{share}パーセント")
                });
                let others = others.collect::<Vec<_>>();
                let (others, several) = (and(&others), others.len());
                let next = match several {
                    0 => Localized::default(),
                    1 => {
                        says!(with [others]; en: "Then comes {others}.", ja: "次は、{others}です。")
                    }
                    _ => {
                        says!(with [others]; en: "Then come {others}.", ja: "次は、{others}です。")
                    }
                };
                let largest = if let Some(name) = named(first).filter(|_| stands_out) {
                    says!(
                        with [all];
                        en: "Of {all} classes, softmax gives the largest share to {name}: {share} percent.",
                        ja: "{all}個のクラスの割合を、ソフトマックスで求めます。いちばん大きいのは「{name}」で、{share}パーセントです。"
                    )
                } else if stands_out {
                    says!(
                        with [all];
                        en: "Of {all} numbers, the one with index {first} is the largest. Softmax gives it a share of {share} percent.",
                        ja: "{all}個の数のうち、いちばん大きいのは{first}番です。ソフトマックスによる割合は、{share}パーセントです。"
                    )
                } else {
                    let which = match named(first) {
                        Some(name) => {
                            says!(en: "The largest is {name}", ja: "いちばん大きいのは「{name}」")
                        }
                        None => {
                            says!(en: "The largest has index {first}", ja: "いちばん大きいのは{first}番")
                        }
                    };
                    let only = if share > 0 {
                        says!(en: "only {share} percent", ja: "{share}パーセントだけ")
                    } else {
                        Localized::new("below 1 percent", "1パーセント未満").into()
                    };
                    says!(
                        with [all, which, only];
                        en: "Of {all} numbers none stands out. {which}, and even its share is {only}.",
                        ja: "{all}個の数に、目立つものはありません。{which}ですが、その割合も{only}です。"
                    )
                };
                sentences([largest, next])
            }
            _ => self.output_map(output),
        };
        // Ways to other stages would run through the title.
        scene
            .beats
            .push(say_with(text, None, vec![Action::Focus(frame)], []));
        scene.beats.push(say_with(
            Localized::new(
                "That is the whole way, from the input to the output.",
                "入力から出力まで、これがすべての道のりです。",
            )
            .into(),
            Some(seen(Vec::new())),
            vec![Action::Focus(Vec::new())],
            [],
        ));
        scene.beats.push(RawBeat::Hold(1.0));
        scene
    }
}

/// How many layers make how many stages, in words; in Japanese as a sentence.
fn gathered_into(layers: usize, stages: usize) -> Localized<String> {
    let (all, ja) = (of(layers, "layer", "layers"), count(layers as u64).ja);
    let (some, places) = (of(stages, "stage", "stages"), count(stages as u64).ja);
    match (layers, layers == stages) {
        (1, true) => Localized::new("a single layer", "層はひとつだけです。").into(),
        (_, true) => says!(
            en: "{all}, each a stage of its own",
            ja: "{ja}層あり、1層ずつがひとつの段階です。"
        ),
        (_, false) => says!(
            en: "{all}, gathered into {some}",
            ja: "{ja}層を、{places}段階にまとめました。"
        ),
    }
}

/// Some in words; of many the first, and how many more there are.
fn few_of(all: &[Localized<String>]) -> Localized<String> {
    let Some((first, rest)) = all
        .split_at_checked(NAMED)
        .filter(|(_, rest)| !rest.is_empty())
    else {
        return and(all);
    };
    let (first, more) = (
        Localized::join(first.iter().cloned(), Localized::new(", ", "、")),
        rest.len(),
    );
    says!(with [first]; en: "{first} and {more} more", ja: "{first}、ほか{more}個")
}

/// The name of a network, of a long one as much as a caption of an upright picture has room for.
fn called(name: &str) -> String {
    if half_widths(name) <= NAME {
        return name.to_owned();
    }
    let mut text = String::new();
    for letter in name.chars() {
        text.push(letter);
        if half_widths(&text) + 2 > NAME {
            break;
        }
    }
    text + "…"
}

/// A name as it stands in a narrated text, where brackets and braces mean something.
fn in_narration(name: &str) -> String {
    let words = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    for letter in words.chars().take(LONGEST) {
        if matches!(letter, '[' | '{' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

impl Told {
    /// What tells one sort of stage from another.
    fn key(run: &RunNetwork, unit: &Unit) -> String {
        if block_of(unit).is_some() {
            return "transformer".to_owned();
        }
        let sort = inner_block(unit).unwrap_or(inner_layer(unit));
        match sort.kind {
            UnitKind::Layer(family) => {
                let main = sort.nodes.get(sort.main(&run.graph));
                let node = main.and_then(|&node| run.graph.nodes().get(node));
                let name = node
                    .and_then(|node| node.plan())
                    .map(|plan| what::name(plan).en);
                format!("{family:?} {}", name.unwrap_or_default())
            }
            UnitKind::Branches(_) => "branches".to_owned(),
            kind => format!("{kind:?}"),
        }
    }

    fn is_new(&self, run: &RunNetwork, unit: &Unit) -> bool {
        !self.0.contains(&Self::key(run, unit))
    }

    fn note(&mut self, run: &RunNetwork, unit: &Unit) {
        self.0.insert(Self::key(run, unit));
        // Without the sum it is no news.
        let block = inner_block(unit).map(|block| block.kind);
        if let Some(UnitKind::Residual {
            body: Body::Inverted,
            ..
        }) = block
        {
            self.0.insert(format!("{:?}", UnitKind::Inverted));
        }
    }
}

pub(super) fn seen(frame: Vec<Part>) -> RawShot {
    shot(YAW, PITCH, frame)
}

/// How lengths and channels change on the way of a line of numbers, as sound is.
fn course_of_lines(shapes: &[(usize, Shape)]) -> Option<Localized<String>> {
    let lines = shapes.iter().filter(|(_, shape)| shape.rank() == 2);
    let mut lines = lines.map(|(_, shape)| [shape.channels(), shape.width()]);
    let [few, first] = lines.next()?;
    let [many, last] = lines.next_back()?;
    if last >= first {
        return None;
    }
    let shorter = says!(
        en: "From stage to stage the lines of numbers get shorter, from {first} places down to {last}.",
        ja: "進むにつれて、数の列は{first}か所から{last}か所へ短くなります。"
    );
    Some(sentences([shorter, more_channels(few, many)]))
}

/// That channels become more, if they do.
fn more_channels(few: usize, many: usize) -> Localized<String> {
    if many <= few {
        return Localized::default();
    }
    says!(
        en: "There are more of them, from {few} channels up to {many}.",
        ja: "チャネルは{few}から{many}へ増えます。"
    )
}

/// How sizes and channels change on the way of a volume, as a film or a scan is.
fn course_of_volumes(shapes: &[(usize, Shape)]) -> Option<Localized<String>> {
    let volumes = shapes.iter().map(|(_, shape)| shape.axes());
    let mut volumes = volumes.filter(|axes| axes.len() == 4);
    let (first, last) = (volumes.next()?, volumes.next_back()?);
    let count_of = |axes: &[usize]| axes[1..].iter().product::<usize>();
    if count_of(last) >= count_of(first) {
        return None;
    }
    let (large, small) = (by(&first[1..]), by(&last[1..]));
    let smaller = says!(
        with [large, small];
        en: "From stage to stage the volumes get smaller, from {large} down to {small}.",
        ja: "進むにつれて、特徴マップは{large}から{small}へ小さくなります。"
    );
    Some(sentences([smaller, more_channels(first[0], last[0])]))
}

/// The block that a stage is made of: itself, or of several equal ones the last, which is like the others. None
/// where it is made of layers.
fn inner_block(unit: &Unit) -> Option<&Unit> {
    match unit.kind {
        UnitKind::Layer(_) => None,
        UnitKind::Repeat { .. } => unit.parts.last().filter(|last| !last.parts.is_empty()),
        _ => Some(unit),
    }
}

/// The layer that a stage is, or of several the last.
fn inner_layer(unit: &Unit) -> &Unit {
    match unit.kind {
        UnitKind::Repeat { .. } => unit.parts.last().unwrap_or(unit),
        _ => unit,
    }
}

/// How large a window is and how far it moves, behind the name of a layer.
fn window(plan: &Plan) -> Localized<String> {
    let family = plan.layer().kind().description().family;
    let weights = plan.weight_shape();
    if let Some([_, _, lengths @ ..]) = weights.as_ref().map(Shape::axes)
        && lengths.len() == 3
        && family == Family::Convolution
        && lengths.iter().any(|length| *length > 1)
    {
        let size = by(lengths);
        return says!(with [size]; en: ", with windows of {size}", ja: "{size}の窓を使う");
    }
    let dims = weights.map(|shape| shape.as_chw());
    match (family, dims) {
        (Family::Convolution, Some([_, 1, length]))
            if length > 1 && plan.input_shape().rank() == 2 =>
        {
            says!(en: ", with windows of {length}", ja: "長さ{length}の窓を使う")
        }
        (Family::Convolution, Some([_, rows, columns])) if rows > 1 || columns > 1 => {
            let size = by(&[rows, columns]);
            says!(with [size]; en: ", with windows of {size}", ja: "{size}の窓を使う")
        }
        _ => Localized::default(),
    }
}

/// How a shape differs from the one before.
fn changed(from: &Shape, to: &Shape) -> Option<Localized<String>> {
    let ([channels, rows, _], [more, fewer, _]) = (from.as_chw(), to.as_chw());
    if from.rank() != 3 || to.rank() != 3 || (channels, rows) == (more, fewer) {
        return None;
    }
    let times = |large: usize, small: usize| {
        (small > 0 && large.is_multiple_of(small)).then(|| large / small)
    };
    let size = if fewer == 1 && rows > 1 {
        Some(Localized::new(
            "Each channel has become one number.",
            "チャネルごとに、ひとつの数になりました。",
        ))
    } else if times(rows, fewer) == Some(2) {
        Some(Localized::new(
            "Rows and columns are halved.",
            "行と列は半分です。",
        ))
    } else if times(fewer, rows) == Some(2) {
        Some(Localized::new(
            "Rows and columns are doubled.",
            "行と列は2倍です。",
        ))
    } else {
        None
    };
    let depth = match times(more, channels) {
        Some(2) => Some(Localized::new(
            "There are twice as many channels.",
            "チャネルは2倍です。",
        )),
        Some(4) => Some(Localized::new(
            "There are four times as many channels.",
            "チャネルは4倍です。",
        )),
        _ => None,
    };
    let both = [size, depth].into_iter().flatten().map(Into::into);
    let both = sentences(both);
    (!both.en.is_empty()).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_told_in_part() {
        assert_eq!(called("resnet18"), "resnet18");
        assert_eq!(called("手書き文字の認識"), "手書き文字の認識");
        for name in [
            "a_network_with_a_very_long_name",
            "名前がとても長い手書き文字の認識",
        ] {
            let short = called(name);
            assert!(half_widths(&short) <= NAME + 2, "{short}");
            assert!(name.starts_with(short.trim_end_matches('…')), "{short}");
            assert_ne!(short, name);
        }
    }

    #[test]
    fn layers_and_stages_are_counted_as_they_are() {
        assert_eq!(gathered_into(1, 1).en, "a single layer");
        assert_eq!(gathered_into(3, 3).en, "3 layers, each a stage of its own");
        assert_eq!(gathered_into(49, 8).en, "49 layers, gathered into 8 stages");
        let shapes: Vec<Localized<String>> = (1..=5)
            .map(|place| maps(&Shape::new(&[place]).unwrap()))
            .collect();
        assert_eq!(few_of(&shapes[..2]).en, "1 number and 2 numbers");
        assert_eq!(
            few_of(&shapes).en,
            "1 number, 2 numbers, 3 numbers and 2 more"
        );
    }
}
