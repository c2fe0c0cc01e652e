#!/usr/bin/env bash
# bevy: types are registered for reflection where nobody has asked for it, and a program carries what that takes.
#
# Version: bevy 0.19.1 (crates.io).
# Seen: without default features, and so without `reflect_auto_register`, `bevy_reflect` has its feature
#   `auto_register_inventory` all the same, as soon as an engine's crate is there that depends on it with its default
#   features, as bevy_image, bevy_render, bevy_text and bevy_ui do. Each type that derives Reflect then hands in a
#   function before `main`, and the linker keeps all that it leads to. `App` has no use for the list without the feature.
#   With `reflect_auto_register_static`, and without the environment variable BEVY_REFLECT_AUTO_REGISTER_STATIC, nothing
#   is handed in.
# One would guess otherwise: `bevy` lists `reflect_auto_register` among what can be left out, and the other feature reads
#   as another way to have it. A page for the browser had 99,000 functions with it, and has 56,000 without.
# Remedy: the feature `reflect_auto_register_static`, where nothing asks for types by their names.
#
# Output seen:
#   | without default features: types in an App, fewer than 100; handed in for it, more than 100
#   | with reflect_auto_register_static: types in an App, fewer than 100; handed in for it, none
#   | the second program is smaller by more than a tenth: yes
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[features]
static = ["bevy/reflect_auto_register_static"]

[dependencies]
bevy = { version = "=0.19.1", default-features = false, features = ["std", "bevy_image"] }

[profile.release]
opt-level = "s"
strip = true
TOML
cat > "$work/src/main.rs" <<'RUST'
use bevy::app::App;
use bevy::ecs::reflect::AppTypeRegistry;
use bevy::reflect::TypeRegistry;

fn told(count: usize) -> &'static str {
    match count {
        0 => "none",
        1..=100 => "fewer than 100",
        _ => "more than 100",
    }
}

fn main() {
    let app = App::new();
    let known = app.world().resource::<AppTypeRegistry>().read().iter().count();
    let mut all = TypeRegistry::empty();
    all.register_derived_types();
    println!("types in an App, {}; handed in for it, {}", told(known), told(all.iter().count()));
    eprintln!("({known} and {})", all.iter().count());
}
RUST
export CARGO_TARGET_DIR=$work/target
seen() {
    cargo build --quiet --release --manifest-path "$work/Cargo.toml" "${@:3}"
    cp "$work/target/release/finding" "$work/$2"
    printf '%s: %s\n' "$1" "$("$work/$2")"
}
{
    seen "without default features" first
    seen "with reflect_auto_register_static" second --features static
    first=$(stat --format=%s "$work/first") second=$(stat --format=%s "$work/second")
    echo "($first and $second bytes)" >&2
    if ((second * 10 < first * 9)); then smaller=yes; else smaller=no; fi
    echo "the second program is smaller by more than a tenth: $smaller"
} | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
