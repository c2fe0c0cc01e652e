//! The engine's shaders that nothing on a page is drawn with. It looks through each line of them all the same, before the
//! first frame.

use std::path::{Path, PathBuf};

use bevy::asset::io::embedded::EmbeddedAssetRegistry;
use bevy::prelude::*;

/// Where they lie, and what stands there instead: of libraries their names, and of the view the one field that nodes on
/// the screen are drawn by.
const UNREAD: [(&str, &str); 9] = [
    (
        "bevy_render/view/view.wgsl",
        "#define_import_path bevy_render::view\nstruct View { clip_from_world: mat4x4<f32> }",
    ),
    (
        "bevy_render/maths.wgsl",
        "#define_import_path bevy_render::maths",
    ),
    (
        "bevy_render/color_operations.wgsl",
        "#define_import_path bevy_render::color_operations",
    ),
    (
        "bevy_render/bindless.wgsl",
        "#define_import_path bevy_render::bindless",
    ),
    (
        "bevy_render/globals.wgsl",
        "#define_import_path bevy_render::globals",
    ),
    (
        "bevy_render/occlusion_culling/mesh_preprocess_types.wgsl",
        "#define_import_path bevy_pbr::mesh_preprocess_types",
    ),
    ("bevy_ui_render/ui_texture_slice.wgsl", ""),
    ("bevy_ui_render/gradient.wgsl", ""),
    ("bevy_ui_render/box_shadow.wgsl", ""),
];

/// Puts them aside. After the plugins that bring them, and before a page's thread comes to load anything: where there is
/// another thread, that may be too late.
#[derive(Debug)]
pub(super) struct UnreadShaders;

impl Plugin for UnreadShaders {
    fn build(&self, app: &mut App) {
        let registry = app.world().resource::<EmbeddedAssetRegistry>();
        for (place, instead) in UNREAD {
            registry.insert_asset(PathBuf::new(), Path::new(place), instead.as_bytes());
        }
    }
}
