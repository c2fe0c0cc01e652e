//! How sizes and channels change on the way through a network.

use std::collections::BTreeSet;

use super::NetworkTour;
use crate::explore::told::number::{by, count, sentences};
use crate::language::Localized;
use crate::says;
use crate::tensor::Shape;

/// So many times fewer numbers than go in make a waist.
const WAIST: usize = 8;

impl NetworkTour<'_> {
    /// How sizes and channels change on the way.
    pub(super) fn course(&self) -> Option<Localized<String>> {
        if self.keeps_tokens() {
            return Some(self.course_of_tokens());
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
        self.course_of_maps(&maps)
    }

    /// Of tokens, which keep their number and their length.
    fn course_of_tokens(&self) -> Localized<String> {
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
        course.into()
    }

    /// How rows and channels of maps change, each given with the number of its stage.
    fn course_of_maps(&self, maps: &[(usize, [usize; 3])]) -> Option<Localized<String>> {
        let (&(_, [few, rows, _]), &(_, [many, end, _])) = (maps.first()?, maps.last()?);
        let smallest = maps.iter().map(|(_, [_, rows, _])| *rows).min()?;
        if smallest < rows && end > smallest {
            return Some(self.down_and_up(smallest, end));
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

    /// Of maps that shrink and grow again, to so many rows.
    fn down_and_up(&self, smallest: usize, end: usize) -> Localized<String> {
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
        sentences([course, across.into()])
    }

    /// The stage of the fewest numbers, from 1, with how many there are and how many go in, where all goes through few
    /// of them and comes out in the shape in which it went in: an autoencoder's.
    pub(super) fn waist(&self) -> Option<(usize, usize, usize)> {
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
    pub(super) fn bottom(&self) -> Option<usize> {
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
