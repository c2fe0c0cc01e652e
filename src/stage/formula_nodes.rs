//! How the formula card is written: grids, bars and lines, as nodes of the user interface.

use bevy::prelude::*;

use super::formula::{cost_lines, rows};
use super::labels::SIDE_LINE;
use super::layer_model::LayerModel;
use super::moment::Moment;
use super::palette::{self, Room};
use super::scene::SceneModel;
use super::text::{LeastLetters, TextFonts};
use crate::language::grouped;
use crate::lesson::Language;
use crate::network::map::written;
use crate::op::{Cost, Explanation};
use crate::tensor::Shape;

/// Kernels up to this many rows and columns are written out as grids.
const GRID: usize = 3;
/// Channels that are written out as grids.
const GRID_CHANNELS: usize = 3;
/// Length of the longest bar; and where letters are smaller, since there it stands beside long names in a narrow picture.
const BAR: f32 = 300.0;
const SHORT_BAR: f32 = 190.0;
/// The hues of the rows of a table, in degrees of OKLCH.
const ROW_HUES: [f32; 4] = [258.0, 52.0, 150.0, 352.0];
/// Terms that are written in a line, where there is no room for grids, at most.
const LINE_TERMS: usize = 4;
/// How much smaller than usual a row of grids may be; where that is still too broad, it is written in a line.
const SMALLEST: f32 = 0.8;
/// The breadth of a digit, as a part of its height, and the room between what stands in a row.
const DIGIT: f32 = 0.6;
const BETWEEN: f32 = 18.0;
/// The room between two rows, and between the cells of a grid.
pub(super) const BETWEEN_ROWS: f32 = 10.0;
const BETWEEN_CELLS: f32 = 4.0;
/// The height of the numbers in a grid and of its cells; what a cell has around a number at least, and the least height
/// of a cell, as a part of that of its number.
const NUMBER: f32 = 25.0;
pub(super) const NUMBER_CELL: f32 = 36.0;
const AROUND_NUMBER: f32 = 8.0;
const LOWEST_CELL: f32 = 1.15;
/// The height of the line that tells how far a layer is, and of the headings of a table; and what parts such a line.
pub(super) const TOLD: f32 = 24.0;
const PART: &str = "   ·   ";
/// The length of the shortest bar.
const SHORTEST_BAR: f32 = 40.0;

/// A step, as far as it is shown.
pub(super) struct Shown<'a> {
    pub(super) model: &'a LayerModel,
    pub(super) moment: &'a Moment,
    pub(super) explained: &'a Explanation,
    /// Terms that are multiplied, of those at hand.
    pub(super) multiplied: usize,
    /// Terms that are added up, of those at hand.
    pub(super) gathered: usize,
    /// Whether the result is there.
    pub(super) whole: bool,
}

/// Writes what the card shows, as nodes of the user interface.
pub(super) struct CardWriter<'a> {
    pub(super) text_fonts: &'a TextFonts,
    pub(super) room: Room,
    /// How high letters are at least.
    pub(super) least: LeastLetters,
    pub(super) language: Language,
    /// How large everything is: 1 is usual.
    pub(super) scale: f32,
    /// Whether a column takes all of the card's width.
    pub(super) wide: bool,
    /// How broad a row may be that is not broken.
    pub(super) breadth: f32,
    /// How broad a line may be, which is never broken.
    pub(super) line_breadth: f32,
    /// How high rows of grids may be.
    pub(super) room_high: f32,
}

/// How high the cell of a number is, where letters have a least height.
pub(super) fn number_cell(least: LeastLetters) -> f32 {
    NUMBER_CELL.max(least.of(NUMBER) * LOWEST_CELL)
}

/// How many rows things of some breadths stand in.
fn rows_of(breadths: impl Iterator<Item = f32>, line: f32) -> usize {
    let (mut rows, mut taken) = (1, 0.0);
    for breadth in breadths {
        if taken > 0.0 && taken + breadth > line {
            rows += 1;
            taken = 0.0;
        }
        taken += breadth;
    }
    rows
}

/// How broad a text is in a row, with the room beside it.
fn breadth(text: &str, size: f32) -> f32 {
    let letters = text
        .chars()
        .map(|letter| if letter.is_ascii() { DIGIT } else { 1.0 });
    letters.sum::<f32>() * size + BETWEEN
}

