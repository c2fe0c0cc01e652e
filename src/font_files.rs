//! The font files: medium letters for reading, bold ones for names and numbers. They are in the program, so
//! that a recording or a printed page never misses them; a web page brings the part of them that it needs.

#[cfg(not(target_family = "wasm"))]
mod built_in {
    /// The files: medium and bold.
    #[must_use]
    pub const fn get() -> [&'static [u8]; 2] {
        [
            include_bytes!("../assets/fonts/TensoramaSans-Medium.ttf"),
            include_bytes!("../assets/fonts/TensoramaSans-Bold.ttf"),
        ]
    }

    /// How much is in them: there is no more than this.
    #[must_use]
    pub const fn level() -> u32 {
        u32::MAX
    }
}

#[cfg(target_family = "wasm")]
mod brought {
    use std::cell::Cell;

    thread_local! {
        static FILES: Cell<(u32, [&'static [u8]; 2])> = const { Cell::new((0, [&[], &[]])) };
    }

    /// The files, medium and bold, as far as the page has brought them.
    #[must_use]
    pub fn get() -> [&'static [u8]; 2] {
        FILES.get().1
    }

    /// How much is in them.
    #[must_use]
    pub fn level() -> u32 {
        FILES.get().0
    }

    /// Takes files with more in them. They stay for as long as the page does, as those in a program would.
    pub fn put(level: u32, files: [&[u8]; 2]) {
        FILES.set((level, files.map(|file| &*file.to_vec().leak())));
    }
}

#[cfg(target_family = "wasm")]
pub use brought::{get, level, put};
#[cfg(not(target_family = "wasm"))]
pub use built_in::{get, level};
