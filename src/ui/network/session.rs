//! A network that is explored: what is asked for is done, and the stage brought to it.

use std::path::PathBuf;
use std::sync::Arc;

use bevy::prelude::*;

use super::camera::FrameBlocks;
use super::words::Word;
use crate::camera::CameraMode;
use crate::camera::free::WheelZoom;
use crate::disk;
use crate::explore::network_view::{Measure, NetworkView};
use crate::explore::{Edit, network_file};
use crate::language::Message as _;
use crate::lesson::Language;
use crate::network::map::PlacedMap;
use crate::playback::{Playhead, Show, ShowSystems};
use crate::stage::network::NetworkHighlight;
use crate::tensor::{Preprocess, Tensor};
use crate::timeline::{Motion, PictureShape, Speeches, Timeline};
use crate::ui::explore::{FirstView, OpenWorkbench, SessionSystems};
use crate::ui::links::LinkNote;
use crate::ui::picture::{ShownLetters, ShownPicture};
use crate::ui::{ExploreNetwork, Screen, Settings, SettingsAction, ViewAction, go_to};

/// Opens a network.
#[derive(Message, Debug, Clone)]
pub struct OpenNetwork(pub Box<NetworkView>);

/// Something that a person does with a network.
#[derive(Message, Debug, Clone, PartialEq)]
pub enum NetworkAction {
    /// Looks at a block, and goes there.
    Select(Option<usize>),
    /// Looks at a block and goes there, even where it is the one that is looked at.
    Go(usize),
    /// Looks at the next block, or the one before.
    Step(bool),
    /// Opens what gives a block, or, where it is one layer, takes it to the workbench.
    Enter(usize),
    /// Closes what is around the block that is looked at; where nothing is, shows the whole.
    Out,
    /// Takes the last change back, or makes it again.
    Undo(bool),
    /// Shows all of it.
    Whole,
    /// The layers that are looked at go onto the workbench.
    Workbench,
    /// By what its units are compared.
    Measure(Measure),
    /// Shows the parameters of a layer, by the number of its node.
    Layer(usize),
    /// Changes a parameter of a layer.
    EditLayer(usize, Edit),
    /// The change is complete.
    Settle,
    /// Gives a layer the weights of the network again.
    OwnWeights(usize),
    /// Makes a layer what the network has.
    ResetLayer(usize),
    /// Makes all layers that.
    ResetLayers,
    /// Shows a channel of the block that is looked at in front.
    Channel(usize),
    /// Goes to a place of that channel, by its row and column.
    Place([usize; 2]),
    /// Other numbers go in.
    Feed(Tensor),
    /// Another way to make numbers of pictures.
    Preprocess(Preprocess),
    /// The text that is searched for.
    Search(String),
    /// Another language.
    Language(Language),
    /// Light or dark.
    ToggleStudio,
    /// A link to what is open goes to the clipboard.
    CopyLink,
    /// Files are chosen: a picture goes in, and a network is opened.
    ChooseFiles,
    /// The list of keys on or off.
    ToggleKeys,
    /// Panels on or off.
    TogglePanels,
    /// Back to where one came from.
    Leave,
}

/// The network that is explored.
#[derive(Resource)]
pub struct NetworkExplorer {
    /// It, with what is open and looked at.
    pub view: NetworkView,
    /// The block under the pointer.
    pub hovered: Option<usize>,
    /// By what its units are compared.
    pub measure: Measure,
    /// What is searched for.
    pub search: String,
    /// What is told, if anything.
    pub note: Option<String>,
    /// Whether panels are shown.
    pub panels: bool,
    /// The folder into which the numbers go that the workbench reads.
    pub folder: PathBuf,
    /// A place on the front of a block, by the block's place on the map, and its row and column.
    place: Option<(usize, [usize; 2])>,
    /// The shape of the picture that the map stands in, and how large names are in it.
    picture: PictureShape,
    letters: ShownLetters,
    shown: Option<(u64, Language, Motion)>,
}

impl NetworkExplorer {
    /// A network, seen whole.
    #[must_use]
    pub fn new(view: NetworkView) -> Self {
        Self {
            view,
            hovered: None,
            measure: Measure::default(),
            search: String::new(),
            note: None,
            panels: true,
            folder: disk::cache_folder()
                .map_or_else(std::env::temp_dir, |folder| folder.join("networks")),
            place: None,
            picture: PictureShape::default(),
            letters: ShownLetters::default(),
            shown: None,
        }
    }

