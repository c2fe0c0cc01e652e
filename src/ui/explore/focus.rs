//! Which control has the keys, by name.

use bevy_egui::egui;

fn focus_id() -> egui::Id {
    egui::Id::new("workbench focus")
}

/// Remembers a control by name while it has the keys.
pub(in crate::ui) fn noted(ui: &egui::Ui, response: &egui::Response, name: &str) {
    if response.has_focus() {
        let focus = (response.id, name.to_owned());
        ui.data_mut(|data| data.insert_temp(focus_id(), focus));
    }
}

/// The name of the control that has the keys.
#[cfg(not(target_family = "wasm"))]
pub(super) fn focused(context: &egui::Context) -> Option<String> {
    let id = context.memory(egui::Memory::focused)?;
    let noted = context.data(|data| data.get_temp::<(egui::Id, String)>(focus_id()));
    noted
        .filter(|(noted, _)| *noted == id)
        .map_or(Some("?".to_owned()), |(_, name)| Some(name))
}
