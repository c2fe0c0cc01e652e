// What all shaders of the stage know of the view, and the light that they have in common. It stands before each of
// them.

struct View {
    clip_from_world: mat4x4<f32>,
    // Parallel view: direction towards the viewer, w = 0. Perspective: the eye's place, w = 1.
    eye: vec4<f32>,
    // The floor's height, and how strongly it mirrors.
    floor: vec4<f32>,
    backdrop: vec4<f32>,
    floor_color: vec4<f32>,
    corner: vec4<f32>,
    // Width and height in pixels; whether cubes have no bevels, and no smooth silhouettes.
    size: vec4<f32>,
    wall: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;

const LIGHT: vec3<f32> = vec3(0.38, 0.78, 0.50);

fn linear(color: vec3<f32>) -> vec3<f32> {
    return pow(color, vec3(2.2));
}

// How much is to be seen of what is so high: what is mirrored fades with its depth below the floor.
fn reflected(height: f32) -> f32 {
    if height >= view.floor.x {
        return 1.0;
    }
    let depth = 1.0 - clamp((view.floor.x - height) / 4.5, 0.0, 1.0);
    return view.floor.y * depth * depth;
}

