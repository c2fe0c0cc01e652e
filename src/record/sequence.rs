//! Draws the frames of times that follow one another: the driver draws one while the next is prepared.

use super::pixels::{FramePixels, PixelFormat};
use super::renderer::{RenderError, Renderer};
use crate::timeline::Sample;

/// A frame of a sequence.
pub enum Frame {
    /// Its pixels.
    New(FramePixels),
    /// Each pixel is that of the frame before.
    Again,
}

/// Frames in the order of their times.
pub struct Sequence<'a> {
    renderer: &'a mut Renderer,
    pixel_format: PixelFormat,
    last: Option<Sample>,
    drawing: Option<Drawing>,
}

/// A frame that the driver draws.
struct Drawing {
    /// A sequence begins with a picture, whatever was drawn before it.
    is_first: bool,
    /// How many frames after it show the same.
    repeats: u64,
}

impl<'a> Sequence<'a> {
    /// A sequence that is empty yet.
    ///
    /// # Errors
    /// [`RenderError::Stopped`], where the driver fails.
    pub fn begin(
        renderer: &'a mut Renderer,
        pixel_format: PixelFormat,
    ) -> Result<Self, RenderError> {
        renderer.let_go()?;
        Ok(Self {
            renderer,
            pixel_format,
            last: None,
            drawing: None,
        })
    }

    /// Adds the frame of a time, in seconds, which shows `sample`. Those that are done by then are handed on.
    ///
    /// # Errors
    /// A driver that fails, and what handing on fails by.
    pub fn add<E: From<RenderError>>(
        &mut self,
        time: f64,
        sample: Sample,
        hand_on: &mut dyn FnMut(Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(drawing) = &mut self.drawing
            && self.last.as_ref() == Some(&sample)
        {
            drawing.repeats += 1;
            return Ok(());
        }
        self.renderer.begin(self.pixel_format, time)?;
        let next = Drawing {
            is_first: self.last.replace(sample).is_none(),
            repeats: 0,
        };
        match self.drawing.replace(next) {
            Some(before) => self.hand_on(&before, hand_on),
            None => Ok(()),
        }
    }

    /// Hands on what is not yet.
    ///
    /// # Errors
    /// As [`Sequence::add`].
    pub fn finish<E: From<RenderError>>(
        mut self,
        hand_on: &mut dyn FnMut(Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.drawing.take() {
            Some(last) => self.hand_on(&last, hand_on),
            None => Ok(()),
        }
    }

    fn hand_on<E: From<RenderError>>(
        &mut self,
        drawing: &Drawing,
        hand_on: &mut dyn FnMut(Frame) -> Result<(), E>,
    ) -> Result<(), E> {
        let (frame_pixels, is_repeat) = self.renderer.finish()?;
        if is_repeat && !drawing.is_first {
            self.renderer.recycle(frame_pixels);
            hand_on(Frame::Again)?;
        } else {
            hand_on(Frame::New(frame_pixels))?;
        }
        (0..drawing.repeats).try_for_each(|_| hand_on(Frame::Again))
    }
}