    /// Whether a place on the front of a block is looked at, from as near as its numbers are read.
    pub(super) fn is_at_place(&self, block: usize) -> bool {
        self.place.is_some_and(|(own, _)| own == block) && self.view.selected() == Some(block)
    }

    /// What stands where on the stage.
    #[must_use]
    pub fn map(&self) -> &PlacedMap {
        self.view.staged().placed(self.picture)
    }
}

/// The network that was left last, with what is open and edited: the list of lessons leads back to it.
#[derive(Resource, Default)]
pub struct LeftNetwork(Option<NetworkExplorer>);

impl LeftNetwork {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        self.0.as_ref().map(|left| left.view.title())
    }

    /// Keeps a network that is left. One in which nothing was opened or edited takes the place of no other.
    fn keep(&mut self, mut left: NetworkExplorer) {
        let (changed, _) = left.view.can_undo();
        if changed || self.0.is_none() {
            left.hovered = None;
            left.shown = None;
            self.0 = Some(left);
        }
    }
}

/// Takes away the network that is there, to be found again.
fn keep_left(world: &mut World) {
    if let Some(left) = world.remove_resource::<NetworkExplorer>() {
        world.get_resource_or_init::<LeftNetwork>().keep(left);
    }
}

/// Keeps a network that is explored: does what is asked for and brings the stage to it. Needs no panels and no
/// window.
pub fn plugin(app: &mut App) {
    app.add_message::<OpenNetwork>()
        .add_message::<NetworkAction>()
        .add_message::<ExploreNetwork>()
        .add_message::<FrameBlocks>()
        .init_resource::<LinkNote>()
        .init_resource::<LeftNetwork>()
        .add_systems(
            Update,
            (open_first, open_network)
                .chain()
                .in_set(ShowSystems::Input),
        )
        .add_systems(
            Update,
            (handle, show, light)
                .chain()
                .after(open_network)
                .before(SessionSystems)
                .in_set(ShowSystems::Input)
                .run_if(in_state(Screen::Network)),
        )
        .add_systems(OnEnter(Screen::Network), come_back)
        .add_systems(OnExit(Screen::Network), leave);
}

/// The network that the list of lessons leads to.
const FIRST: &str = "digits";

/// Opens the network that comes with the program, or takes up the one that was left.
fn open_first(
    mut commands: Commands,
    mut asked: MessageReader<ExploreNetwork>,
    settings: Res<Settings>,
    mut left: ResMut<LeftNetwork>,
    mut screen: ResMut<NextState<Screen>>,
    mut note: ResMut<LinkNote>,
    mut networks: MessageWriter<OpenNetwork>,
) {
    let again = match asked.read().last() {
        None => return,
        Some(ExploreNetwork::Digits) => None,
        Some(ExploreNetwork::Left) => left.0.take(),
    };
    if let Some(left) = again {
        commands.insert_resource(left);
        go_to(&mut screen, Screen::Network);
        return;
    }
    match network_file::view(FIRST) {
        Ok(Some(view)) => _ = networks.write(OpenNetwork(Box::new(view))),
        Ok(None) => {}
        Err(why) => note.tell(why.say(settings.language)),
    }
}

pub(super) fn open_network(
    mut commands: Commands,
    mut opened: MessageReader<OpenNetwork>,
    (now, mut screen): (Res<State<Screen>>, ResMut<NextState<Screen>>),
    present: Option<Res<NetworkExplorer>>,
    mut frames: MessageWriter<FrameBlocks>,
) {
    if let Some(OpenNetwork(view)) = opened.read().last() {
        if present.is_some_and(|present| present.view.name != view.name) {
            commands.queue(keep_left);
        }
        commands.insert_resource(NetworkExplorer::new((**view).clone()));
        // Elsewhere that is done on coming here.
        if *now.get() == Screen::Network {
            frames.write(FrameBlocks {
                blocks: Vec::new(),
                glide: false,
                at: None,
            });
        }
        go_to(&mut screen, Screen::Network);
    }
}

