//! Changes of what stands on the workbench, and of what is in the hand.

use bevy::prelude::*;

use super::action::{HandAction, SetupAction, Tab};
use super::session::Explorer;
use crate::explore::{Edit, Setup, opened};

impl Explorer {
    /// Puts what was pasted or dropped on the workbench, or says why it cannot be.
    pub(super) fn take(&mut self, made: Result<Setup, opened::OpenError>) {
        match made {
            Ok(setup) => {
                self.hand.paste_problem = None;
                self.bench.settle();
                self.bench.apply(Edit::Replace(Box::new(setup)));
                self.bench.settle();
            }
            Err(error) => {
                self.hand.paste_problem = Some(error);
                // That is told on a panel.
                self.hand.panels = true;
            }
        }
    }
}

/// Changes what stands on the workbench.
pub(super) fn handle_setup(
    mut actions: MessageReader<SetupAction>,
    explorer: Option<ResMut<Explorer>>,
) {
    let Some(mut explorer) = explorer else {
        actions.clear();
        return;
    };
    for action in actions.read() {
        match action {
            SetupAction::Edit(edit) => explorer.bench.apply(edit.clone()),
            SetupAction::Settle => explorer.bench.settle(),
            SetupAction::Undo => explorer.bench.undo(),
            SetupAction::Redo => explorer.bench.redo(),
            SetupAction::Paste(text) => {
                let made = opened::paste(text, explorer.bench.setup());
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
        let hand = &mut explorer.hand;
        match *action {
            HandAction::Pin(spot) => {
                hand.pin(spot);
                hand.tab = Tab::Element;
            }
            HandAction::Unpin => hand.pins.clear(),
            HandAction::Spread(spread) => hand.spread = spread.clamp(0.0, 8.0),
            HandAction::Slice(slice) => hand.slice = slice,
            HandAction::Tab(tab) => hand.tab = tab,
            HandAction::TogglePanels => hand.panels = !hand.panels,
            HandAction::FocusPaste => {
                hand.panels = true;
                explorer.focus_paste = true;
            }
            HandAction::PictureSize(width, height) => hand.picture = (width, height),
        }
    }
}

/// What an edit has taken away is not in the hand any more.
pub(super) fn let_go_of_what_is_gone(explorer: Option<ResMut<Explorer>>) {
    let Some(mut explorer) = explorer else {
        return;
    };
    if let Some(good) = explorer.bench.good().cloned()
        && explorer.hand.pins.iter().any(|spot| !good.exists(*spot))
    {
        explorer.hand.pins.retain(|spot| good.exists(*spot));
    }
}
