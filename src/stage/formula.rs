//! The formula card: the arithmetic of the step at hand, or the output's shape, with real numbers.
//! What it shows is decided here; `formula_nodes` writes it.

use bevy::prelude::*;
use bevy::ui::UiSystems;

use super::draw::{Lighting, StageCamera};
use super::elements::Stage;
use super::formula_nodes::{BETWEEN_ROWS, CardWriter, NUMBER_CELL, Shown, TOLD, number_cell};
use super::labels::LINE;
use super::layer_model::LayerModel;
use super::moment::Moment;
use super::palette;
use super::scene::SceneModel;
use super::text::{CardHeight, LeastLetters, SidePanelWidths, TextFonts, TextLayer};
use crate::camera::head;
use crate::language::{Localized, grouped};
use crate::lesson::{Formula, Language};
use crate::op::{Plan, VisualStyle, WorkUnit};
use crate::playback::{CurrentSample, ShowSystems};
use crate::says;
use crate::timeline::PictureShape;

/// How far from the picture's head the card stands: below the titles, and where there are none.
const BELOW_TITLES: f32 = 176.0;
const AT_HEAD: f32 = 12.0;
/// A window that is lower than this, in points, keeps its room for what the card would tell of.
const LEAST_HEIGHT: f32 = 420.0;
/// The room within the card at its left and right, and how much of an upright picture's breadth it takes, in percent.
const PADDING: f32 = 30.0;
const UPRIGHT: f32 = 96.0;
/// The room between the card and the panels beside it, and how wide it is between them at most.
const BESIDE: f32 = 12.0;
const WIDEST: f32 = 1400.0;
/// The breadth of a wide picture, and what of it a row leaves free on each side, its card's own edge included.
const USUAL_BREADTH: f32 = 1920.0;
const AROUND: f32 = 52.0;
/// How large its letters are where no titles stand above it, in percent: that of a lesson's at most, and so that a
/// small window shows numbers of eleven points.
const SIZES: [f32; 2] = [76.0, 140.0];
const ELEVEN_POINTS: f32 = 44.0;
/// The least height of letters from which a card of one row does not tell how far its layer is: it would be too high.
const TERSE: f32 = 30.0;
/// The room at the upper and the lower edge of the card, and above the line that tells how far its layer is.
const ABOVE: f32 = 18.0;
const ABOVE_TOLD: f32 = 8.0;
/// What a card may take of the room for the names below it.
pub(super) const INTO_NAMES: f32 = 40.0;

/// The card.
#[derive(Component)]
pub struct FormulaCard;

/// The band across the picture in which it stands.
#[derive(Component)]
struct CardBand;

/// What the card shows; it is written anew only when this changes.
#[derive(Debug, Clone, PartialEq)]
enum Content {
    Nothing,
    Value {
        staged_layer: usize,
        visit: u64,
        multiplied: usize,
        gathered: usize,
        whole: bool,
    },
    Shape {
        staged_layer: usize,
    },
    Cost,
    /// Multiply-accumulates that are done, by row of the table.
    Bars(Vec<u64>),
}

#[derive(Resource, Default)]
struct Written(
    Option<(
        Content,
        usize,
        u64,
        Language,
        palette::Studio,
        Fit,
        LeastLetters,
    )>,
);

/// How the card fits into the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// In one row.
    Row,
    /// In one row of smaller letters: a picture that is about square has neither the width for three channels
    /// nor the height for two rows.
    SmallRow,
    /// In as many rows as it takes: an upright picture has the height.
    Rows,
    /// In as many rows as it takes between the panels of a window, in letters of so many percent.
    Beside { width: u16, percent: u16 },
}

impl Fit {
    /// How it fits into a picture of a size.
    fn of(size: Vec2) -> Self {
        match PictureShape::of(size.x / size.y.max(1.0)) {
            PictureShape::Wide => Self::Row,
            PictureShape::Square => Self::SmallRow,
            PictureShape::Upright => Self::Rows,
        }
    }

    /// How it fits into a window without titles, of which panels leave a width.
    fn beside(width: f32, scale: f32) -> Self {
        let [least, most] = SIZES;
        Self::Beside {
            width: width.clamp(1.0, WIDEST) as u16,
            percent: (ELEVEN_POINTS / scale.max(f32::EPSILON)).clamp(least, most) as u16,
        }
    }
}

/// By how much the card is higher than usual where letters have a least height, in 1080ths of the picture's shorter side.
#[must_use]
pub fn card_growth(picture: PictureShape, least: LeastLetters) -> f32 {
    match picture {
        // What its numbers gain, it loses with the line that tells how far its layer is.
        PictureShape::Wide | PictureShape::Square => 0.0,
        // Two rows of grids of three rows, and that line.
        PictureShape::Upright => 6.0 * (number_cell(least) - NUMBER_CELL) + least.more(TOLD) * LINE,
    }
}

