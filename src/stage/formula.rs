//! The formula card: the arithmetic of the step at hand, or the output's shape, with real numbers.

use bevy::prelude::*;

use super::draw::Lighting;
use super::elements::Stage;
use super::moment::Moment;
use super::palette::{self, Room};
use super::pose::SceneModel;
use super::text::{Layer, Lettering};
use crate::lesson::{Formula, Language};
use crate::op::Explanation;
use crate::playback::{Now, Show, ShowSystems};

/// Kernels up to this many rows and columns are written out as grids.
const GRID: usize = 3;
/// Channels that are written out as grids.
const GRID_CHANNELS: usize = 3;
/// Terms that are written in a line, where there is no room for grids.
const LINE_TERMS: usize = 4;

/// The card.
#[derive(Component)]
pub struct FormulaCard;

/// What the card shows; it is written anew only when this changes.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    Nothing,
    Value {
        step: u64,
        multiplied: usize,
        gathered: usize,
        whole: bool,
    },
    Shape,
    Cost,
}

#[derive(Resource, Default)]
struct Written(Option<(Content, usize, u64, Language, palette::Studio)>);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Written>()
        .add_systems(Startup, spawn_card)
        .add_systems(
            Update,
            write_card
                .in_set(ShowSystems::Apply)
                .after(super::elements::pose_elements),
        );
}

fn spawn_card(mut commands: Commands) {
    commands.spawn((
        Name::new("formula"),
        Layer::Card.z(),
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(0.0),
            right: Val::Px(0.0),
            top: Val::Px(176.0),
            justify_content: JustifyContent::Center,
            ..default()
        },
        children![(
            FormulaCard,
            Node {
                padding: UiRect::axes(Val::Px(30.0), Val::Px(18.0)),
                border_radius: BorderRadius::all(Val::Px(18.0)),
                column_gap: Val::Px(18.0),
                align_items: AlignItems::Center,
                ..default()
            },
            BackgroundColor(Color::NONE),
            Visibility::Hidden,
        )],
    ));
}

fn write_card(
    mut commands: Commands,
    now: Res<Now>,
    show: Option<Res<Show>>,
    stage: Option<Res<Stage>>,
    lighting: Res<Lighting>,
    lettering: Res<Lettering>,
    mut written: ResMut<Written>,
    mut cards: Query<(Entity, &mut Visibility, &mut BackgroundColor), With<FormulaCard>>,
) {
    let Ok((card, mut visibility, mut background)) = cards.single_mut() else {
        return;
    };
    let (Some(sample), Some(show), Some(stage)) = (&now.0, show, stage) else {
        visibility.set_if_neq(Visibility::Hidden);
        return;
    };
    let there = sample.formula_presence * sample.curtain;
    let Some(moment) = stage.moment() else {
        return;
    };
    let content = if there < 0.02 {
        Content::Nothing
    } else {
        content(sample.formula, moment)
    };
    if content == Content::Nothing {
        visibility.set_if_neq(Visibility::Hidden);
        return;
    }
    let room = lighting.studio.room();
    visibility.set_if_neq(Visibility::Inherited);
    background.set_if_neq(BackgroundColor(palette::color(room.panel, 0.94 * there)));
    let language = show.timeline.language;
    let key = Some((
        content.clone(),
        sample.scene,
        show.generation,
        language,
        lighting.studio,
    ));
    if written.0 == key {
        return;
    }
    written.0 = key;
    let pen = Pen {
        lettering: &lettering,
        room,
        language,
    };
    commands
        .entity(card)
        .despawn_children()
        .with_children(|card| match &content {
            Content::Nothing => {}
            Content::Value {
                step,
                multiplied,
                gathered,
                whole,
            } => {
                let explained = stage.model.plan.explain(*step, &stage.model.operands);
                pen.value(
                    card,
                    &stage.model,
                    moment,
                    &explained,
                    *multiplied,
                    *gathered,
                    *whole,
                );
            }
            Content::Shape => pen.shape(card, &stage.model),
            Content::Cost => pen.cost(card, &stage.model),
        });
}

fn content(formula: Formula, moment: &Moment) -> Content {
    match formula {
        Formula::Hide => Content::Nothing,
        Formula::Shape => Content::Shape,
        Formula::Cost => Content::Cost,
        // What is only carried is not computed.
        Formula::Value if moment.rearranges => Content::Nothing,
        Formula::Value => {
            let terms = moment.step.term_count();
            let part = |progress: f32| (progress * terms as f32).round() as usize;
            // A quick sweep shows whole steps only.
            let quick = moment.detail < 0.25;
            Content::Value {
                step: moment.step.index,
                multiplied: if quick { terms } else { part(moment.multiply) },
                gathered: if quick { terms } else { part(moment.gather) },
                whole: quick || moment.emit > 0.0 || moment.gather >= 1.0,
            }
        }
    }
}

struct Pen<'a> {
    lettering: &'a Lettering,
    room: Room,
    language: Language,
}

