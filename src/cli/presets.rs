//! `tensorama list --presets`: the layers and networks that have a name.

use std::io::{self, BufWriter, Write};

use clap::Args;
use serde::Serialize;

use super::language::spoken;
use crate::language::Localized;
use crate::network::SHIPPED;
use crate::network::presets::{PRESETS, PresetSource};

/// Print the presets.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct PresetsArgs {
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

#[derive(Serialize)]
struct Line {
    name: &'static str,
    source: PresetSource,
    about: &'static str,
    layer: &'static str,
    input: &'static str,
}

/// Prints the presets to standard output.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &PresetsArgs) -> io::Result<()> {
    print(args, &mut BufWriter::new(io::stdout().lock()))
}

/// As [`run`], with the text going to `out`.
///
/// # Errors
/// When `out` cannot be written.
pub fn print(args: &PresetsArgs, out: &mut impl Write) -> io::Result<()> {
    if args.json {
        let lines = PRESETS.map(|preset| Line {
            name: preset.name,
            source: preset.source,
            about: preset.about,
            layer: preset.notation,
            input: preset.input,
        });
        serde_json::to_writer(&mut *out, &lines[..])?;
        writeln!(out)?;
        return out.flush();
    }
    let width = PRESETS
        .iter()
        .map(|preset| preset.name.len())
        .max()
        .unwrap_or(0);
    let mut source = None;
    for preset in &PRESETS {
        if source != Some(preset.source) {
            source = Some(preset.source);
            let title = match preset.source {
                PresetSource::AnimatedAi => "Animated AI (animatedai.github.io)",
                PresetSource::ConvArithmetic => "conv_arithmetic (vdumoulin/conv_arithmetic)",
                PresetSource::ConvArithmeticNumeric => "conv_arithmetic, with numbers",
            };
            writeln!(out, "{title}")?;
        }
        let (name, input) = (preset.name, preset.input);
        writeln!(
            out,
            "  {name:width$}  {input:7}  {}  ({})",
            preset.notation, preset.about
        )?;
    }
    let title = Localized::new("Networks", "ネットワーク");
    writeln!(out, "{}", title.choose(spoken()))?;
    for network in &SHIPPED {
        let (name, input, about) = (network.name, network.input, network.about.choose(spoken()));
        writeln!(out, "  {name:width$}  {input:7}  {about}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_listed() {
        for json in [false, true] {
            let mut out = Vec::new();
            print(&PresetsArgs { json }, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(PRESETS.iter().all(|preset| text.contains(preset.name)));
        }
    }
}