/// How high the arithmetic of a card may be that has its room between the titles and the stage.
fn room_high(size: Vec2, scale: f32, least: LeastLetters) -> f32 {
    let picture = size / scale;
    let foot = head(1.0, picture.x / picture.y.max(1.0), least) * picture.y + INTO_NAMES;
    foot - BELOW_TITLES - 2.0 * ABOVE - ABOVE_TOLD - least.of(TOLD) * LINE
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Written>()
        .add_systems(Startup, spawn_card)
        .add_systems(
            Update,
            write_card
                .in_set(ShowSystems::Apply)
                .after(super::elements::pose_elements),
        )
        .add_systems(PostUpdate, measure_card.after(UiSystems::PostLayout));
}

fn spawn_card(mut commands: Commands) {
    commands.spawn((
        Name::new("formula"),
        CardBand,
        TextLayer::Card.z(),
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(0.0),
            right: Val::Px(0.0),
            top: Val::Px(BELOW_TITLES),
            justify_content: JustifyContent::Center,
            ..default()
        },
        children![(
            FormulaCard,
            Node {
                padding: UiRect::axes(Val::Px(PADDING), Val::Px(ABOVE)),
                border_radius: BorderRadius::all(Val::Px(18.0)),
                column_gap: Val::Px(18.0),
                align_items: AlignItems::Center,
                justify_content: JustifyContent::Center,
                ..default()
            },
            BackgroundColor(Color::NONE),
            Visibility::Hidden,
        )],
    ));
}

