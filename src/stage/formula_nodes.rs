//! How the formula card is written: grids, bars and lines, as nodes of the user interface.

use bevy::prelude::*;

use super::formula::{cost_lines, rows};
use super::layer_model::LayerModel;
use super::moment::Moment;
use super::palette::{self, Room};
use super::scene::SceneModel;
use super::text::TextFonts;
use crate::language::grouped;
use crate::lesson::Language;
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
    pub(super) language: Language,
    /// How large everything is: 1 is usual.
    pub(super) scale: f32,
    /// Whether a column takes all of the card's width.
    pub(super) wide: bool,
    /// How broad a row may be that is not broken.
    pub(super) breadth: f32,
    /// How broad a line may be, which is never broken.
    pub(super) line_breadth: f32,
}

/// How broad a number in a grid is, of the longest that stand there.
fn cell(numbers: &[String]) -> f32 {
    let longest = numbers.iter().map(|text| text.chars().count()).max();
    15.0 * longest.unwrap_or(1).max(2) as f32 + 12.0
}

/// How broad a text is in a row, with the room beside it.
fn breadth(text: &str, size: f32) -> f32 {
    let letters = text
        .chars()
        .map(|letter| if letter.is_ascii() { DIGIT } else { 1.0 });
    letters.sum::<f32>() * size + BETWEEN
}

impl CardWriter<'_> {
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
        let beside = beside.map(|text| breadth(text, 32.0)).sum::<f32>() + 190.0;
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
        let each = grids.iter().map(|[patch, weights]| {
            let numbers = if weighted {
                cell(patch) + cell(weights)
            } else {
                cell(patch)
            };
            // Four gaps, and two signs of about a gap and a half.
            columns as f32 * numbers + 7.0 * BETWEEN
        });
        let needed = (each.sum::<f32>() + beside) * self.scale;
        let smaller = (self.breadth / needed.max(1.0)).min(1.0);
        let writer = CardWriter {
            scale: self.scale * smaller.max(SMALLEST),
            ..*self
        };
        if explained.winner.is_some() {
            self.word(card, "max", 34.0, self.ink());
        }
        if let Some(before) = before {
            self.word(card, before, 32.0, self.ink());
            self.word(card, "+", 34.0, self.quiet());
        }
        if is_small && smaller >= SMALLEST {
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
                let line = breadth(&written(*count), 32.0);
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
        let mut text = match self.language {
            Language::En => {
                format!("output [{place}]   ·   step {visit} of {visits}")
            }
            Language::Ja => {
                format!("出力 [{place}]   ·   ステップ {visit} / {visits}")
            }
        };
        if macs > 0 {
            let all = grouped(model.plan.cost().macs);
            text += &match self.language {
                Language::En => format!("   ·   {done} of {all} MACs"),
                Language::Ja => format!("   ·   積和演算 {done} / {all}"),
            };
        }
        self.word(column, text, 24.0, self.quiet());
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
        card.spawn(Node {
            display: Display::Grid,
            grid_template_columns: RepeatedGridTrack::auto(5),
            column_gap: Val::Px(18.0),
            row_gap: Val::Px(8.0),
            align_items: AlignItems::Center,
            ..default()
        })
        .with_children(|table| {
            for heading in ["", macs, "", parameters, ""] {
                self.word(table, heading, 24.0, self.quiet());
            }
            for (row, cost) in costs.iter().enumerate() {
                let hue = ROW_HUES[row % ROW_HUES.len()];
                let color = palette::color(palette::name_color(hue), 1.0);
                self.word(table, name(row), 30.0, self.ink());
                let spent = done.get(row).copied().unwrap_or(0);
                self.bar(
                    table,
                    spent as f32 / most_macs,
                    cost.macs as f32 / most_macs,
                    color,
                );
                let count = format!("{} / {}", grouped(spent), grouped(cost.macs));
                self.word(table, count, 28.0, self.ink());
                let share = cost.parameters as f32 / most_parameters;
                self.bar(table, share, share, color);
                self.word(table, grouped(cost.parameters), 28.0, self.ink());
            }
        });
    }

    /// A bar that is filled up to `filled`, of a whole that reaches up to `whole`.
    fn bar(&self, parent: &mut ChildSpawnerCommands, filled: f32, whole: f32, color: Color) {
        let longest = if self.scale < 1.0 { SHORT_BAR } else { BAR };
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
        let width = Val::Px(cell(numbers) * self.scale);
        parent
            .spawn((
                Node {
                    display: Display::Grid,
                    grid_template_columns: RepeatedGridTrack::auto(columns as u16),
                    row_gap: Val::Px(4.0),
                    column_gap: Val::Px(4.0),
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
                            height: Val::Px(36.0 * self.scale),
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
                            25.0,
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
                self.word(column, format!("{names} = {text}"), 40.0, self.ink());
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
            self.word(column, line, 34.0, self.ink());
        });
    }

    /// Parameters and multiply-accumulates.
    pub(super) fn cost(&self, card: &mut ChildSpawnerCommands, model: &LayerModel) {
        let language = self.language;
        let [parameters, work] = cost_lines(&model.plan);
        self.column(card, |column| {
            for line in [parameters, work] {
                self.word(column, line.choose(language), 36.0, self.ink());
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