pub(super) fn handle(
    mut actions: MessageReader<NetworkAction>,
    explorer: Option<ResMut<NetworkExplorer>>,
    mut settings: ResMut<Settings>,
    mut frames: MessageWriter<FrameBlocks>,
    mut workbenches: MessageWriter<OpenWorkbench>,
    mut view_actions: MessageWriter<ViewAction>,
    mut shared: MessageWriter<SettingsAction>,
    (mut commands, mut screen): (Commands, ResMut<NextState<Screen>>),
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        let explorer = &mut *explorer;
        if let NetworkAction::Select(Some(_))
        | NetworkAction::Go(_)
        | NetworkAction::Step(_)
        | NetworkAction::Enter(_) = action
        {
            // What was told was of something else.
            explorer.note = None;
        }
        let mut go_to_selected = |explorer: &NetworkExplorer| {
            frames.write(FrameBlocks {
                blocks: explorer.view.selected().into_iter().collect(),
                glide: true,
                at: None,
            });
        };
        match action {
            NetworkAction::Select(block) => {
                if explorer.view.select(*block) && block.is_some() {
                    go_to_selected(explorer);
                }
            }
            NetworkAction::Go(block) => {
                explorer.view.select(Some(*block));
                go_to_selected(explorer);
            }
            NetworkAction::Step(forwards) => {
                explorer.view.step(*forwards);
                go_to_selected(explorer);
            }
            NetworkAction::Enter(block) => {
                explorer.view.select(Some(*block));
                if explorer.view.open(*block) {
                    let parent = explorer.view.path().last().map(|unit| unit.parts.clone());
                    let map = &explorer.view.staged().map;
                    let parts = parent.into_iter().flatten();
                    let blocks = parts.filter_map(|part| map.find(&part.name)).collect();
                    frames.write(FrameBlocks {
                        blocks,
                        glide: true,
                        at: None,
                    });
                } else if explorer.view.unit(*block).is_some() {
                    explorer.take_to_workbench(&mut workbenches, settings.language);
                }
            }
            NetworkAction::Out => {
                if explorer.view.close() {
                    go_to_selected(explorer);
                } else {
                    explorer.view.select(None);
                    frames.write(FrameBlocks {
                        blocks: Vec::new(),
                        glide: true,
                        at: None,
                    });
                }
            }
            NetworkAction::Undo(back) => {
                let open = |view: &NetworkView| -> Vec<String> {
                    view.open_units().map(str::to_owned).collect()
                };
                let before = open(&explorer.view);
                if *back {
                    explorer.view.undo();
                } else {
                    explorer.view.redo();
                }
                // Where a layer was edited, one stays with it.
                if before != open(&explorer.view) {
                    frames.write(FrameBlocks {
                        blocks: Vec::new(),
                        glide: true,
                        at: None,
                    });
                }
            }
            NetworkAction::Whole => {
                frames.write(FrameBlocks {
                    blocks: Vec::new(),
                    glide: true,
                    at: None,
                });
            }
            NetworkAction::Workbench => {
                explorer.take_to_workbench(&mut workbenches, settings.language)
            }
            NetworkAction::Measure(measure) => explorer.measure = *measure,
            NetworkAction::Layer(node) => explorer.view.choose_layer(*node),
            NetworkAction::EditLayer(node, edit) => {
                let edited = explorer.view.edit_layer(*node, edit);
                explorer.note = edited.err().map(|why| why.say(settings.language));
            }
            NetworkAction::Settle => explorer.view.settle(),
            NetworkAction::OwnWeights(node) => {
                let edited = explorer.view.own_weights(*node);
                explorer.note = edited.err().map(|why| why.say(settings.language));
            }
            NetworkAction::ResetLayer(node) => {
                let edited = explorer.view.reset_layer(*node);
                explorer.note = edited.err().map(|why| why.say(settings.language));
            }
            NetworkAction::ResetLayers => {
                let edited = explorer.view.reset_layers();
                explorer.note = edited.err().map(|why| why.say(settings.language));
            }
            NetworkAction::Channel(channel) => {
                explorer.view.show_channel(*channel);
                explorer.place = None;
            }
            NetworkAction::Place(place) => {
                let selected = explorer.view.selected();
                explorer.place = selected.map(|block| (block, *place));
                let block = selected.and_then(|block| explorer.map().blocks.get(block));
                let at = block.and_then(|block| block.front_cell(place[0], place[1]));
                frames.write(FrameBlocks {
                    blocks: selected.into_iter().collect(),
                    glide: true,
                    at: at.map(|(middle, _)| middle),
                });
            }
            NetworkAction::Feed(numbers) => {
                explorer.note = match explorer.view.feed(numbers.clone()) {
                    Ok(()) => None,
                    Err(why) => Some(why.say(settings.language)),
                };
            }
            NetworkAction::Preprocess(preprocess) => {
                let fed = explorer.view.set_preprocess(preprocess.clone());
                explorer.note = fed.err().map(|why| why.say(settings.language));
            }
            NetworkAction::Search(text) => explorer.search.clone_from(text),
            NetworkAction::Language(language) => {
                settings.language = *language;
                shared.write(SettingsAction::Language((*language).into()));
            }
            NetworkAction::ToggleStudio => _ = view_actions.write(ViewAction::ToggleStudio),
            NetworkAction::CopyLink => _ = view_actions.write(ViewAction::CopyLink),
            NetworkAction::ChooseFiles => _ = view_actions.write(ViewAction::ChooseFiles),
            NetworkAction::ToggleKeys => settings.keys_shown = !settings.keys_shown,
            NetworkAction::TogglePanels => explorer.panels = !explorer.panels,
            NetworkAction::Leave => {
                commands.queue(keep_left);
                commands.remove_resource::<Show>();
                go_to(&mut screen, Screen::Lessons);
            }
        }
    }
}

