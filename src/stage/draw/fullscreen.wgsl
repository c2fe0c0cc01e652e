// A triangle that covers the picture: its corners lie at (-1, 1), (-1, -3) and (3, 1) of clip space, so that
// the picture's own corners are at 0 and 1 of `uv`.
#define_import_path bevy_core_pipeline::fullscreen_vertex_shader

struct FullscreenVertexOutput {
    @builtin(position)
    position: vec4<f32>,
    @location(0)
    uv: vec2<f32>,
};

@vertex
fn fullscreen_vertex_shader(@builtin(vertex_index) corner: u32) -> FullscreenVertexOutput {
    let uv = vec2(f32(corner / 2u), f32(corner % 2u)) * 2.0;
    return FullscreenVertexOutput(vec4(2.0 * uv.x - 1.0, 1.0 - 2.0 * uv.y, 0.0, 1.0), uv);
}