impl Pen<'_> {
    fn word(
        &self,
        parent: &mut ChildSpawnerCommands,
        text: impl Into<String>,
        size: f32,
        color: Color,
    ) {
        parent.spawn(self.lettering.write(text, true, size, color));
    }

    fn ink(&self) -> Color {
        palette::color(self.room.ink, 1.0)
    }

    fn quiet(&self) -> Color {
        palette::color(self.room.quiet, 1.0)
    }

    /// The arithmetic of a step.
    #[allow(clippy::too_many_arguments, reason = "a card is written in one go")]
    fn value(
        &self,
        card: &mut ChildSpawnerCommands,
        model: &SceneModel,
        moment: &Moment,
        explained: &Explanation,
        multiplied: usize,
        gathered: usize,
        whole: bool,
    ) {
        let [channels, rows, columns] = moment.window.kernel;
        let filter_color =
            palette::color(palette::name_color(model.working_hue(moment.filter)), 1.0);
        let weighted = model.plan.weight_shape().is_some();
        // At a border a window may hold fewer terms than its rows and columns.
        let regular = explained.terms.len() == channels * rows * columns;
        if explained.winner.is_some() {
            self.word(card, "max", 34.0, self.ink());
        }
        if rows <= GRID && columns <= GRID && channels <= GRID_CHANNELS && regular {
            let plane = rows * columns;
            for channel in 0..channels {
                if channel > 0 {
                    self.word(card, "+", 34.0, self.quiet());
                }
                let terms = &explained.terms[channel * plane..(channel + 1) * plane];
                let lit = multiplied.saturating_sub(channel * plane).min(plane);
                let input_channel = (moment.window.origin[0].max(0) as usize) + channel;
                let hue = palette::input_hue(input_channel, model.layout.input.dims[0]);
                let patch: Vec<String> = terms
                    .iter()
                    .map(|term| model.input_format.text(term.input))
                    .collect();
                let weights: Vec<String> = terms
                    .iter()
                    .map(|term| model.weight_format.text(term.weight))
                    .collect();
                self.grid(
                    card,
                    &patch,
                    columns,
                    lit,
                    palette::color(palette::name_color(hue), 1.0),
                );
                if weighted {
                    self.word(card, "×", 30.0, self.quiet());
                    self.grid(card, &weights, columns, lit, filter_color);
                }
            }
        } else {
            let shown = explained.terms.iter().take(LINE_TERMS);
            let line: Vec<String> = shown
                .map(|term| {
                    let weight = model.weight_format.text(term.weight);
                    let input = model.input_format.text(term.input);
                    if !weighted {
                        return input;
                    }
                    format!(
                        "{input} × {}",
                        if weight.starts_with('−') {
                            format!("({weight})")
                        } else {
                            weight
                        }
                    )
                })
                .collect();
            let more = explained.terms.len().saturating_sub(LINE_TERMS);
            let rest = match (more, self.language) {
                (0, _) => String::new(),
                (more, Language::En) => format!(" + … ({more} more)"),
                (more, Language::Ja) => format!(" + …(ほか {more} 個)"),
            };
            self.word(card, line.join(" + ") + &rest, 32.0, self.ink());
        }
        if let Some(bias) = explained.bias {
            let name = match self.language {
                Language::En => "bias",
                Language::Ja => "バイアス",
            };
            self.word(
                card,
                format!("+ {} ({name})", model.output_format.text(bias)),
                30.0,
                self.quiet(),
            );
        }
        if let Some(divisor) = explained.divisor {
            let sum = match self.language {
                Language::En => "sum",
                Language::Ja => "合計",
            };
            self.word(card, format!("{sum} ÷ {divisor}"), 32.0, self.ink());
        }
        self.word(card, "=", 34.0, self.quiet());
        let sum = if whole {
            explained.value
        } else {
            gathered
                .checked_sub(1)
                .and_then(|last| explained.terms.get(last))
                .map_or(0.0, |term| term.running)
        };
        let shows_sum = weighted && gathered > 0;
        let text = if whole || shows_sum {
            model.output_format.text(sum)
        } else {
            "?".to_owned()
        };
        card.spawn((
            Node {
                min_width: Val::Px(84.0),
                padding: UiRect::axes(Val::Px(14.0), Val::Px(6.0)),
                justify_content: JustifyContent::Center,
                border_radius: BorderRadius::all(Val::Px(12.0)),
                ..default()
            },
            BackgroundColor(filter_color.with_alpha(if whole { 1.0 } else { 0.30 })),
        ))
        .with_children(|cell| {
            let color = if whole { Color::WHITE } else { self.ink() };
            self.word(cell, text, 42.0, color);
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
        let longest = numbers
            .iter()
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(1)
            .max(2);
        let width = Val::Px(15.0 * longest as f32 + 12.0);
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
                            height: Val::Px(36.0),
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
    fn shape(&self, card: &mut ChildSpawnerCommands, model: &SceneModel) {
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
    fn cost(&self, card: &mut ChildSpawnerCommands, model: &SceneModel) {
        let cost = model.plan.cost();
        let weights = model.plan.weight_shape().map_or_else(String::new, |shape| {
            shape
                .axes()
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(" × ")
        });
        let outputs = model.plan.output_shape();
        let terms = model.plan.step(0).term_count();
        let (parameters, macs) = match self.language {
            Language::En => ("Parameters", "Multiply-accumulates"),
            Language::Ja => ("パラメータ", "積和演算"),
        };
        let bias = model.plan.bias_count();
        let weights = if bias > 0 {
            format!("{weights} + {bias}")
        } else {
            weights
        };
        self.column(card, |column| {
            self.word(
                column,
                format!("{parameters}  {weights} = {}", cost.parameters),
                36.0,
                self.ink(),
            );
            let line = format!("{macs}  {outputs} × {terms} = {}", cost.macs);
            self.word(column, line, 36.0, self.ink());
        });
    }

    fn column(
        &self,
        card: &mut ChildSpawnerCommands,
        fill: impl FnOnce(&mut ChildSpawnerCommands),
    ) {
        card.spawn(Node {
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::Center,
            row_gap: Val::Px(8.0),
            ..default()
        })
        .with_children(fill);
    }
}
