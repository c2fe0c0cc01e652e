//! The caption at the foot of the picture, and the chapter's name at its head.

use bevy::prelude::*;

use super::draw::Lighting;
use super::palette;
use super::text::{ControlBarHeight, TextFonts, TextLayer};
use crate::playback::{CurrentSample, ShowSystems};
use crate::timeline::Titles;

/// Whether captions are drawn into the picture.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaptionsOn(pub bool);

/// The caption's panel.
#[derive(Component)]
struct CaptionPanel;

/// The caption's text.
#[derive(Component)]
pub struct CaptionText;

/// The chapter's name.
#[derive(Component)]
pub struct ChapterTitle;

/// The lesson's name, above the chapter's.
#[derive(Component)]
struct LessonTitle;

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(CaptionsOn(true))
        .add_systems(Startup, spawn_frame)
        .add_systems(
            Update,
            (write_caption, write_titles).in_set(ShowSystems::Apply),
        );
}

fn spawn_frame(mut commands: Commands, text_fonts: Res<TextFonts>, lighting: Res<Lighting>) {
    let room = lighting.studio.room();
    commands.spawn((
        Name::new("caption"),
        TextLayer::Frame.z(),
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(0.0),
            right: Val::Px(0.0),
            bottom: Val::Px(46.0),
            justify_content: JustifyContent::Center,
            ..default()
        },
        children![(
            CaptionPanel,
            Node {
                padding: UiRect::axes(Val::Px(34.0), Val::Px(14.0)),
                border_radius: BorderRadius::all(Val::Px(18.0)),
                // A line of a caption, 20 letters of 44, has room in an upright picture too.
                max_width: Val::Percent(94.0),
                ..default()
            },
            BackgroundColor(palette::color(room.panel, 0.88)),
            Visibility::Hidden,
            children![(
                CaptionText,
                text_fonts.write("", false, 44.0, palette::color(room.ink, 1.0))
            )],
        )],
    ));
    commands.spawn((
        Name::new("titles"),
        TextLayer::Frame.z(),
        Node {
            position_type: PositionType::Absolute,
            left: Val::Px(56.0),
            top: Val::Px(44.0),
            flex_direction: FlexDirection::Column,
            align_items: AlignItems::FlexStart,
            row_gap: Val::Px(2.0),
            ..default()
        },
        children![
            (
                LessonTitle,
                text_fonts.write("", false, 28.0, palette::color(room.quiet, 1.0))
            ),
            (
                ChapterTitle,
                text_fonts.write("", true, 44.0, palette::color(room.ink, 1.0))
            ),
        ],
    ));
}

fn write_caption(
    now: Res<CurrentSample>,
    captions: Res<CaptionsOn>,
    lighting: Res<Lighting>,
    room_below: Res<ControlBarHeight>,
    mut texts: Query<(&mut Text, &mut TextColor), With<CaptionText>>,
    mut panels: Query<(&mut Visibility, &mut BackgroundColor, &ChildOf), With<CaptionPanel>>,
    mut nodes: Query<&mut Node>,
) {
    let line = now
        .0
        .as_ref()
        .and_then(|sample| sample.caption.as_deref())
        .filter(|_| captions.0);
    let room = lighting.studio.room();
    for (mut visibility, mut background, parent) in &mut panels {
        visibility.set_if_neq(if line.is_some() {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
        background.set_if_neq(BackgroundColor(palette::color(room.panel, 0.88)));
        let bottom = Val::Px(46.0 + room_below.0);
        if let Ok(mut node) = nodes.get_mut(parent.parent())
            && node.bottom != bottom
        {
            node.bottom = bottom;
        }
    }
    for (mut text, mut color) in &mut texts {
        color.set_if_neq(TextColor(palette::color(room.ink, 1.0)));
        if let Some(line) = line
            && text.0 != line
        {
            line.clone_into(&mut text.0);
        }
    }
}

fn write_titles(
    now: Res<CurrentSample>,
    lighting: Res<Lighting>,
    mut chapters: Query<(&mut Text, &mut TextColor), (With<ChapterTitle>, Without<LessonTitle>)>,
    mut lessons: Query<(&mut Text, &mut TextColor), With<LessonTitle>>,
) {
    let room = lighting.studio.room();
    let (titles, there) = match &now.0 {
        Some(sample) => (&*sample.titles, sample.scene_opacity),
        None => (&Titles::default(), 0.0),
    };
    for (mut text, mut color) in &mut chapters {
        color.set_if_neq(TextColor(palette::color(room.ink, there)));
        if text.0 != titles.chapter {
            text.0.clone_from(&titles.chapter);
        }
    }
    for (mut text, mut color) in &mut lessons {
        color.set_if_neq(TextColor(palette::color(room.quiet, 1.0)));
        if text.0 != titles.lesson {
            text.0.clone_from(&titles.lesson);
        }
    }
}