fn write_card(
    mut commands: Commands,
    now: Res<CurrentSample>,
    stage: Option<Res<Stage>>,
    lighting: Res<Lighting>,
    text_fonts: Res<TextFonts>,
    mut written: ResMut<Written>,
    mut cards: Query<(Entity, &mut Visibility, &mut BackgroundColor, &mut Node), With<FormulaCard>>,
    mut bands: Query<&mut Node, (With<CardBand>, Without<FormulaCard>)>,
    cameras: Query<&Camera, With<StageCamera>>,
    (scale, panels, least): (
        Option<Res<UiScale>>,
        Option<Res<SidePanelWidths>>,
        Res<LeastLetters>,
    ),
) {
    let Ok((card, mut visibility, mut background, mut node)) = cards.single_mut() else {
        return;
    };
    let (Some(sample), Some(stage)) = (&now.0, stage) else {
        visibility.set_if_neq(Visibility::Hidden);
        return;
    };
    let there = sample.formula_presence * sample.scene_opacity;
    let Some(moments) = stage.moments() else {
        return;
    };
    let size = cameras
        .single()
        .ok()
        .and_then(Camera::logical_viewport_size);
    let at_head = sample.titles.lesson.is_empty() && sample.titles.chapter.is_empty();
    let is_low = at_head && size.is_some_and(|size| size.y < LEAST_HEIGHT);
    let content = if there < 0.02 || is_low {
        Content::Nothing
    } else {
        content(sample.formula, &stage.model, moments)
    };
    if content == Content::Nothing {
        visibility.set_if_neq(Visibility::Hidden);
        return;
    }
    let room = lighting.studio.room();
    visibility.set_if_neq(Visibility::Inherited);
    background.set_if_neq(BackgroundColor(palette::color(room.panel, 0.94 * there)));
    let language = sample.language;
    let panels = panels.map_or_else(SidePanelWidths::default, |panels| *panels);
    let least = *least;
    let room_high = match (size, &scale) {
        (Some(size), Some(scale)) if least != LeastLetters::default() => {
            room_high(size, scale.0, least)
        }
        _ => f32::INFINITY,
    };
    let left = panels.left.max(panels.corner);
    let breadth = size.zip(scale.as_ref());
    let breadth = breadth.map_or(USUAL_BREADTH, |(size, scale)| size.x / scale.0);
    let fit = match (size, scale) {
        (Some(size), Some(scale)) if at_head => {
            let free = size.x / scale.0 - left - panels.right - 2.0 * BESIDE;
            Fit::beside(free, scale.0)
        }
        (size, _) => size.map_or(Fit::Row, Fit::of),
    };
    if let Ok(mut band) = bands.single_mut() {
        let place = if at_head {
            [left, panels.right, AT_HEAD]
        } else {
            [0.0, 0.0, BELOW_TITLES]
        };
        let place = place.map(Val::Px);
        if [band.left, band.right, band.top] != place {
            [band.left, band.right, band.top] = place;
        }
    }
    let key = Some((
        content.clone(),
        sample.scene,
        stage.generation,
        language,
        lighting.studio,
        fit,
        least,
    ));
    if written.0 == key {
        return;
    }
    written.0 = key;
    // Rows are broken at a width that is known.
    node.width = match fit {
        Fit::Rows => Val::Percent(UPRIGHT),
        Fit::Beside { width, .. } => Val::Px(f32::from(width)),
        Fit::Row | Fit::SmallRow => Val::Auto,
    };
    let writer = CardWriter {
        text_fonts: &text_fonts,
        room,
        least,
        language,
        scale: match (fit, &content) {
            (Fit::SmallRow, _) => 0.76,
            (Fit::Beside { percent, .. }, _) => f32::from(percent) / 100.0,
            // Bars cannot be broken into rows.
            (Fit::Rows, Content::Bars(_)) => 0.85,
            // The result stays in the row of the bias: one more row would cover a name.
            (Fit::Rows, Content::Value { staged_layer, .. })
                if stage.model.staged_layers[*staged_layer].plan.bias_count() > 0 =>
            {
                0.88
            }
            (Fit::Row | Fit::Rows, _) => 1.0,
        },
        wide: matches!(fit, Fit::Rows | Fit::Beside { .. }),
        breadth: match fit {
            Fit::Row | Fit::SmallRow => breadth - 2.0 * AROUND,
            Fit::Rows | Fit::Beside { .. } => f32::INFINITY,
        },
        line_breadth: match fit {
            Fit::Row | Fit::SmallRow => breadth - 2.0 * AROUND,
            Fit::Rows => breadth * UPRIGHT / 100.0 - 2.0 * PADDING,
            Fit::Beside { width, .. } => f32::from(width) - 2.0 * PADDING,
        },
        room_high: match fit {
            Fit::Rows => room_high,
            // A row is as high as it is, and what is beside panels goes by the height of the card.
            Fit::Row | Fit::SmallRow | Fit::Beside { .. } => f32::INFINITY,
        },
    };
    let is_terse = match fit {
        Fit::Row | Fit::SmallRow => least.of(TERSE) > TERSE,
        Fit::Rows | Fit::Beside { .. } => false,
    };
    commands
        .entity(card)
        .despawn_children()
        .with_children(|card| match &content {
            Content::Nothing => {}
            Content::Value {
                staged_layer,
                visit,
                multiplied,
                gathered,
                whole,
            } => {
                let model = &stage.model.staged_layers[*staged_layer];
                let step = model.schedule.visit(*visit).step;
                let shown = Shown {
                    model,
                    moment: &moments[*staged_layer],
                    explained: &model.plan.explain(step, &model.operands),
                    multiplied: *multiplied,
                    gathered: *gathered,
                    whole: *whole,
                };
                writer.column(card, |column| {
                    column
                        .spawn(Node {
                            column_gap: Val::Px(18.0 * writer.scale),
                            row_gap: Val::Px(BETWEEN_ROWS),
                            align_items: AlignItems::Center,
                            justify_content: JustifyContent::Center,
                            flex_wrap: match fit {
                                Fit::Rows | Fit::Beside { .. } => FlexWrap::Wrap,
                                Fit::Row | Fit::SmallRow => FlexWrap::NoWrap,
                            },
                            // As broad as the card: a row just as broad as what is in it is broken by rounding.
                            width: match fit {
                                Fit::Rows | Fit::Beside { .. } => Val::Percent(100.0),
                                Fit::Row | Fit::SmallRow => Val::Auto,
                            },
                            max_width: Val::Percent(100.0),
                            ..default()
                        })
                        .with_children(|row| match model.style {
                            VisualStyle::Copy => writer.elementwise(row, &shown),
                            VisualStyle::Scatter => writer.scatter(row, &shown),
                            VisualStyle::Carry => writer.carried(row, &shown),
                            VisualStyle::Window => writer.value(row, &shown),
                            VisualStyle::Gather if model.plan.adds_up() => {
                                writer.value(row, &shown);
                            }
                            VisualStyle::Gather => writer.elementwise(row, &shown),
                        });
                    if !is_terse {
                        writer.progress(column, model, step, *visit);
                    }
                });
            }
            Content::Shape { staged_layer } => {
                writer.shape(card, &stage.model.staged_layers[*staged_layer])
            }
            Content::Cost => writer.cost(card, &stage.model.staged_layers[0]),
            Content::Bars(done) => writer.bars(card, &stage.model, done),
        });
}

