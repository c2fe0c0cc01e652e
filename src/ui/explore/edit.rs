//! Changes of what stands on the workbench, and of what is in the hand.

use bevy::prelude::*;

use super::action::{HandAction, SetupAction, Tab};
use super::session::Explorer;
use crate::disk::Reach;
use crate::explore::{Edit, ElementRef, Kind, Setup, opened};
use crate::op::Layer;
use crate::ui::Library;

impl Explorer {
    /// Puts what was pasted or dropped on the workbench, or says why it cannot be.
    pub(super) fn take(&mut self, made: Result<Setup, opened::OpenError>) {
        match made {
            Ok(setup) => {
                self.interaction.paste_problem = None;
                self.workbench.settle();
                self.workbench.apply(Edit::Replace(Box::new(setup)));
                self.workbench.settle();
                // It may stand where panels are.
                self.fit = true;
            }
            Err(error) => {
                self.interaction.paste_problem = Some(error);
                // That is told on a panel.
                self.interaction.panels = true;
            }
        }
    }
}

/// Changes what stands on the workbench.
pub(super) fn handle_setup(
    mut actions: MessageReader<SetupAction>,
    explorer: Option<ResMut<Explorer>>,
    library: Option<Res<Library>>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        match action {
            SetupAction::Edit(edit) => explorer.workbench.apply(edit.clone()),
            SetupAction::Settle => explorer.workbench.settle(),
            SetupAction::Undo => explorer.workbench.undo(),
            SetupAction::Redo => explorer.workbench.redo(),
            SetupAction::Paste(text) => {
                let reach = library
                    .as_ref()
                    .map_or_else(Reach::default, |it| it.reach());
                let made = super::drop::pasted(text, explorer.workbench.setup(), reach);
                explorer.take(made);
            }
        }
    }
}

/// Changes what is pinned and shown beside the setup.
pub(super) fn handle_hand(
    mut actions: MessageReader<HandAction>,
    explorer: Option<ResMut<Explorer>>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        let interaction = &mut explorer.interaction;
        match *action {
            HandAction::Pin(element_ref) => {
                interaction.pin(element_ref);
                interaction.tab = Tab::Element;
            }
            HandAction::Unpin => interaction.pins.clear(),
            HandAction::Spread(spread) => interaction.spread = spread.clamp(0.0, 8.0),
            HandAction::Slice(slice) => interaction.slice = slice,
            HandAction::Tab(tab) => interaction.tab = tab,
            HandAction::TogglePanels => interaction.panels = !interaction.panels,
            HandAction::ToggleArithmetic => interaction.arithmetic = !interaction.arithmetic,
            HandAction::FocusPaste => {
                interaction.panels = true;
                explorer.focus_paste = true;
            }
            HandAction::PictureSize(width, height) => interaction.picture = (width, height),
        }
    }
}

/// What an edit has taken away is not in the hand any more, nor what belonged to a layer of another kind.
pub(super) fn let_go_of_what_is_gone(explorer: Option<ResMut<Explorer>>) {
    let Some(mut explorer) = explorer else {
        return;
    };
    let Some(valid) = explorer.workbench.valid().cloned() else {
        return;
    };
    let kinds: Vec<Kind> = valid.setup.layers.iter().map(Layer::kind).collect();
    let before = explorer.kinds.as_deref().unwrap_or(&kinds);
    let pins = explorer.interaction.pins.iter().copied();
    let kept: Vec<ElementRef> = pins
        .filter(|pin| valid.exists(*pin) && pin.stays(before, &kinds))
        .collect();
    if kept.len() < explorer.interaction.pins.len() {
        explorer.interaction.pins = kept;
    }
    if explorer.kinds.as_ref() != Some(&kinds) {
        explorer.kinds = Some(kinds);
    }
}
