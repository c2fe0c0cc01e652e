// Numbers on faces, from a strip of glyphs. It stands before the shaders that write some.

// Each texel holds what the field is there, right of there, below, and right below: one look is enough to blend
// the four, which on a processor costs half of what a sampler does.
@group(0) @binding(1) var digits: texture_2d<f32>;

fn field_at(at: vec2<f32>) -> f32 {
    let size = vec2<f32>(textureDimensions(digits));
    let texel = at * size - 0.5;
    let first = clamp(floor(texel), vec2(0.0), size - 1.0);
    let part = clamp(texel - first, vec2(0.0), vec2(1.0));
    let four = textureLoad(digits, vec2<u32>(first), 0);
    let rows = mix(four.xz, four.yw, part.x);
    return mix(rows.x, rows.y, part.y);
}

// How broad a glyph of a number is, on a face of which this is half the breadth and height.
fn glyph_width(glyphs: u32, half_face: vec2<f32>) -> f32 {
    return min(0.60 * half_face.y, 1.72 * half_face.x / f32(glyphs & 15u));
}

// A colour with a number on it, so far right of and above the number's middle; a glyph is so broad, in the same unit and in
// pixels. What is too small to be read is not written.
fn numbered(color: vec3<f32>, glyphs: u32, from_middle: vec2<f32>, width: f32, pixels: f32, opacity: f32) -> vec3<f32> {
    let count = glyphs & 15u;
    let readable = smoothstep(6.0, 9.0, pixels);
    let x = from_middle.x / width + f32(count) * 0.5;
    let y = 0.5 - from_middle.y / (width * 1.6);
    if count == 0u || readable <= 0.0 || x <= 0.0 || x >= f32(count) || y <= 0.0 || y >= 1.0 {
        return color;
    }
    let place = u32(clamp(x, 0.0, f32(count) - 0.01));
    let glyph = (glyphs >> (4u + 4u * place)) & 15u;
    let at = vec2((f32(glyph) + fract(x)) / 16.0, y);
    let field = field_at(at);
    // The field spans eight of the 40 texels of a glyph's width.
    let soft = clamp(2.5 / pixels, 0.02, 0.5);
    let ink = smoothstep(0.5 - soft, 0.5 + soft, field) * readable * opacity;
    let luminance = dot(color, vec3(0.21, 0.72, 0.07));
    let paint = select(vec3(0.96), vec3(0.015, 0.018, 0.03), luminance > 0.2);
    return mix(color, paint, ink);
}