/// Tells how much of a window the card takes where no titles stand above it: as much as it ever did in this room, so
/// that nothing jumps when it is written anew.
fn measure_card(
    written: Res<Written>,
    cards: Query<(&ComputedNode, &InheritedVisibility), With<FormulaCard>>,
    mut height: ResMut<CardHeight>,
    mut before: Local<Option<(u64, Fit)>>,
) {
    let key = written.0.as_ref().map(|written| (written.2, written.5));
    let key = key.filter(|(_, fit)| matches!(fit, Fit::Beside { .. }));
    let seen = cards.single().ok().filter(|(_, seen)| seen.get());
    let (Some(key), Some((node, _))) = (key, seen) else {
        *before = None;
        height.set_if_neq(CardHeight(0.0));
        return;
    };
    let now = node.size().y * node.inverse_scale_factor() + 2.0 * AT_HEAD;
    let least = if *before == Some(key) { height.0 } else { 0.0 };
    *before = Some(key);
    height.set_if_neq(CardHeight(now.max(least)));
}

fn content(formula: Formula, model: &SceneModel, moments: &[Moment]) -> Content {
    let staged_layer = model.active_layer(moments, 0);
    let Some(moment) = moments.get(staged_layer) else {
        return Content::Nothing;
    };
    match formula {
        Formula::Hide => Content::Nothing,
        Formula::Shape => Content::Shape { staged_layer },
        Formula::Cost if model.staged_layers.len() == 1 => Content::Cost,
        Formula::Cost => Content::Bars(
            rows(model)
                .iter()
                .map(|staged_layers| {
                    let done = staged_layers
                        .iter()
                        .map(|staged_layer| done(model, moments, *staged_layer));
                    done.sum()
                })
                .collect(),
        ),
        Formula::Value => {
            let terms = moment.at_hand.len();
            let part = |progress: f32| (progress * terms as f32).round() as usize;
            // A quick sweep shows whole steps only.
            let quick = moment.detail < 0.25;
            Content::Value {
                staged_layer,
                visit: moment.done,
                multiplied: if quick { terms } else { part(moment.multiply) },
                gathered: if quick { terms } else { part(moment.gather) },
                whole: quick
                    || matches!(moment.style, VisualStyle::Copy | VisualStyle::Carry)
                    || moment.emit > 0.0
                    || moment.gather >= 1.0,
            }
        }
    }
}

/// The layers of each row of the table of costs: the sides of a comparison, or the layers of a
/// chain that have multiply-accumulates.
pub(super) fn rows(model: &SceneModel) -> Vec<Vec<usize>> {
    let sides = &model.layout.sides;
    if sides.len() > 1 {
        return sides
            .iter()
            .map(|(staged_layers, _)| staged_layers.clone().collect())
            .collect();
    }
    let weighs = |staged_layer: &&LayerModel| staged_layer.plan.cost().macs > 0;
    let weighted = model.staged_layers.iter().filter(weighs);
    if weighted.clone().next().is_none() {
        let all = model.staged_layers.iter();
        return all.map(|staged_layer| vec![staged_layer.number]).collect();
    }
    weighted
        .map(|staged_layer| vec![staged_layer.number])
        .collect()
}

/// Multiply-accumulates that a layer has done: those of its whole visits.
fn done(model: &SceneModel, moments: &[Moment], staged_layer: usize) -> u64 {
    let (model, moment) = (&model.staged_layers[staged_layer], &moments[staged_layer]);
    let visits = u128::from(model.schedule.visit_count().max(1));
    let macs = u128::from(model.plan.cost().macs);
    let done = if moment.finished {
        visits
    } else {
        u128::from(moment.done)
    };
    u64::try_from(macs * done / visits).unwrap_or(u64::MAX)
}

