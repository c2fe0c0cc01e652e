#!/usr/bin/env bash
# bevy_state: to set the state that is there already leaves it and enters it again.
#
# Version: bevy_state, bevy_app 0.19.1 (crates.io).
# Seen: after `NextState::set(Screen::Show)` in Screen::Show, OnExit(Show) and OnEnter(Show) run; after
#   `set_if_neq` neither does. On a `ResMut<NextState<_>>`, `set_if_neq(state)` does not compile: the method of
#   the same name for change detection comes first, and wants a whole NextState.
# One would guess otherwise: in earlier versions setting the same state did nothing, and a schedule called OnExit
#   reads as that of leaving. A system that shows something new and then names the screen for it has that screen's
#   clearing up run afterwards, a frame later: what it has just shown is gone, and nothing says why.
# Remedy: set_if_neq, through `&mut *next` where `next` is a ResMut.
#
# Output seen:
#   | set to another one: exit List, enter Show
#   | set to the same: exit Show, enter Show
#   | set_if_neq to the same: nothing
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.1.0"
edition = "2024"

[dependencies]
bevy_app = { version = "=0.19.1", default-features = false }
bevy_ecs = { version = "=0.19.1", default-features = false }
bevy_state = { version = "=0.19.1", default-features = false, features = ["bevy_app"] }
TOML
cat > "$work/src/main.rs" <<'RUST'
use bevy_app::App;
use bevy_ecs::prelude::*;
use bevy_state::app::{AppExtStates, StatesPlugin};
use bevy_state::prelude::*;

#[derive(States, Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Screen {
    #[default]
    List,
    Show,
}

#[derive(Resource, Default)]
struct Ran(Vec<&'static str>);

fn main() {
    let mut app = App::new();
    app.add_plugins(StatesPlugin)
        .init_state::<Screen>()
        .init_resource::<Ran>()
        .add_systems(OnExit(Screen::List), |mut ran: ResMut<Ran>| ran.0.push("exit List"))
        .add_systems(OnEnter(Screen::Show), |mut ran: ResMut<Ran>| ran.0.push("enter Show"))
        .add_systems(OnExit(Screen::Show), |mut ran: ResMut<Ran>| ran.0.push("exit Show"));
    app.update();
    let set: [(&str, fn(&mut NextState<Screen>)); 3] = [
        ("set to another one", |next| next.set(Screen::Show)),
        ("set to the same", |next| next.set(Screen::Show)),
        ("set_if_neq to the same", |next| next.set_if_neq(Screen::Show)),
    ];
    for (what, set) in set {
        app.world_mut().resource_mut::<Ran>().0.clear();
        set(&mut app.world_mut().resource_mut::<NextState<Screen>>());
        app.update();
        let ran = app.world().resource::<Ran>().0.join(", ");
        println!("{what}: {}", if ran.is_empty() { "nothing" } else { &ran });
    }
}
RUST
CARGO_TARGET_DIR=$work/target cargo run --quiet --manifest-path "$work/Cargo.toml" | tee "$work/seen"
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