impl NetworkExplorer {
    /// Takes the layers that are looked at to the workbench.
    fn take_to_workbench(
        &mut self,
        workbenches: &mut MessageWriter<OpenWorkbench>,
        language: Language,
    ) {
        let selected = self.view.selected();
        if selected.and_then(|block| self.view.unit(block)).is_none() {
            self.note = Some(Word::ChooseFirst.text(language).to_owned());
            return;
        }
        match self.view.part(&self.folder) {
            Ok(setup) => {
                let part_field = self.view.part_field(&setup);
                workbenches.write(OpenWorkbench {
                    setup,
                    view: FirstView::default(),
                    pins: Vec::new(),
                    lesson: None,
                    part_field,
                    history: None,
                });
            }
            Err(why) => {
                let why = why.say(language);
                self.note = Some(format!("{}: {why}", Word::NoSteps.text(language)));
            }
        }
    }
}

/// Brings the show to what is open.
fn show(
    mut commands: Commands,
    explorer: Option<ResMut<NetworkExplorer>>,
    settings: Res<Settings>,
    (picture, letters): (Option<Res<ShownPicture>>, Option<Res<ShownLetters>>),
    show: Option<ResMut<Show>>,
    mut playhead: ResMut<Playhead>,
    mut frames: MessageWriter<FrameBlocks>,
) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let letters = letters.map_or_else(ShownLetters::default, |letters| *letters);
    let moved = explorer.letters != letters;
    if moved {
        explorer.letters = letters;
        explorer.view.set_letters(letters.part());
    }
    let wanted = (explorer.view.edition(), settings.language, settings.motion);
    let picture = picture.map_or_else(PictureShape::default, |picture| picture.0);
    // A workbench that is left twice takes the show away once more.
    if explorer.shown == Some(wanted) && explorer.picture == picture && show.is_some() {
        return;
    }
    if explorer.picture != picture || moved {
        explorer.picture = picture;
        // Everything stands elsewhere.
        frames.write(FrameBlocks {
            blocks: explorer.view.selected().into_iter().collect(),
            glide: false,
            at: None,
        });
    }
    let lesson = Arc::new(explorer.view.lesson());
    let (language, silent) = (settings.language, Speeches::new());
    let timeline = Timeline::in_picture(&lesson, language, &silent, picture);
    let timeline = Arc::new(timeline.with_motion(settings.motion));
    *playhead = Playhead::default();
    match show {
        Some(mut show) => show.replace(lesson, timeline),
        None => commands.insert_resource(Show::new(lesson, timeline)),
    }
    explorer.shown = Some(wanted);
}

/// Lights the block under the pointer, and the one that is looked at.
pub(super) fn light(
    explorer: Option<Res<NetworkExplorer>>,
    mut highlight: ResMut<NetworkHighlight>,
) {
    let Some(explorer) = explorer else {
        return;
    };
    let selected = explorer.view.selected();
    let place = explorer.place.filter(|(block, _)| Some(*block) == selected);
    highlight.set_if_neq(NetworkHighlight {
        hovered: explorer.hovered,
        selected,
        place: place.map(|(_, place)| place),
    });
}

/// Comes back from a layer on the workbench, to where one was.
fn come_back(explorer: Option<Res<NetworkExplorer>>, mut frames: MessageWriter<FrameBlocks>) {
    if let Some(explorer) = explorer {
        frames.write(FrameBlocks {
            blocks: explorer.view.selected().into_iter().collect(),
            glide: false,
            at: None,
        });
    }
}

fn leave(
    explorer: Option<ResMut<NetworkExplorer>>,
    mut highlight: ResMut<NetworkHighlight>,
    mut camera: ResMut<CameraMode>,
    mut commands: Commands,
) {
    if let Some(mut explorer) = explorer {
        explorer.shown = None;
    }
    // The wheel zooms as everywhere.
    commands.insert_resource(WheelZoom::default());
    *highlight = NetworkHighlight::default();
    *camera = CameraMode::Guided;
}