impl CardWriter<'_> {
    /// Whether letters of a size would be lower than the least.
    fn is_grown(&self, size: f32) -> bool {
        self.least.more(size * self.scale) > 0.0
    }

    /// The size that letters of a size are written in, before all is scaled.
    fn size(&self, size: f32) -> f32 {
        if self.is_grown(size) {
            self.least.of(size * self.scale) / self.scale
        } else {
            size
        }
    }

    /// How broad a number in a grid is, of the longest that stand there.
    fn cell(&self, numbers: &[String]) -> f32 {
        let longest = numbers.iter().map(|text| text.chars().count()).max();
        let longest = longest.unwrap_or(1).max(2) as f32;
        (15.0 * longest + 12.0).max(longest * DIGIT * self.size(NUMBER) + AROUND_NUMBER)
    }

    /// How high it is.
    fn cell_height(&self) -> f32 {
        NUMBER_CELL.max(self.size(NUMBER) * LOWEST_CELL)
    }

    /// Whether a line that has grown is broader than there is room for.
    fn is_too_broad(&self, line: &str, size: f32) -> bool {
        let breadth = written::breadth(line) * self.size(size) * self.scale;
        self.is_grown(size) && breadth > self.line_breadth
    }

    /// A line of a column; parted where it has grown too broad.
    fn line(&self, column: &mut ChildSpawnerCommands, line: &str, size: f32) {
        if !self.is_too_broad(line, size) {
            self.word(column, line.to_owned(), size, self.ink());
            return;
        }
        let parts = line.split("  ").map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            self.word(column, part.to_owned(), size, self.ink());
        }
    }

    fn word(
        &self,
        parent: &mut ChildSpawnerCommands,
        text: impl Into<String>,
        size: f32,
        color: Color,
    ) {
        // A card is as wide as what it says: nothing in it is broken into lines.
        parent
            .spawn(self.text_fonts.write(text, true, size * self.scale, color))
            .insert(TextLayout::new(Justify::Center, LineBreak::NoWrap));
    }

    fn ink(&self) -> Color {
        palette::color(self.room.ink, 1.0)
    }

    fn quiet(&self) -> Color {
        palette::color(self.room.quiet, 1.0)
    }

    /// The arithmetic of a step.
    pub(super) fn value(&self, card: &mut ChildSpawnerCommands, shown: &Shown) {
        let Shown {
            model,
            moment,
            explained,
            multiplied,
            gathered,
            whole,
        } = *shown;
        let [channels, rows, columns] = moment.window.input.dims;
        let filter_color = palette::color(palette::name_color(model.working_hue(moment)), 1.0);
        let weighted = explained.terms.first().is_some_and(|term| {
            let term = term.term;
            term.weight.is_some() || term.coefficient.is_some() || term.factor.is_some()
        });
        let second = model
            .adds
            .as_ref()
            .filter(|_| model.plan.filter_count() == 0);
        let weight_format = second.map_or(&model.weight_format, |second| &second.format);
        let at_hand = moment.at_hand.clone();
        let terms = explained.terms.get(at_hand.clone()).unwrap_or_default();
        // At a border a window may hold fewer terms than its rows and columns.
        let regular = terms.len() == channels * rows * columns;
        let bias = explained.bias.map(|bias| {
            let name = match self.language {
                Language::En => "bias",
                Language::Ja => "バイアス",
            };
            format!("+ {} ({name})", signed(&model.writes.format.text(bias)))
        });
        let before = at_hand
            .start
            .checked_sub(1)
            .and_then(|last| explained.terms.get(last))
            .map(|term| model.writes.format.text(term.running));
        // What stands beside the terms, with the sign of equality and the result.
        let beside = [&bias, &before].into_iter().flatten();
        let beside = beside.map(|text| breadth(text, self.size(32.0)));
        let beside = beside.sum::<f32>() + 190.0;
        let is_small = rows <= GRID && columns <= GRID && channels <= GRID_CHANNELS && regular;
        let plane = rows * columns;
        let grids: Vec<[Vec<String>; 2]> = if is_small {
            let grid = |channel: usize| {
                let terms = &terms[channel * plane..(channel + 1) * plane];
                let patch = terms.iter().map(|term| model.reads.format.text(term.input));
                let weights = terms.iter().map(|term| weight_format.text(term.weight));
                [patch.collect(), weights.collect()]
            };
            (0..channels).map(grid).collect()
        } else {
            Vec::new()
        };
        let each = |writer: &Self| -> Vec<f32> {
            let breadth = |[patch, weights]: &[Vec<String>; 2]| {
                let numbers = if weighted {
                    writer.cell(patch) + writer.cell(weights)
                } else {
                    writer.cell(patch)
                };
                // Four gaps, and two signs of about a gap and a half.
                columns as f32 * numbers + 7.0 * BETWEEN
            };
            grids.iter().map(breadth).collect()
        };
        let needed = |writer: &Self| (each(writer).iter().sum::<f32>() + beside) * writer.scale;
        let smaller = (self.breadth / needed(self).max(1.0)).min(1.0);
        let at = |smaller: f32| CardWriter {
            scale: self.scale * smaller,
            ..*self
        };
        // Letters that may not be smaller may still be too broad, or too high in their rows.
        let fits = |writer: &Self| {
            let all = each(writer).into_iter().chain([beside]);
            let count = rows_of(all, self.line_breadth / writer.scale) as f32;
            let high = rows as f32 * (writer.cell_height() * writer.scale + BETWEEN_CELLS);
            let high = count * (high + BETWEEN_ROWS) - BETWEEN_ROWS - BETWEEN_CELLS;
            let is_room = needed(writer) <= self.breadth && high <= self.room_high;
            is_room || !writer.is_grown(NUMBER)
        };
        let mut writer = at(smaller.max(SMALLEST));
        if !fits(&writer) {
            // They can stand closer.
            writer = at(SMALLEST);
        }
        if explained.winner.is_some() {
            self.word(card, "max", 34.0, self.ink());
        }
        if let Some(before) = before {
            self.word(card, before, 32.0, self.ink());
            self.word(card, "+", 34.0, self.quiet());
        }
        if is_small && smaller >= SMALLEST && fits(&writer) {
            for (channel, [patch, weights]) in grids.iter().enumerate() {
                let lit = multiplied.saturating_sub(channel * plane).min(plane);
                let input_channel = (moment.window.input.origin[0].max(0) as usize) + channel;
                let hue = model.reads.hues.get(input_channel).copied().unwrap_or(0.0);
                // Where there is no room for one row, it is broken between channels.
                card.spawn(Node {
                    column_gap: Val::Px(18.0 * writer.scale),
                    align_items: AlignItems::Center,
                    ..default()
                })
                .with_children(|part| {
                    if channel > 0 {
                        writer.word(part, "+", 34.0, writer.quiet());
                    }
                    let color = palette::color(palette::name_color(hue), 1.0);
                    writer.grid(part, patch, columns, lit, color);
                    if weighted {
                        writer.word(part, "×", 30.0, writer.quiet());
                        writer.grid(part, weights, columns, lit, filter_color);
                    }
                });
            }
        } else {
            let line: Vec<String> = terms
                .iter()
                .take(LINE_TERMS)
                .enumerate()
                .map(|(place, term)| {
                    let mut input = model.reads.format.text(term.input);
                    if place > 0 && explained.winner.is_none() {
                        input = signed(&input);
                    }
                    if !weighted {
                        return input;
                    }
                    format!("{input} × {}", signed(&weight_format.text(term.weight)))
                })
                .collect();
            let between = if explained.winner.is_some() {
                ", "
            } else {
                " + "
            };
            let written = |count: usize| {
                let rest = match (terms.len().saturating_sub(count), self.language) {
                    (0, _) => String::new(),
                    (more, Language::En) => format!("{between}… ({more} more)"),
                    (more, Language::Ja) => format!("{between}…(ほか {more} 個)"),
                };
                line[..count].join(between) + &rest
            };
            // As many terms as there is room for, and at least one.
            let mut counts = (1..=line.len()).rev();
            let count = counts.find(|count| {
                let line = breadth(&written(*count), self.size(32.0));
                (line + beside) * self.scale <= self.breadth
                    && line * self.scale <= self.line_breadth
            });
            self.word(
                card,
                written(count.unwrap_or(line.len().min(1))),
                32.0,
                self.ink(),
            );
        }
        if let Some(bias) = bias {
            self.word(card, bias, 30.0, self.quiet());
        }
        if let Some(divisor) = explained.divisor {
            let sum = match self.language {
                Language::En => "sum",
                Language::Ja => "合計",
            };
            self.word(card, format!("{sum} ÷ {divisor}"), 32.0, self.ink());
        }
        self.word(card, "=", 34.0, self.quiet());
        let complete = at_hand.end >= explained.terms.len();
        let running = |terms: usize| {
            (at_hand.start + terms)
                .checked_sub(1)
                .and_then(|last| explained.terms.get(last))
                .map_or(0.0, |term| term.running)
        };
        let sum = match (whole, complete) {
            (true, true) => explained.value,
            (true, false) => running(at_hand.len()),
            (false, _) => running(gathered),
        };
        let shows_sum = weighted && gathered > 0;
        let text = if whole || shows_sum {
            model.writes.format.text(sum)
        } else {
            "?".to_owned()
        };
        self.result(card, text, filter_color, whole);
    }

    /// A result, lit once it is there.
    fn result(&self, card: &mut ChildSpawnerCommands, text: String, color: Color, whole: bool) {
        card.spawn((
            Node {
                min_width: Val::Px(84.0 * self.scale),
                padding: UiRect::axes(Val::Px(14.0), Val::Px(6.0)),
                justify_content: JustifyContent::Center,
                border_radius: BorderRadius::all(Val::Px(12.0)),
                ..default()
            },
            BackgroundColor(color.with_alpha(if whole { 1.0 } else { 0.30 })),
        ))
        .with_children(|cell| {
            let ink = if whole {
                let Srgba {
                    red, green, blue, ..
                } = color.to_srgba();
                let ground = [red, green, blue].map(|part| (part * 255.0).round() as u8);
                palette::color(palette::written_large_on(ground), 1.0)
            } else {
                self.ink()
            };
            self.word(cell, text, 42.0, ink);
        });
    }

    /// What becomes of one element: a copy, a clipped value, or the sum of two.
    pub(super) fn elementwise(&self, card: &mut ChildSpawnerCommands, shown: &Shown) {
        let model = shown.model;
        // What comes from the second tensor is written as it is there.
        let number = |value: f32| {
            let own = model.reads.format;
            let second = model.adds.as_ref().map(|second| second.format);
            let finer = second.filter(|second| second.decimals > own.decimals && !own.shows(value));
            signed(&finer.unwrap_or(own).text(value))
        };
        let operation = model.plan.layer().operation();
        let text = operation.arithmetic(shown.explained, &number);
        let text = text.choose(self.language);
        self.word(card, text, 36.0, self.ink());
        self.word(card, "=", 34.0, self.quiet());
        let hue = palette::name_color(model.working_hue(shown.moment));
        let value = match shown.whole {
            true => model.writes.format.text(shown.explained.value),
            false => "?".to_owned(),
        };
        self.result(card, value, palette::color(hue, 1.0), shown.whole);
    }

    /// Where an element comes from: its index, worked out.
    pub(super) fn carried(&self, card: &mut ChildSpawnerCommands, shown: &Shown) {
        let (plan, step) = (&shown.model.plan, &shown.moment.step);
        let [channel, row, column] = step.output;
        let source = step.term(0).and_then(|term| term.source.element());
        let [from_channel, from_row, from_column] = source.unwrap_or_default();
        let (input, output) = match self.language {
            Language::En => ("input", "output"),
            Language::Ja => ("入力", "出力"),
        };
        if let Some(rule) = plan.index_arithmetic(step.output) {
            self.word(
                card,
                format!("{output} [{channel}, {row}, {column}] = {input} {rule}"),
                32.0,
                self.ink(),
            );
            self.word(card, "=", 34.0, self.quiet());
        }
        self.word(
            card,
            format!("{input} [{from_channel}, {from_row}, {from_column}] ="),
            32.0,
            self.ink(),
        );
        let hue = palette::name_color(shown.model.working_hue(shown.moment));
        let value = shown.model.writes.format.text(shown.explained.value);
        self.result(card, value, palette::color(hue, 1.0), true);
    }

    /// One element, times the kernel, added to a window of the output.
    pub(super) fn scatter(&self, card: &mut ChildSpawnerCommands, shown: &Shown) {
        let model = shown.model;
        let [channels, rows, columns] = model.plan.filter_dims();
        let plane = (rows * columns).max(1);
        let color = palette::color(palette::name_color(model.working_hue(shown.moment)), 1.0);
        let terms = &shown.explained.terms;
        let mut sums = vec![0.0; plane];
        for (index, term) in terms.iter().enumerate() {
            sums[index % plane] += term.product;
        }
        for channel in 0..channels.min(GRID_CHANNELS) {
            if channel > 0 {
                self.word(card, "+", 34.0, self.quiet());
            }
            let Some(of_channel) = terms.get(channel * plane..(channel + 1) * plane) else {
                continue;
            };
            let value = of_channel.first().map_or(0.0, |term| term.input);
            self.word(
                card,
                signed(&model.reads.format.text(value)),
                36.0,
                self.ink(),
            );
            self.word(card, "×", 30.0, self.quiet());
            if rows <= GRID + 1 && columns <= GRID + 1 {
                let weights: Vec<String> = of_channel
                    .iter()
                    .map(|term| model.weight_format.text(term.weight))
                    .collect();
                self.grid(card, &weights, columns, plane, color);
            }
        }
        if channels > GRID_CHANNELS {
            self.word(card, "+ …", 34.0, self.quiet());
        }
        self.word(card, "→ +", 34.0, self.quiet());
        let sums: Vec<String> = sums
            .iter()
            .map(|sum| model.writes.format.text(*sum))
            .collect();
        let lit = if shown.whole {
            plane
        } else {
            (shown.multiplied * plane).div_ceil(terms.len().max(1))
        };
        if rows <= GRID + 1 && columns <= GRID + 1 {
            self.grid(card, &sums, columns, lit, color);
        }
    }

    /// Which element of the output, which step, how much of the work.
    pub(super) fn progress(
        &self,
        column: &mut ChildSpawnerCommands,
        model: &LayerModel,
        step: u64,
        visit: u64,
    ) {
        let place = index_of(model.plan.output_shape(), model.plan.step(step).output);
        let visits = model.schedule.visit_count();
        let macs = u128::from(model.plan.cost().macs);
        let done = macs * u128::from(visit + 1) / u128::from(visits.max(1));
        let done = grouped(u64::try_from(done).unwrap_or(u64::MAX));
        let (visit, visits) = (grouped(visit + 1), grouped(visits));
        let mut parts = match self.language {
            Language::En => vec![
                format!("output [{place}]"),
                format!("step {visit} of {visits}"),
            ],
            Language::Ja => vec![
                format!("出力 [{place}]"),
                format!("ステップ {visit} / {visits}"),
            ],
        };
        if macs > 0 {
            let all = grouped(model.plan.cost().macs);
            parts.push(match self.language {
                Language::En => format!("{done} of {all} MACs"),
                Language::Ja => format!("積和演算 {done} / {all}"),
            });
        }
        while parts.len() > 1 && self.is_too_broad(&parts.join(PART), TOLD) {
            parts.pop();
        }
        self.word(column, parts.join(PART), TOLD, self.quiet());
    }

    /// Parameters and multiply-accumulates side by side, as far as they are done.
    pub(super) fn bars(&self, card: &mut ChildSpawnerCommands, model: &SceneModel, done: &[u64]) {
        let rows = rows(model);
        let costs: Vec<Cost> = rows
            .iter()
            .map(|staged_layers| {
                let costs = staged_layers
                    .iter()
                    .map(|staged_layer| model.staged_layers[*staged_layer].plan.cost());
                costs.fold(Cost::default(), |sum, cost| sum + cost)
            })
            .collect();
        let most = |of: fn(&Cost) -> u64| costs.iter().map(of).max().unwrap_or(1).max(1) as f32;
        let (most_macs, most_parameters) = (most(|cost| cost.macs), most(|cost| cost.parameters));
        let name = |row: usize| match model.side_name(row, self.language) {
            Some(name) if rows.len() > 1 && model.layout.sides.len() > 1 => name.to_owned(),
            _ => model.staged_layers[rows[row][0]]
                .plan
                .title()
                .choose(self.language),
        };
        let (macs, parameters) = match self.language {
            Language::En => ("MACs", "Parameters"),
            Language::Ja => ("積和演算", "パラメータ"),
        };
        // Letters that have grown leave an upright picture short bars, beside names in two lines.
        let is_tight = self.wide && self.is_grown(TOLD);
        let name = |row: usize| match name(row) {
            name if is_tight => written::in_lines(&name, SIDE_LINE),
            name => name,
        };
        let count = |row: usize, cost: &Cost| {
            let spent = done.get(row).copied().unwrap_or(0);
            format!("{} / {}", grouped(spent), grouped(cost.macs))
        };
        let longest = if is_tight {
            let broadest = |size: f32, texts: &mut dyn Iterator<Item = String>| {
                let broadest = texts
                    .map(|text| written::breadth(&text))
                    .fold(0.0, f32::max);
                broadest * self.size(size) * self.scale
            };
            let all = || costs.iter().enumerate();
            let texts = broadest(30.0, &mut all().map(|(row, _)| name(row)))
                + broadest(28.0, &mut all().map(|(row, cost)| count(row, cost)))
                + broadest(28.0, &mut all().map(|(_, cost)| grouped(cost.parameters)));
            let left = self.line_breadth - texts - 4.0 * BETWEEN;
            (left * 0.5).clamp(SHORTEST_BAR, SHORT_BAR)
        } else if self.scale < 1.0 {
            SHORT_BAR
        } else {
            BAR
        };
        card.spawn(Node {
            display: Display::Grid,
            grid_template_columns: RepeatedGridTrack::auto(5),
            column_gap: Val::Px(18.0),
            row_gap: Val::Px(8.0),
            align_items: AlignItems::Center,
            ..default()
        })
        .with_children(|table| {
            if is_tight {
                self.word(table, "", TOLD, self.quiet());
                for heading in [macs, parameters] {
                    // Over a bar and its number.
                    let over_both = Node {
                        grid_column: GridPlacement::span(2),
                        ..default()
                    };
                    let mut both = table.spawn(over_both);
                    both.with_children(|both| self.word(both, heading, TOLD, self.quiet()));
                }
            } else {
                for heading in ["", macs, "", parameters, ""] {
                    self.word(table, heading, TOLD, self.quiet());
                }
            }
            for (row, cost) in costs.iter().enumerate() {
                let hue = ROW_HUES[row % ROW_HUES.len()];
                let color = palette::color(palette::name_color(hue), 1.0);
                self.word(table, name(row), 30.0, self.ink());
                let spent = done.get(row).copied().unwrap_or(0);
                let shares = [spent, cost.macs].map(|macs| macs as f32 / most_macs);
                self.bar(table, shares, longest, color);
                self.word(table, count(row, cost), 28.0, self.ink());
                let share = cost.parameters as f32 / most_parameters;
                self.bar(table, [share, share], longest, color);
                self.word(table, grouped(cost.parameters), 28.0, self.ink());
            }
        });
    }

    /// A bar that is filled up to the first share, of a whole that reaches up to the second one, of the longest.
    fn bar(
        &self,
        parent: &mut ChildSpawnerCommands,
        [filled, whole]: [f32; 2],
        longest: f32,
        color: Color,
    ) {
        let length = |share: f32| Val::Px((longest * share.clamp(0.0, 1.0)).max(3.0));
        parent
            .spawn(Node {
                width: Val::Px(longest),
                height: Val::Px(26.0),
                ..default()
            })
            .with_children(|frame| {
                for (share, alpha) in [(whole, 0.22), (filled, 1.0)] {
                    frame.spawn((
                        Node {
                            position_type: PositionType::Absolute,
                            left: Val::Px(0.0),
                            top: Val::Px(0.0),
                            width: length(share),
                            height: Val::Px(26.0),
                            border_radius: BorderRadius::all(Val::Px(7.0)),
                            ..default()
                        },
                        BackgroundColor(color.with_alpha(alpha)),
                    ));
                }
            });
    }

    /// A little matrix; its first `lit` numbers are lit.
    fn grid(
        &self,
        parent: &mut ChildSpawnerCommands,
        numbers: &[String],
        columns: usize,
        lit: usize,
        color: Color,
    ) {
        let width = Val::Px(self.cell(numbers) * self.scale);
        let height = Val::Px(self.cell_height() * self.scale);
        parent
            .spawn((
                Node {
                    display: Display::Grid,
                    grid_template_columns: RepeatedGridTrack::auto(columns as u16),
                    row_gap: Val::Px(BETWEEN_CELLS),
                    column_gap: Val::Px(BETWEEN_CELLS),
                    ..default()
                },
                BackgroundColor(Color::NONE),
            ))
            .with_children(|grid| {
                for (index, number) in numbers.iter().enumerate() {
                    let is_lit = index < lit;
                    grid.spawn((
                        Node {
                            min_width: width,
                            height,
                            justify_content: JustifyContent::Center,
                            align_items: AlignItems::Center,
                            border_radius: BorderRadius::all(Val::Px(7.0)),
                            ..default()
                        },
                        BackgroundColor(color.with_alpha(if is_lit { 0.30 } else { 0.12 })),
                    ))
                    .with_children(|cell| {
                        self.word(
                            cell,
                            number.clone(),
                            NUMBER,
                            if is_lit { self.ink() } else { self.quiet() },
                        );
                    });
                }
            });
    }

    /// The output's shape.
    pub(super) fn shape(&self, card: &mut ChildSpawnerCommands, model: &LayerModel) {
        let formula = model.plan.shape_formula();
        let output = model.plan.output_shape();
        self.column(card, |column| {
            let mut axes: Vec<(String, String)> = Vec::new();
            for (name, axis) in &formula.axes {
                let text = axis.to_string();
                match axes.iter_mut().find(|(_, known)| *known == text) {
                    Some((names, _)) => *names = format!("{names}, {name}"),
                    None => axes.push(((*name).to_owned(), text)),
                }
            }
            for (names, text) in axes {
                self.line(column, &format!("{names} = {text}"), 40.0);
            }
            let filters = output.channels();
            let weighted = model.plan.weight_shape().is_some();
            let line = match self.language {
                // A vector has no channels.
                Language::En if output.rank() < 2 => format!("Output  {output}"),
                Language::Ja if output.rank() < 2 => format!("出力  {output}"),
                Language::En if weighted => {
                    format!("C = {filters}, one for each filter     Output  {output}")
                }
                Language::Ja if weighted => {
                    format!("C = {filters}(フィルタの数)     出力  {output}")
                }
                Language::En => format!("C = {filters}     Output  {output}"),
                Language::Ja => format!("C = {filters}     出力  {output}"),
            };
            self.line(column, &line, 34.0);
        });
    }

    /// Parameters and multiply-accumulates.
    pub(super) fn cost(&self, card: &mut ChildSpawnerCommands, model: &LayerModel) {
        let language = self.language;
        let [parameters, work] = cost_lines(&model.plan);
        self.column(card, |column| {
            for line in [parameters, work] {
                self.line(column, &line.choose(language), 36.0);
            }
        });
    }

    pub(super) fn column(
        &self,
        card: &mut ChildSpawnerCommands,
        fill: impl FnOnce(&mut ChildSpawnerCommands),
    ) {
        card.spawn(Node {
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::Center,
            row_gap: Val::Px(8.0),
            width: if self.wide {
                Val::Percent(100.0)
            } else {
                Val::Auto
            },
            ..default()
        })
        .with_children(fill);
    }
}
/// A number in brackets where a minus would run into a sign before it.
fn signed(number: &str) -> String {
    if number.starts_with('−') {
        format!("({number})")
    } else {
        number.to_owned()
    }
}

/// The index of an element along each axis of its tensor.
fn index_of(shape: &Shape, at: [usize; 3]) -> String {
    let mut rest = shape.chw_offset(at).unwrap_or(0);
    let mut index: Vec<String> = Vec::new();
    for length in shape.axes().iter().rev() {
        index.push((rest % length).to_string());
        rest /= length;
    }
    index.reverse();
    index.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_that_are_too_broad_for_a_row_stand_in_the_next() {
        let rows = |breadths: &[f32]| rows_of(breadths.iter().copied(), 100.0);
        assert_eq!(rows(&[]), 1);
        assert_eq!(rows(&[40.0, 60.0]), 1);
        assert_eq!(rows(&[40.0, 61.0, 30.0]), 2);
        // One that is too broad for any row stands in one of its own.
        assert_eq!(rows(&[140.0, 30.0]), 2);
    }

    #[test]
    fn a_cell_of_a_recording_is_as_high_as_ever_and_holds_its_number_on_a_phone() {
        assert_eq!(number_cell(LeastLetters::default()), NUMBER_CELL);
        let phone = LeastLetters::of_window(Vec2::new(390.0, 844.0));
        assert!(number_cell(phone) > phone.of(NUMBER));
    }
}
