//! Small pictures of lessons, for their list.

use std::path::Path;

use bevy_egui::egui;

use crate::disk;

/// Bytes of a picture, at most.
const MOST: u64 = 1 << 20;

/// Whether pictures come only after what they stand in, as on a page.
const COME_LATER: bool = cfg!(target_family = "wasm");

/// How large a picture is shown, in points.
pub(super) const SIZE: egui::Vec2 = egui::vec2(144.0, 81.0);

/// The picture of a lesson that is the file `NAME.ron`: `thumbnails/NAME-light.webp` beside it, or the dark
/// one. Nothing where there is none.
pub(super) fn thumbnail_ui(ui: &mut egui::Ui, lesson: &Path, dark: bool) {
    let theme = if dark { "dark" } else { "light" };
    let Some(name) = lesson.file_stem().map(|stem| stem.to_string_lossy()) else {
        return;
    };
    let file = lesson.with_file_name(format!("thumbnails/{name}-{theme}.webp"));
    let id = egui::Id::new(("thumbnail", &file));
    let known = ui.data(|data| data.get_temp::<Option<egui::TextureHandle>>(id));
    let texture = known.unwrap_or_else(|| {
        let texture = read(&file).map(|picture| {
            let name = file.display().to_string();
            ui.ctx()
                .load_texture(name, picture, egui::TextureOptions::LINEAR)
        });
        if texture.is_some() || !COME_LATER {
            ui.data_mut(|data| data.insert_temp(id, texture.clone()));
        }
        texture
    });
    if texture.is_none() && COME_LATER {
        ui.allocate_space(SIZE);
    }
    if let Some(texture) = texture {
        let image = egui::Image::new(egui::load::SizedTexture::new(&texture, SIZE));
        ui.add(image.corner_radius(8.0));
    }
}

fn read(file: &Path) -> Option<egui::ColorImage> {
    let bytes = disk::read(file, MOST).ok()?;
    let picture = image::load_from_memory(&bytes).ok()?.into_rgba8();
    let size = [picture.width() as usize, picture.height() as usize];
    Some(egui::ColorImage::from_rgba_unmultiplied(
        size,
        picture.as_raw(),
    ))
}
