//! `tensorama record`
use super::{Failure, find};
use clap::Args;
use std::sync::Arc;
use bevy::math::UVec2;
use crate::record::renderer::{Look, Renderer};
use crate::timeline::Timeline;
use crate::playback::Show;

/// x
#[derive(Debug, Args)]
pub struct RecordArgs {
    lesson: String,
    #[arg(long)]
    still: Vec<f64>,
}

/// x
///
/// # Errors
/// x
pub fn run(args: &RecordArgs) -> Result<(), Failure> {
    let lesson = find::find(&args.lesson)?.load()?;
    let speeches = crate::narration::estimated_speeches(&lesson, crate::lesson::Language::En);
    let timeline = Timeline::new(&lesson, crate::lesson::Language::En, &speeches);
    println!("{}", timeline.duration);
    let size = UVec2::new(1280, 720);
    let t=std::time::Instant::now();
    let mut r = Renderer::new(Show::new(Arc::new(lesson), Arc::new(timeline)), Look { size, studio: Default::default(), captions: true })?;
    println!("warm {:?}", t.elapsed());
    for (i, t) in args.still.iter().enumerate() {
        let p = r.draw(*t)?;
        image::save_buffer(format!("/tmp/still{i}.png"), &p, size.x, size.y, image::ExtendedColorType::Rgba8)?;
    }
    let t=std::time::Instant::now();
    for i in 0..60 { let p = r.draw(5.0 + i as f64/30.0)?; r.recycle(p); }
    println!("60 frames {:?} {:?}", t.elapsed(), r.spent);
    Ok(())
}