/// Parameters and work of a layer as equations whose sides are equal.
#[must_use]
pub fn cost_lines(plan: &Plan) -> [Localized<String>; 2] {
    let cost = plan.cost();
    let learned = plan
        .operand_list()
        .iter()
        .filter(|operand| operand.is_learned());
    let shapes: Vec<String> = learned.map(|operand| operand.shape.to_string()).collect();
    let (factors, all) = (shapes.join(" + "), grouped(cost.parameters));
    let parameters = if shapes.is_empty() {
        says!(en: "Parameters  {all}", ja: "パラメータ  {all}")
    } else {
        says!(en: "Parameters  {factors} = {all}", ja: "パラメータ  {factors} = {all}")
    };
    let Some(work) = plan.work() else {
        return [
            parameters,
            says!(en: "Multiply-accumulates  0", ja: "積和演算  0"),
        ];
    };
    let total = grouped(work.total);
    let unit = match work.unit {
        WorkUnit::Macs => Localized::new("Multiply-accumulates", "積和演算"),
        WorkUnit::Operations => Localized::new("Comparisons or additions", "比較・加算"),
    };
    let line = match (work.unit, work.each) {
        (WorkUnit::Macs, Some(each)) => {
            let tensor = work.tensor;
            says!(
                with [unit];
                en: "{unit}  {tensor} × {each} = {total}",
                ja: "{unit}  {tensor} × {each} = {total}"
            )
        }
        (WorkUnit::Macs, None) | (WorkUnit::Operations, _) => {
            says!(with [unit]; en: "{unit}  {total}", ja: "{unit}  {total}")
        }
    };
    [parameters, line]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::{BatchAxis, Layer, OperationKind};
    use crate::tensor::Shape;

    /// Small layers of every operation, and some whose cost is easily got wrong.
    fn plans() -> Vec<Plan> {
        let more = [
            "ConvTranspose2d(filters: 6, kernel: (3, 3), stride: (2, 2), padding: (1, 1), groups: 2, bias: true)",
            "ConvTranspose2d(filters: 2, kernel: (2, 2), stride: (2, 2), view: Scatter)",
            "Conv2d(filters: 4, kernel: (3, 2), groups: 4, bias: true)",
            "AdaptiveAvgPool2d(output: (4, 5))",
            "Upsample(scale: (2.0, 2.0), mode: Bilinear)",
        ];
        let more = more.map(|text| ron::from_str::<Layer>(text).unwrap());
        let all = OperationKind::ALL.iter().map(|kind| kind.layer());
        let shapes = ["4x6x6", "4x36", "4x4x6x6", "144"];
        let shapes = shapes.map(|text| text.parse::<Shape>().unwrap());
        let plans = all
            .chain(more)
            .filter(|layer| layer.operation().parts().is_none());
        plans
            .map(|layer| {
                let inputs = [1, 2, 3]
                    .into_iter()
                    .flat_map(|count| shapes.map(|shape| vec![shape; count]));
                let plan = inputs
                    .filter_map(|inputs| layer.plan_inputs(&inputs, BatchAxis::Absent).ok())
                    .next();
                plan.unwrap_or_else(|| panic!("{} takes none of the inputs", layer.name()))
            })
            .collect()
    }

    /// Both sides of an equation, worked out; `None` of a line without one.
    fn sides(line: &str) -> Option<(u64, u64)> {
        let number = |text: &str| text.trim().replace(',', "").parse::<u64>().unwrap();
        let (left, right) = line.split_once("  ")?.1.split_once(" = ")?;
        let products = left.split(" + ");
        let left = products.map(|product| product.split(" × ").map(number).product::<u64>());
        Some((left.sum(), number(right)))
    }

    #[test]
    fn the_card_of_a_recording_takes_what_it_always_took() {
        let shapes = [
            PictureShape::Wide,
            PictureShape::Square,
            PictureShape::Upright,
        ];
        let phone = LeastLetters::of_window(Vec2::new(390.0, 844.0));
        let growths = shapes.map(|shape| {
            let recorded = card_growth(shape, LeastLetters::default());
            assert_eq!(recorded.to_bits(), 0.0_f32.to_bits(), "{shape:?}");
            card_growth(shape, phone)
        });
        assert_eq!(growths[0], 0.0);
        assert!((40.0..110.0).contains(&growths[2]), "{growths:?}");
    }

    #[test]
    fn a_tall_phone_has_room_for_two_rows_of_grids() {
        for height in [664.0, 844.0] {
            let size = Vec2::new(390.0, height);
            let least = LeastLetters::of_window(size);
            let rows = 2.0 * (3.0 * number_cell(least) + 8.0) + BETWEEN_ROWS;
            let room = room_high(size, 390.0 / 1080.0, least);
            assert!(rows <= room, "{height}: {rows} of {room}");
        }
    }

    #[test]
    fn the_equations_of_every_card_are_equal_on_both_sides() {
        for plan in plans() {
            let [parameters, work] = cost_lines(&plan);
            for language in Language::ALL {
                let name = plan.layer().name();
                let line = &parameters.clone().choose(language);
                if let Some((left, right)) = sides(line) {
                    assert_eq!(left, right, "{name}: {line}");
                    assert_eq!(right, plan.cost().parameters, "{name}: {line}");
                }
                let line = &work.clone().choose(language);
                if let Some((left, right)) = sides(line) {
                    assert_eq!(left, right, "{name}: {line}");
                    assert_eq!(right, plan.cost().macs, "{name}: {line}");
                }
            }
        }
    }
}
